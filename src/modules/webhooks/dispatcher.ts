import type { Database } from '../../../db/client.js'
import { DatabaseUnavailableError, isClientTimeout, isStatementTimeout } from '../../../db/errors.js'
import type { Log } from '../../logging/log.js'
import { dispatchPage, leaveOut, type Outcome, type StepOptions } from './dispatch-page.js'
import { findProgress } from './log.js'

/** Revisions that one transaction turns into deliveries. */
const PAGE = 100

/** Attempts at a single revision that cannot be turned into deliveries. */
const ATTEMPTS = 3

/** Milliseconds until an account that another process has locked is tried again. */
const BUSY_DELAY = 100

/** The longest pause, in milliseconds, after a step of an account with more to dispatch. */
const LONGEST_PAUSE = 1_000

/** Accounts that one process reads concurrently. */
const CONCURRENCY = 4

/** The dependencies of `Dispatcher`. */
export interface DispatcherOptions extends StepOptions {
  readonly database: Database
  readonly log: Log
  /** Milliseconds between reconcile passes: the longest that a lost hint delays a delivery. */
  readonly reconcileInterval: number
}

/** How an account's log is read after a step of it has failed. */
interface Trouble {
  /** Revisions per step. */
  readonly page: number
  /** How often a single one has failed. */
  readonly failures: number
}

/**
 * Turns the changes of accounts into deliveries. It reads the log of an account from its cursor, and in one transaction
 * stores deliveries with their jobs and the new cursor: if this process dies, nothing is left out and nothing is made
 * twice. Writers of the log have no work with it.
 *
 * A step is bounded in revisions and in bytes. One that fails is made smaller; a single revision that fails again and
 * again is left out, so that later ones are dispatched.
 *
 * Accounts take turns of one step: an account that always has more to dispatch does not block the others.
 *
 * Hints say which account to read; a reconcile pass finds lost ones. Every process does this: the first one locks.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  /** Accounts that have webhooks, as far as this process knows. */
  #accounts = new Set<string>()
  /** Accounts to be read, in the order of their turns; `#reading` has the ones under way. */
  readonly #queued = new Set<string>()
  readonly #reading = new Map<string, Promise<void>>()
  /** Of those being read, the ones that have changed since their turn began. */
  readonly #again = new Set<string>()
  /** Accounts that another process has locked, or that were read just now, until their next turn. */
  readonly #later = new Map<string, NodeJS.Timeout>()
  readonly #troubles = new Map<string, Trouble>()
  #timer: NodeJS.Timeout | undefined
  #reconciling: Promise<void> | undefined
  #closed = false

  constructor(options: DispatcherOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => this.#reconcile(), this.#options.reconcileInterval)
    this.#timer.unref()
    this.#reconcile()
  }

  /** The account has a webhook from now on. */
  watch(userId: string): void {
    this.#accounts.add(userId)
  }

  /** An account has changed. */
  hint(userId: string): void {
    if (this.#accounts.has(userId)) this.#queue(userId)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    for (const timer of this.#later.values()) clearTimeout(timer)
    this.#queued.clear()
    await Promise.all([this.#reconciling, ...this.#reading.values()])
  }

  #queue(userId: string): void {
    if (this.#closed || this.#later.has(userId)) return
    if (this.#reading.has(userId)) this.#again.add(userId)
    else this.#queued.add(userId)
    this.#next()
  }

  #next(): void {
    for (const userId of this.#queued) {
      if (this.#reading.size >= CONCURRENCY) return
      this.#queued.delete(userId)
      this.#again.delete(userId)
      const since = performance.now()
      const reading = this.#stepOrLess(userId)
        .catch((error) => this.#options.log.warn({ err: error }, 'webhooks lag; the reconcile pass will try again'))
        .then((outcome) => {
          this.#reading.delete(userId)
          if (outcome) this.#queueAgain(userId, outcome, performance.now() - since)
          this.#next()
        })
      this.#reading.set(userId, reading)
    }
  }

  /**
   * Queues the account behind the others, if it has more to dispatch, after a pause as long as the step, so that it
   * does not block them.
   */
  #queueAgain(userId: string, outcome: Outcome, took: number): void {
    if (this.#closed) return
    if (outcome === 'busy') this.#queueLater(userId, BUSY_DELAY)
    else if (outcome === 'more' || this.#again.has(userId)) this.#queueLater(userId, Math.min(took, LONGEST_PAUSE))
  }

  #queueLater(userId: string, delay: number): void {
    const timer = setTimeout(() => {
      this.#later.delete(userId)
      this.#queue(userId)
    }, delay)
    this.#later.set(userId, timer)
  }

  /** @throws errors that the account's events did not cause, or that may pass */
  async #stepOrLess(userId: string): Promise<Outcome> {
    const tenant = this.#options.database.tenant(userId)
    const progress = await findProgress(tenant)
    if (!progress || progress.revision >= progress.end) return 'done'
    const { page, failures } = this.#troubles.get(userId) ?? { page: PAGE, failures: 0 }
    try {
      const outcome = await dispatchPage(tenant, progress, page, this.#options)
      if (page * 2 < PAGE) this.#troubles.set(userId, { page: page * 2, failures: 0 })
      else this.#troubles.delete(userId)
      return outcome
    } catch (error) {
      if (!mayBeUpToEvents(error)) throw error
      if (page > 1) {
        this.#troubles.set(userId, { page: Math.floor(page / 2), failures: 0 })
        return 'more'
      }
      this.#troubles.set(userId, { page, failures: failures + 1 })
      if (failures + 1 < ATTEMPTS) throw error
      await leaveOut(tenant, progress.revision, this.#options.log)
      this.#troubles.set(userId, { page, failures: 0 })
      return 'more'
    }
  }

  #reconcile(): void {
    this.#reconciling ??= this.#findBehind()
      .catch((error) => this.#options.log.warn({ err: error }, 'the reconcile pass failed; it runs again in a moment'))
      .finally(() => {
        this.#reconciling = undefined
      })
  }

  async #findBehind(): Promise<void> {
    const [result] = await this.#options.database.errands().run([BEHIND])
    const accounts = (result?.rows ?? []).map(({ user_id, is_behind }) => ({
      userId: String(user_id),
      isBehind: is_behind,
    }))
    this.#accounts = new Set(accounts.map(({ userId }) => userId))
    for (const { userId, isBehind } of accounts) if (isBehind) this.#queue(userId)
  }
}

const BEHIND = {
  sql: `select c.user_id, c.revision < k.revision as is_behind
    from webhook_cursors c
    cross join lateral (select revision from account_clocks where user_id = c.user_id offset 0) as k`,
  parameters: [],
}

/** Whether the step's events may have caused the failure, such as by too much work for the statement timeout. */
function mayBeUpToEvents(error: unknown): boolean {
  return !(error instanceof DatabaseUnavailableError) || isStatementTimeout(error) || isClientTimeout(error)
}
