import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Database } from '../../db/client.js'
import type { Actor } from '../actors/actor.js'
import { bindTenant, noteVerdict, verdictOf } from '../actors/request-actor.js'
import { badToken } from '../credentials/errors.js'
import type { Revocations } from '../credentials/revocations.js'
import type { RateLimits } from '../rate-limits/rate-limits.js'
import type { Authenticators, SessionCheck } from './authenticator.js'
import { type Credential, credentialOf, EXAMPLE } from './credential.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Finds out who calls. `restrictTo` asks for that. */
    readonly authentication: Authentication
  }
}

/** What finding out who calls takes. */
export interface AuthenticationOptions {
  readonly database: Database
  readonly authenticators: Authenticators
  readonly sessions: SessionCheck
  readonly rateLimits: RateLimits
  readonly revocations: Revocations
}

/** Finds out who calls. Which routes ask for that, and of whom, is up to `restrictTo`. */
export const authentication = fp(
  async (app: FastifyInstance, options: AuthenticationOptions) => {
    app.decorate('authentication', new Authentication(options))
  },
  { name: 'authentication', dependencies: ['request-actor'] },
)

class Authentication {
  readonly #options: AuthenticationOptions

  constructor(options: AuthenticationOptions) {
    this.#options = options
  }

  /**
   * Finds out who sent a request, and counts it as theirs.
   *
   * @throws {ProblemError} 401 when the credential is not good; 429 when the caller, or the address, fails or asks too often
   */
  async identify(request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
    const { rateLimits } = this.#options
    const since = performance.now()
    const credential = credentialOf(request)
    const lookedUp = credential.kind === 'key' ? credential.text : undefined
    const actor = await rateLimits.guard(request, reply, lookedUp, () => this.#authenticate(credential))
    await rateLimits.countRequest(reply, actor)
    noteVerdict(request, { actor, since })
    return actor
  }

  /** Gives a request its handle of the database, if the caller still stands. @throws {ProblemError} 401 */
  async admit(request: FastifyRequest, actor: Actor): Promise<void> {
    await this.#requireStanding(actor)
    bindTenant(request, this.#options.database.tenant(actor.userId, actor))
  }

  /** @returns whether nothing can have ended the credential since it was checked */
  isFresh(request: FastifyRequest): boolean {
    const verdict = verdictOf(request)
    if (!verdict) return false
    const { actor, since } = verdict
    const { revocations } = this.#options
    return revocations.isFresh(actor.userId, since) && (actor.kind === 'key' || actor.expiresAt > Date.now())
  }

  /** It was good when the headers came: that it is not any longer is no guess, and is not counted. @throws {ProblemError} 401 */
  async checkAgain(request: FastifyRequest): Promise<void> {
    const since = performance.now()
    const actor = await this.#authenticate(credentialOf(request))
    await this.#requireStanding(actor)
    noteVerdict(request, { actor, since })
  }

  /** @throws {ProblemError} 401 when it is not good; whether its session has ended is up to `#requireStanding` */
  #authenticate({ kind, text }: Credential): Actor | Promise<Actor> {
    const { apiKey, accessToken, streamTicket, openIdToken } = this.#options.authenticators
    switch (kind) {
      case 'ticket':
        return streamTicket.authenticate(text)
      case 'key':
        return apiKey.authenticate(text)
      case 'quoted':
        throw badToken('invalid_api_key', `The API key stands in quotes: send it without them. ${EXAMPLE}`)
      case 'token':
        return openIdToken?.handles(text) ? openIdToken.authenticate(text) : accessToken.authenticate(text)
    }
  }

  /**
   * A token of ours outlives its session, and its account, whose lists would look empty and whose things missing. Keys go
   * with it; identities are looked up as keys are, also those that tickets stand for.
   */
  async #requireStanding(actor: Actor): Promise<void> {
    if (actor.kind === 'key' || actor.credential.kind !== 'session') return
    await this.#options.sessions.requireActive(actor.userId, actor.credential.id)
  }
}
