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
    /** Authenticates requests. Called by `restrictTo`. */
    readonly authentication: Authentication
  }
}

/** Dependencies of authentication. */
export interface AuthenticationOptions {
  readonly database: Database
  readonly authenticators: Authenticators
  readonly sessions: SessionCheck
  readonly rateLimits: RateLimits
  readonly revocations: Revocations
}

/** Authenticates requests. `restrictTo` decides which routes require it, and which actors they accept. */
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
   * Authenticates a request, and counts it for its account.
   *
   * @throws {ProblemError} 401 for an invalid credential; 429 when the caller, or the address, fails or calls too often
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

  /** Gives a request its database handle, if its credential is still valid. @throws {ProblemError} 401 */
  async admit(request: FastifyRequest, actor: Actor): Promise<void> {
    await this.#requireStanding(actor)
    bindTenant(request, this.#options.database.tenant(actor.userId, actor))
  }

  /** @returns whether the credential cannot have ended since it was checked */
  isFresh(request: FastifyRequest): boolean {
    const verdict = verdictOf(request)
    if (!verdict) return false
    const { actor, since } = verdict
    const { revocations } = this.#options
    return revocations.isFresh(actor.userId, since) && (actor.kind === 'key' || actor.expiresAt > Date.now())
  }

  /**
   * The credential was valid when the headers came: its end in the meantime is not a guess, and is not counted. @throws
   * {ProblemError} 401
   */
  async checkAgain(request: FastifyRequest): Promise<void> {
    const since = performance.now()
    const actor = await this.#authenticate(credentialOf(request))
    await this.#requireStanding(actor)
    noteVerdict(request, { actor, since })
  }

  /** @throws {ProblemError} 401 for an invalid credential; `#requireStanding` checks whether its session has ended */
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
   * An access token of ours outlives its session and its account; lists would then look empty and things missing. Keys are
   * deleted with the account; identities are looked up as keys are, also those behind tickets.
   */
  async #requireStanding(actor: Actor): Promise<void> {
    if (actor.kind === 'key' || actor.credential.kind !== 'session') return
    await this.#options.sessions.requireActive(actor.userId, actor.credential.id)
  }
}
