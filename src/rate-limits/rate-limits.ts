import { createHmac } from 'node:crypto'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { Database } from '../../db/client.js'
import type { Config } from '../config.js'
import { displayPrefix, looksLikeApiKey } from '../credentials/api-key.js'
import { ProblemError } from '../errors.js'
import type { Lifecycle } from '../lifecycle.js'
import { type Backoff, MemoryBackoff, PostgresBackoff } from './backoff.js'
import { Limiter, type RateLimitStatus } from './limiter.js'
import { PostgresStore } from './postgres-store.js'
import { MemoryStore } from './store.js'
import { VerifiedCredentials } from './verified-credentials.js'

/** Settings of the rate limits, where they are kept, and the secret that hashes what is counted. */
export interface RateLimitOptions {
  readonly config: Pick<Config, 'RATE_LIMIT_MAX' | 'RATE_LIMIT_AUTH_MAX' | 'RATE_LIMIT_STORE'>
  readonly database: Database
  /** Keys the hashes under which callers are counted; the same on every replica. */
  readonly secret: string
}

/** Milliseconds between sweeps of windows that have ended. */
const SWEEP_INTERVAL = 60_000

/** 401s that are no sign of guessing: nothing was shown, or something that was good once. */
const HARMLESS = ['missing_credentials', 'token_expired', 'account_gone', 'session_ended']

/** Refreshes of one session in a minute: many more than the tabs of a browser need. */
const REFRESH_MAX = 60

/** Changes of an account's password in the time that follows: each keeps a core busy for a while. */
const PASSWORD_CHANGES_MAX = 5

const TOO_MANY_CHANGES = 'The password was changed too often'

/** Milliseconds in which changes of a password are counted together. */
const PASSWORD_CHANGES_WINDOW = 10 * 60_000

/** Builds the limits, and sweeps what their store keeps for as long as the app runs. */
export function buildRateLimits(app: Lifecycle, { config, database, secret }: RateLimitOptions): RateLimits {
  const isShared = config.RATE_LIMIT_STORE === 'postgres'
  const shared = isShared ? new PostgresStore(database) : undefined
  const sharedBackoff = isShared ? new PostgresBackoff(database) : undefined
  const store = shared ?? new MemoryStore()
  const changes = isShared
    ? new PostgresStore(database, PASSWORD_CHANGES_WINDOW)
    : new MemoryStore(undefined, PASSWORD_CHANGES_WINDOW)
  const limiter = (max: number) => (max > 0 ? new Limiter(store, max) : undefined)
  if (shared && sharedBackoff) {
    const sweep = () => {
      Promise.all([shared.sweep(), sharedBackoff.sweep()]).catch((error) =>
        app.log.warn({ err: error }, 'ended rate limit windows were not swept'),
      )
    }
    const timer = setInterval(sweep, SWEEP_INTERVAL)
    timer.unref()
    app.addHook('onClose', async () => clearInterval(timer))
  }
  return new RateLimits({
    requests: limiter(config.RATE_LIMIT_MAX),
    attempts: limiter(config.RATE_LIMIT_AUTH_MAX),
    refreshes: new Limiter(store, REFRESH_MAX),
    passwordChanges: new Limiter(changes, PASSWORD_CHANGES_MAX),
    backoff: sharedBackoff ?? new MemoryBackoff(),
    secret,
  })
}

interface Parts {
  readonly requests: Limiter | undefined
  readonly attempts: Limiter | undefined
  readonly refreshes: Limiter
  readonly passwordChanges: Limiter
  readonly backoff: Backoff
  readonly secret: string
}

/**
 * Two limits. Whoever is known is counted by their account, whatever their address and with however many keys and sessions
 * they come: each of those would be a further limit. Whoever is not is counted by address
 * while they try to become known and, with an API key, by its display prefix: guessing from many addresses is slow too.
 *
 * Others at the address of somebody who guesses can go on: an access token is verified without the database, so a good
 * one always passes; an API key or refresh token that was good lately is still looked up, while one that this process
 * has never seen has to wait for the next minute, because nothing tells it from a guess but the query that it may not
 * have.
 *
 * Guesses at one password are counted as well, whatever the addresses that they come from, and cost pauses; a session has
 * a limit of its own for being refreshed, and an account for changes of its password. All of them hold whatever the settings say.
 */
export class RateLimits {
  readonly #requests: Limiter | undefined
  readonly #attempts: Limiter | undefined
  readonly #refreshes: Limiter
  readonly #passwordChanges: Limiter
  readonly #backoff: Backoff
  readonly #verified = new VerifiedCredentials()
  readonly #secret: string

