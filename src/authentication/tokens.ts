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

/** `ext`: the person's id at the OpenID provider; `until`: when the token that asked for the ticket ends, in milliseconds. */
interface TicketClaims {
  readonly sub: string
  readonly sid?: string
  readonly ext?: string
  readonly until: number
}

/** Seconds that an access token is good for. */
export const ACCESS_TOKEN_LIFETIME = 15 * 60

/** Seconds that a stream ticket is good for: enough to open the stream. */
export const STREAM_TICKET_LIFETIME = 60

/** A ticket names another audience than an access token does, so neither is good for what the other is for. */
const TICKET_AUDIENCE = 'signalbox streams'

/** Access tokens whose signatures are not computed again. */
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
        // The library compares issuer and audience only where they stand.
        requiredClaims: ['sub', 'sid', 'exp', 'iss', 'aud'],
        // Tokens that were found to be good; whether they have expired is checked each time.
        cache: VERIFIED_TOKENS,
      },
    })
  },
  { name: 'json-web-tokens' },
)

/** Our own tokens for people. Whether their sessions have ended is checked apart. */
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

/** People of an OpenID provider, for whom tickets stand as well. */
export interface TicketIdentities {
  /** @returns by what a person of the provider is known here; undefined when the account is not theirs, or not any more */
  findHash(userId: string, subject: string): Promise<string | undefined>
}

/** What opens a stream, and nothing else, on a person's behalf. */
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
    // The token that asked for it may end before the ticket does.
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
