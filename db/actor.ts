/**
 * Who acts: not the same as whose rows a statement reaches. Nothing may assume that the one who acts owns the rows.
 */
export type Actor = PersonActing | KeyActing | ServiceActing

/** A person who is signed in. */
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

/** Somebody at an OpenID provider, whose token it is. */
export interface IdentityCredential {
  readonly kind: 'identity'
  /** SHA-256 of issuer and subject, in hex. */
  readonly hash: string
}

/** An API key, which an agent acts with. */
export interface KeyActing {
  readonly kind: 'key'
  /** UUID of the user who minted the key. */
  readonly userId: string
  readonly keyId: string
  /** The beginning of the key, as lists show it: enough to tell keys apart, and of no use to a thief. */
  readonly keyPrefix: string
  /** Of the secret that was shown: the key's, or one that was replaced and has its grace period. */
  readonly secretHash: string
  /** The only run that the key is for; undefined for a key that is not bound. */
  readonly instanceId: string | undefined
}

/** The service itself, on behalf of the account. */
export interface ServiceActing {
  readonly kind: 'service'
}

/** The service itself, as an actor. */
export const SERVICE: ServiceActing = { kind: 'service' }

/** @returns the only run that this actor reaches; undefined for all of the account's */
export function boundTo(actor: Actor): string | undefined {
  return actor.kind === 'key' ? actor.instanceId : undefined
}

/** @returns the person who wrote what this actor writes; null for a key and for the service */
export function senderOf(actor: Actor): string | null {
  return actor.kind === 'user' ? actor.userId : null
}
