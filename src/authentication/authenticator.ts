import type { Actor, KeyActor, UserActor } from '../actors/actor.js'

/** Authenticates credentials of one kind. */
export interface Authenticator<A extends Actor = Actor> {
  /** @throws {ProblemError} 401 for an invalid credential, 503 when that cannot be determined */
  authenticate(credential: string): A | Promise<A>
}

/** Tokens of an OpenID provider have the same form as ours: the issuer that they claim tells them apart. */
export interface OpenIdAuthenticator extends Authenticator<UserActor> {
  /** @returns whether this authenticator, not the one for our own access tokens, is responsible for the token */
  handles(token: string): boolean
}

/** One authenticator for each kind of credential. */
export interface Authenticators {
  readonly apiKey: Authenticator<KeyActor>
  readonly accessToken: Authenticator<UserActor>
  readonly streamTicket: Authenticator<UserActor>
  /** Absent unless an OpenID provider is configured. */
  readonly openIdToken: OpenIdAuthenticator | undefined
}

/** Access tokens of ours outlive their session. */
export interface SessionCheck {
  /** @throws {ProblemError} 401 when the session, or its account, is gone */
  requireActive(userId: string, sessionId: string): Promise<unknown>
}