  constructor({ requests, attempts, refreshes, passwordChanges, backoff, secret }: Parts) {
    this.#requests = requests
    this.#attempts = attempts
    this.#refreshes = refreshes
    this.#passwordChanges = passwordChanges
    this.#backoff = backoff
    this.#secret = secret
  }

  /** Counts a request of a caller who is known. @throws {ProblemError} 429 */
  async countRequest(reply: FastifyReply, { userId }: { readonly userId: string }): Promise<void> {
    if (this.#requests) enforce(reply, await this.#requests.hit([this.#subject('account', userId)]))
  }

  /**
   * Finds out who calls, and counts it when that fails.
   *
   * @param credential what is looked up in the database: an API key or a refresh token. Access tokens cost no query, and
   *   are always checked
   * @throws {ProblemError} 429 instead of the failure, when there were too many of them
   */
  async guard<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    credential: string | undefined,
    check: () => T | Promise<T>,
  ) {
    if (!this.#attempts) return check()
    const subjects = () => this.#subjects(request, credential)
    const isSuspect = credential !== undefined && !this.#attempts.isQuiet
    const refusal = isSuspect ? this.#attempts.refusal(subjects()) : undefined
    if (refusal && credential !== undefined && !this.#verified.has(credential)) enforce(reply, refusal)
    try {
      const found = await check()
      if (credential !== undefined) this.noteVerified(credential)
      return found
    } catch (error) {
      if (!isFailedAuthentication(error)) throw error
      if (credential !== undefined) this.#verified.delete(credential)
      enforce(reply, await this.#attempts.hit(subjects()))
      throw error
    }
  }

  /** @returns a hook for routes that check passwords: it counts every attempt, before anything is read */
  countAttempts(): onRequestAsyncHookHandler {
    return (request, reply) => this.countAttempt(request, reply)
  }

  /** Counts an attempt to sign in, whether or not it succeeds. @throws {ProblemError} 429 */
  async countAttempt(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (this.#attempts) enforce(reply, await this.#attempts.hit(this.#subjects(request)))
  }

  /**
   * Counts a guess at a password before it is checked.
   *
   * @param subject whose password, and as whom it is guessed
   * @throws {ProblemError} 429 while there is a pause
   */
  async countGuess(subject: string): Promise<void> {
    const remaining = await this.#backoff.attempt(this.#subject('guess', subject))
    if (remaining > 0) throw rateLimited('Too many wrong passwords', Math.ceil(remaining / 1000))
  }

  /** The guess was right. */
  forgiveGuesses(subject: string): Promise<void> {
    return this.#backoff.forgive(this.#subject('guess', subject))
  }

  /** Counts a refresh of a session. @throws {ProblemError} 429 */
  async countRefresh(sessionId: string): Promise<void> {
    const { isExceeded, resetsIn } = await this.#refreshes.hit([this.#subject('session', sessionId)])
    if (isExceeded) throw rateLimited('This session is refreshed too often', resetsIn)
  }

  /** Refuses who has changed the password too often, before anything is hashed. @throws {ProblemError} 429 */
  refusePasswordChange(userId: string): void {
    const refusal = this.#passwordChanges.refusal([this.#subject('password', userId)])
    if (refusal) throw rateLimited(TOO_MANY_CHANGES, refusal.resetsIn)
  }

  /** Counts a change of the password by somebody who knows it. @throws {ProblemError} 429 */
  async countPasswordChange(userId: string): Promise<void> {
    const { isExceeded, resetsIn } = await this.#passwordChanges.hit([this.#subject('password', userId)])
    if (isExceeded) throw rateLimited(TOO_MANY_CHANGES, resetsIn)
  }

  /** Notes a credential that was just made, or found to be good. */
  noteVerified(credential: string): void {
    if (this.#attempts) this.#verified.add(credential)
  }

  #subjects(request: FastifyRequest, credential?: string): string[] {
    const address = this.#subject('address', normalizeIP(request.ip))
    const isApiKey = credential !== undefined && looksLikeApiKey(credential)
    return isApiKey ? [address, this.#subject('prefix', displayPrefix(credential))] : [address]
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
export function enforce(reply: FastifyReply, { limit, remaining, resetsIn, isExceeded }: RateLimitStatus): void {
  reply.headers({ 'ratelimit-limit': limit, 'ratelimit-remaining': remaining, 'ratelimit-reset': resetsIn })
  if (!isExceeded) return
  throw rateLimited('Too many requests', resetsIn)
}

function rateLimited(what: string, seconds: number): ProblemError {
  return new ProblemError('rate_limited', `${what}; try again in ${seconds} s`, {
    headers: { 'retry-after': String(seconds) },
  })
}
