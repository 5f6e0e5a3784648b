import type { Database } from '../../../db/client.js'
import { DatabaseUnavailableError, isClientTimeout, isStatementTimeout } from '../../../db/errors.js'
import type { Log } from '../../logging/log.js'
import { dispatchPage, leaveOut, type Outcome, type StepOptions } from './dispatch-page.js'
import { findProgress } from './log.js'

/** Revisions that one transaction turns into deliveries. */
const PAGE = 100

/** Times that a single revision is tried that cannot be turned into deliveries. */
const ATTEMPTS = 3

/** Milliseconds until an account that another process is at is looked at again. */
const BUSY_DELAY = 100

/** Milliseconds that an account with more to tell waits after a step at most. */
const LONGEST_PAUSE = 1_000

/** Accounts that one process reads at once. */
const CONCURRENCY = 4

/** What `Dispatcher` works with. */
export interface DispatcherOptions extends StepOptions {
  readonly database: Database
  readonly log: Log
  /** Milliseconds between reconcile passes: the longest that a lost hint delays a delivery. */
  readonly reconcileInterval: number
}

/** How an account's log is read after something in it could not be turned into deliveries. */
interface Trouble {
  /** Revisions that are tried at once. */
  readonly page: number
  /** How often a single one has failed. */
  readonly failures: number
}

/**
 * Turns what happens in accounts into deliveries. It reads the log of an account from where it was read last, and in one
 * transaction stores deliveries with their jobs and how far it has come: if this process dies, nothing is left out and nothing
 * is made twice. Writers of the log do nothing for it.
 *
 * A step is bounded in revisions and in bytes. One that fails is made smaller; a single revision that fails again and again
 * is left out, so that what comes after it is told.
 *
 * Accounts take turns of one step: one that always has more to tell holds up no other.
 *
 * Hints say when to look; a reconcile pass finds what they have missed. Every process does this: the first one locks.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  /** Accounts that have webhooks, as far as this process knows. */
  #accounts = new Set<string>()
  /** Accounts to be read, in the order of their turns; those whose turn has come stand in `#reading`. */
  readonly #queued = new Set<string>()
  readonly #reading = new Map<string, Promise<void>>()
  /** Of those being read, the ones in which something has happened since their turn began. */
  readonly #again = new Set<string>()
  /** Accounts that another process is at, or that were read just now, until they are looked at again. */
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

  /** Something has happened in an account. */
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

  /** Behind the others, if there is something left to do, and after a pause as long as the step: it is in nobody's way. */
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

  /** @throws what is not up to the account's events, or may pass */
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

/** Whether a step may have failed by what is in it, such as too much for the time that a statement has. */
function mayBeUpToEvents(error: unknown): boolean {
  return !(error instanceof DatabaseUnavailableError) || isStatementTimeout(error) || isClientTimeout(error)
}
