import type { Actor, KeyActor, UserActor } from '../actors/actor.js'

/** Finds out who a credential of one kind stands for. */
export interface Authenticator<A extends Actor = Actor> {
  /** @throws {ProblemError} 401 when the credential is not good, 503 when that cannot be found out */
  authenticate(credential: string): A | Promise<A>
}

/** Tokens of an OpenID provider have the form of ours: the issuer that they claim tells them apart. */
export interface OpenIdAuthenticator extends Authenticator<UserActor> {
  /** @returns whether it is this one, and not that of our own access tokens, that judges the token */
  handles(token: string): boolean
}

/** One for each kind of credential. */
export interface Authenticators {
  readonly apiKey: Authenticator<KeyActor>
  readonly accessToken: Authenticator<UserActor>
  readonly streamTicket: Authenticator<UserActor>
  /** Absent unless an OpenID provider is configured. */
  readonly openIdToken: OpenIdAuthenticator | undefined
}

/** A token of ours outlives its session. */
export interface SessionCheck {
  /** @throws {ProblemError} 401 when the session, or its account, is gone */
  requireActive(userId: string, sessionId: string): Promise<unknown>
}
