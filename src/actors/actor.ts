import type { KeyActing, PersonActing } from '../../db/actor.js'
import type { KeyScope } from '../../schemas/api-keys.js'

/** A person, by access token. */
export interface UserActor extends PersonActing {
  /** The person's id at the OpenID provider, if the token is from there. */
  readonly subject?: string | undefined
  /** When the person signed in at the OpenID provider, if its token says so. */
  readonly authenticatedAt?: Date | undefined
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** An agent, by API key. */
export interface KeyActor extends KeyActing {
  readonly scopes: readonly KeyScope[]
}

/** Who calls. */
export type Actor = UserActor | KeyActor

/** @returns the session that a caller's access token belongs to; none for keys and for tokens of an OpenID provider */
export function sessionIdOf(actor: Actor): string | undefined {
  return actor.kind === 'user' && actor.credential.kind === 'session' ? actor.credential.id : undefined
}
