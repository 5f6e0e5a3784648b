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

/** Settings of the rate limits, their storage, and the secret that hashes their subjects. */
export interface RateLimitOptions {
  readonly config: Pick<Config, 'RATE_LIMIT_MAX' | 'RATE_LIMIT_AUTH_MAX' | 'RATE_LIMIT_STORE'>
  readonly database: Database
  /** Key of the hashes that identify callers; the same on every replica. */
  readonly secret: string
}

/** Milliseconds between sweeps of windows that have ended. */
const SWEEP_INTERVAL = 60_000

/** 401s that are no sign of guessing: no credential, or one that was valid once. */
const HARMLESS = ['missing_credentials', 'token_expired', 'account_gone', 'session_ended']

/** Refreshes of one session per minute: many more than the tabs of a browser need. */
const REFRESH_MAX = 60

/** Password changes of an account in the window below: each keeps a core busy for a while. */
const PASSWORD_CHANGES_MAX = 5

const TOO_MANY_CHANGES = 'The password was changed too often'

/** Window for password changes, in milliseconds. */
const PASSWORD_CHANGES_WINDOW = 10 * 60_000

/** Builds the limits, and sweeps their store for as long as the app runs. */
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
 * Two limits. An authenticated caller is counted by account, whatever the address and however many keys and sessions it uses:
 * each of those would otherwise be a further limit. A failed authentication is counted by address and, with an API key, by its
 * display prefix: guessing from many addresses is slow too.
 *
 * Other callers at the address of a guesser are not blocked: an access token is verified without the database, so a valid one
 * always passes; an API key or refresh token that was valid lately is still looked up, while one that this process has never
 * seen has to wait for the next minute, because only the refused query could tell it from a guess.
 *
 * Guesses at one password are counted as well, from all addresses, and cause a backoff; a session has a limit on refreshes, and
 * an account on password changes. These limits hold whatever the settings say.
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

  /** Counts a request of an authenticated caller. @throws {ProblemError} 429 */
  async countRequest(reply: FastifyReply, { userId }: { readonly userId: string }): Promise<void> {
    if (this.#requests) enforce(reply, await this.#requests.hit([this.#subject('account', userId)]))
  }

  /**
   * Authenticates a caller, and counts failures.
   *
   * @param credential an API key or refresh token, which needs a database query. Access tokens need none, and are always
   *   checked
   * @throws {ProblemError} 429 instead of the failure, after too many failures
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

  /** @returns a hook for routes that check passwords: it counts every attempt before anything is read */
  countAttempts(): onRequestAsyncHookHandler {
    return (request, reply) => this.countAttempt(request, reply)
  }

  /** Counts a sign-in attempt, successful or not. @throws {ProblemError} 429 */
  async countAttempt(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (this.#attempts) enforce(reply, await this.#attempts.hit(this.#subjects(request)))
  }

  /**
   * Counts a guess at a password before it is checked.
   *
   * @param subject the account, and the identity that guesses its password
   * @throws {ProblemError} 429 during a backoff
   */
  async countGuess(subject: string): Promise<void> {
    const remaining = await this.#backoff.attempt(this.#subject('guess', subject))
    if (remaining > 0) throw rateLimited('Too many wrong passwords', Math.ceil(remaining / 1000))
  }

  /** Resets the count after a correct password. */
  forgiveGuesses(subject: string): Promise<void> {
    return this.#backoff.forgive(this.#subject('guess', subject))
  }

  /** Counts a refresh of a session. @throws {ProblemError} 429 */
  async countRefresh(sessionId: string): Promise<void> {
    const { isExceeded, resetsIn } = await this.#refreshes.hit([this.#subject('session', sessionId)])
    if (isExceeded) throw rateLimited('This session is refreshed too often', resetsIn)
  }

  /** Refuses a password change beyond the limit, before anything is hashed. @throws {ProblemError} 429 */
  refusePasswordChange(userId: string): void {
    const refusal = this.#passwordChanges.refusal([this.#subject('password', userId)])
    if (refusal) throw rateLimited(TOO_MANY_CHANGES, refusal.resetsIn)
  }

  /** Counts a password change by a caller that knows the password. @throws {ProblemError} 429 */
  async countPasswordChange(userId: string): Promise<void> {
    const { isExceeded, resetsIn } = await this.#passwordChanges.hit([this.#subject('password', userId)])
    if (isExceeded) throw rateLimited(TOO_MANY_CHANGES, resetsIn)
  }

  /** Records a credential that was just created or verified. */
  noteVerified(credential: string): void {
    if (this.#attempts) this.#verified.add(credential)
  }

  #subjects(request: FastifyRequest, credential?: string): string[] {
    const address = this.#subject('address', normalizeIP(request.ip))
    const isApiKey = credential !== undefined && looksLikeApiKey(credential)
    return isApiKey ? [address, this.#subject('prefix', displayPrefix(credential))] : [address]
  }

  /** A hash: it reveals no caller, and has a fixed length whatever a proxy sends as an address. */
  #subject(kind: string, id: string): string {
    return createHmac('sha256', this.#secret).update(`rate limit ${kind} ${id}`).digest('base64url')
  }
}

function isFailedAuthentication(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401 && !HARMLESS.includes(error.code)
}

/** Sets the rate-limit headers. Source: draft-ietf-httpapi-ratelimit-headers-06. @throws {ProblemError} 429 */
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
