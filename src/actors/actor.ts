import type { KeyActing, PersonActing } from '../../db/actor.js'
import type { KeyScope } from '../../schemas/api-keys.js'

/** A person, by access token. */
export interface UserActor extends PersonActing {
  /** The person's id at the OpenID provider, for a token of the provider. */
  readonly subject?: string | undefined
  /** When the person signed in at the OpenID provider, if the token has it. */
  readonly authenticatedAt?: Date | undefined
  /** When the token expires, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** An agent, by API key. */
export interface KeyActor extends KeyActing {
  readonly scopes: readonly KeyScope[]
}

/** The actor of a request: a user or a key. */
export type Actor = UserActor | KeyActor

/** @returns the session of an access token; none for keys and for tokens of an OpenID provider */
export function sessionIdOf(actor: Actor): string | undefined {
  return actor.kind === 'user' && actor.credential.kind === 'session' ? actor.credential.id : undefined
}
