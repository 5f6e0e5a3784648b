import jwt, { type JWT } from '@fastify/jwt'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { UserActor } from '../actors/actor.js'
import { badToken, expiredToken, refusedToken } from '../credentials/errors.js'
import type { Authenticator } from './authenticator.js'

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sub: string; sid: string } | TicketClaims
    user: { sub: string; sid: string; exp: number }
  }
}

/**
 * `ext`: the person's id at the OpenID provider; `until`: when the token that the ticket was issued for expires, in
 * milliseconds.
 */
interface TicketClaims {
  readonly sub: string
  readonly sid?: string
  readonly ext?: string
  readonly until: number
}

/** Lifetime of an access token, in seconds. */
export const ACCESS_TOKEN_LIFETIME = 15 * 60

/** Lifetime of a stream ticket, in seconds: enough to open the stream. */
export const STREAM_TICKET_LIFETIME = 60

/** Tickets and access tokens have different audiences, so neither is accepted in place of the other. */
const TICKET_AUDIENCE = 'signalbox streams'

/** Size of the cache of verified access tokens. */
const VERIFIED_TOKENS = 10_000

/** Signs and verifies with the service's secret, as `app.jwt`. */
export const jsonWebTokens = fp(
  async (app: FastifyInstance, { secret }: { secret: string }) => {
    // HS256 is pinned: a token that names another algorithm, or none, is refused before its signature is looked at.
    await app.register(jwt, {
      secret,
      sign: { algorithm: 'HS256', iss: 'signalbox', aud: 'signalbox', expiresIn: ACCESS_TOKEN_LIFETIME },
      verify: {
        algorithms: ['HS256'],
        allowedIss: 'signalbox',
        allowedAud: 'signalbox',
        // The library compares issuer and audience only if the token has them.
        requiredClaims: ['sub', 'sid', 'exp', 'iss', 'aud'],
        // Cache of verified tokens; their expiry is checked each time.
        cache: VERIFIED_TOKENS,
      },
    })
  },
  { name: 'json-web-tokens' },
)

/** Our own access tokens for users. Whether their sessions have ended is checked separately. */
export class AccessTokens implements Authenticator<UserActor> {
  readonly #jwt: JWT

  constructor(jwt: JWT) {
    this.#jwt = jwt
  }

  sign(userId: string, sessionId: string): string {
    return this.#jwt.sign({ sub: userId, sid: sessionId })
  }

  /** @throws {ProblemError} 401 */
  authenticate(token: string): UserActor {
    try {
      const { sub, sid, exp } = this.#jwt.verify<{ sub: string; sid: string; exp: number }>(token)
      return { kind: 'user', userId: sub, credential: { kind: 'session', id: sid }, expiresAt: exp * 1000 }
    } catch (cause) {
      throw refusedToken(cause)
    }
  }
}

/** Users of an OpenID provider, which tickets can be issued for as well. */
export interface TicketIdentities {
  /**
   * @returns the hash of the identity of a user of the provider; undefined when it does not, or no longer, belong to the
   *   account
   */
  findHash(userId: string, subject: string): Promise<string | undefined>
}

/** Tickets, which open a stream for a user, and nothing else. */
export class StreamTickets implements Authenticator<UserActor> {
  readonly #jwt: JWT
  readonly #identities: TicketIdentities | undefined

  constructor(jwt: JWT, identities: TicketIdentities | undefined) {
    this.#jwt = jwt
    this.#identities = identities
  }

  sign({ userId, subject, credential, expiresAt }: UserActor): string {
    return this.#jwt.sign(
      {
        sub: userId,
        until: expiresAt,
        ...(subject === undefined ? {} : { ext: subject }),
        ...(credential.kind === 'session' ? { sid: credential.id } : {}),
      },
      { aud: TICKET_AUDIENCE, expiresIn: STREAM_TICKET_LIFETIME },
    )
  }

  /** @throws {ProblemError} 401 */
  async authenticate(ticket: string): Promise<UserActor> {
    const { sub, sid, ext, until } = this.#read(ticket)
    // The token that the ticket was issued for may expire before the ticket does.
    if (until <= Date.now()) throw expiredToken()
    if (sid !== undefined) {
      return { kind: 'user', userId: sub, credential: { kind: 'session', id: sid }, expiresAt: until }
    }
    const hash = ext === undefined ? undefined : await this.#identities?.findHash(sub, ext)
    if (hash === undefined) throw badToken('invalid_token', 'The ticket is not valid')
    return { kind: 'user', userId: sub, credential: { kind: 'identity', hash }, subject: ext, expiresAt: until }
  }

  #read(ticket: string): TicketClaims {
    try {
      return this.#jwt.verify<TicketClaims>(ticket, {
        allowedAud: TICKET_AUDIENCE,
        requiredClaims: ['sub', 'exp', 'iss', 'aud', 'until'],
      })
    } catch (cause) {
      throw refusedToken(cause)
    }
  }
}
