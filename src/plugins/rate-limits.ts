import { createHmac } from 'node:crypto'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../config.js'
import { ProblemError } from '../errors.js'
import { displayPrefix } from '../modules/api-keys/key.js'
import { Limiter, type Standing } from '../modules/rate-limits/limiter.js'
import { PostgresStore } from '../modules/rate-limits/postgres-store.js'
import { MemoryStore } from '../modules/rate-limits/store.js'
import { Vouched } from '../modules/rate-limits/vouched.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly rateLimits: RateLimits
  }
}

export interface RateLimitOptions {
  readonly config: Pick<Config, 'RATE_LIMIT_MAX' | 'RATE_LIMIT_AUTH_MAX' | 'RATE_LIMIT_STORE'>
  /** Keys the hashes under which callers are counted; the same on every replica. */
  readonly secret: string
}

/** Milliseconds between sweeps of windows that have ended. */
const SWEEP_INTERVAL = 60_000

/** 401s that are no sign of guessing: nothing was shown, or something that was good once. */
const HARMLESS = ['missing_credentials', 'token_expired', 'account_gone']

export const rateLimits = fp(
  async (app: FastifyInstance, { config, secret }: RateLimitOptions) => {
    const shared = config.RATE_LIMIT_STORE === 'postgres' ? new PostgresStore(app.database) : undefined
    const store = shared ?? new MemoryStore()
    const limiter = (max: number) => (max > 0 ? new Limiter(store, max) : undefined)
    app.decorate(
      'rateLimits',
      new RateLimits(limiter(config.RATE_LIMIT_MAX), limiter(config.RATE_LIMIT_AUTH_MAX), secret),
    )
    if (!shared) return
    const sweep = () => {
      shared.sweep().catch((error) => app.log.warn({ err: error }, 'ended rate limit windows were not swept'))
    }
    const timer = setInterval(sweep, SWEEP_INTERVAL)
    timer.unref()
    app.addHook('onClose', async () => clearInterval(timer))
  },
  { name: 'rate-limits', dependencies: ['database'] },
)

/**
 * Two limits. Whoever is known is counted by their account, whatever their address and with however many keys and sessions
 * they come: each of those would be a further limit. Whoever is not is counted by address
 * while they try to become known and, with an API key, by its display prefix: guessing from many addresses is slow too.
 *
 * Others at the address of somebody who guesses can go on: an access token is verified without the database, so a good
 * one always passes; an API key or refresh token that was good lately is still looked up, while one that this process
 * has never seen has to wait for the next minute, because nothing tells it from a guess but the query that it may not
 * have.
 */
class RateLimits {
  readonly #requests: Limiter | undefined
  readonly #attempts: Limiter | undefined
  readonly #vouched = new Vouched()
  readonly #secret: string

  constructor(requests: Limiter | undefined, attempts: Limiter | undefined, secret: string) {
    this.#requests = requests
    this.#attempts = attempts
    this.#secret = secret
  }

  /** Counts a request of a caller who is known. @throws {ProblemError} 429 */
  async countRequest(reply: FastifyReply, { userId }: { readonly userId: string }): Promise<void> {
    if (this.#requests) answer(reply, await this.#requests.hit([this.#subject('account', userId)]))
  }

  /**
   * Finds out who calls, and counts it when that fails.
   *
   * @param apiKey the credential, if it is an API key; access tokens cost no query and are always checked
   * @throws {ProblemError} 429 instead of the failure, when there were too many of them
   */
  async guard<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    apiKey: string | undefined,
    check: () => T | Promise<T>,
  ) {
    if (!this.#attempts) return check()
    const isSuspect = apiKey !== undefined && !this.#attempts.isQuiet
    const refusal = isSuspect ? this.#attempts.refusal(this.#subjects(request, apiKey)) : undefined
    if (refusal && apiKey !== undefined && !this.#vouched.has(apiKey)) answer(reply, refusal)
    try {
      const found = await check()
      if (apiKey !== undefined) this.vouchFor(apiKey)
      return found
    } catch (error) {
      if (!isFailedAuthentication(error)) throw error
      if (apiKey !== undefined) this.#vouched.delete(apiKey)
      answer(reply, await this.#attempts.hit(this.#subjects(request, apiKey)))
      throw error
    }
  }

  /**
   * @param credentialOf reads the credential that may be vouched for; without one nobody is excepted
   * @returns a hook for routes that check credentials themselves: it counts every attempt, before anything is read
   */
  countAttempts(credentialOf?: (request: FastifyRequest) => string | undefined): onRequestAsyncHookHandler {
    return async (request, reply) => {
      if (!this.#attempts) return
      const standing = await this.#attempts.hit(this.#subjects(request))
      const credential = credentialOf?.(request)
      if (credential !== undefined && this.#vouched.has(credential)) return
      answer(reply, standing)
    }
  }

  /** Notes a credential that was just made, or found to be good. */
  vouchFor(credential: string): void {
    if (this.#attempts) this.#vouched.add(credential)
  }

  #subjects(request: FastifyRequest, apiKey?: string): string[] {
    const address = this.#subject('address', normalizeIP(request.ip))
    return apiKey === undefined ? [address] : [address, this.#subject('prefix', displayPrefix(apiKey))]
  }

  /** Nobody can be read out of it, and it has one length whatever a proxy takes for an address. */
  #subject(kind: string, id: string): string {
    return createHmac('sha256', this.#secret).update(`rate limit ${kind} ${id}`).digest('base64url')
  }
}

function isFailedAuthentication(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401 && !HARMLESS.includes(error.code)
}

/** Tells where the caller stands. Source: draft-ietf-httpapi-ratelimit-headers-06. @throws {ProblemError} 429 */
function answer(reply: FastifyReply, { limit, remaining, resetsIn, isExceeded }: Standing): void {
  reply.headers({ 'ratelimit-limit': limit, 'ratelimit-remaining': remaining, 'ratelimit-reset': resetsIn })
  if (!isExceeded) return
  throw new ProblemError('rate_limited', `Too many requests; try again in ${resetsIn} s`, {
    headers: { 'retry-after': String(resetsIn) },
  })
}
