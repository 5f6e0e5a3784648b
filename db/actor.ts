/**
 * The actor of a statement, which need not be the account that the statement reaches. No code may assume that the actor owns
 * the rows.
 */
export type Actor = PersonActing | KeyActing | ServiceActing

/** A signed-in user. */
export interface PersonActing {
  readonly kind: 'user'
  /** UUID of the person. */
  readonly userId: string
  readonly credential: SessionCredential | IdentityCredential
}

/** The session that a token of ours belongs to. */
export interface SessionCredential {
  readonly kind: 'session'
  readonly id: string
}

/** A user of an OpenID provider, by the provider's token. */
export interface IdentityCredential {
  readonly kind: 'identity'
  /** SHA-256 of issuer and subject, in hex. */
  readonly hash: string
}

/** An API key, which an agent uses. */
export interface KeyActing {
  readonly kind: 'key'
  /** UUID of the user who minted the key. */
  readonly userId: string
  readonly keyId: string
  /** The display prefix of the key: enough to tell keys apart, useless to a thief. */
  readonly keyPrefix: string
  /** Hash of the secret that was shown: the key's current one, or a replaced one in its grace period. */
  readonly secretHash: string
  /** The only run that the key is valid for; undefined for an unbound key. */
  readonly instanceId: string | undefined
}

/** The service itself, on behalf of the account. */
export interface ServiceActing {
  readonly kind: 'service'
}

/** The service itself, as an actor. */
export const SERVICE: ServiceActing = { kind: 'service' }

/** @returns the only run that this actor reaches; undefined for all runs of the account */
export function boundTo(actor: Actor): string | undefined {
  return actor.kind === 'key' ? actor.instanceId : undefined
}

/** @returns the user who authors what this actor writes; null for a key and for the service */
export function senderOf(actor: Actor): string | null {
  return actor.kind === 'user' ? actor.userId : null
}
