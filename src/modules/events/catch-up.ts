import { KeyedSemaphore } from '../../../db/keyed-semaphore.js'
import { LARGE, largeWork } from '../../limits/turns.js'
import type { Log } from '../../logging/log.js'
import type { Change } from '../account-log/changes.js'
import { isPassing, type LogReader } from '../account-log/log-reader.js'
import type { Page } from '../account-log/pages.js'
import type { FeedSubscriber } from './feed-subscriber.js'
import { covers, PageCache } from './page-cache.js'

/** Accounts whose logs are read concurrently for readers that have missed changes. */
const AT_ONCE = 4

/** Shared by all accounts that catch up in this process: the turns at the database, and the cached pages. */
export class CatchUps {
  readonly pageCache = new PageCache()
  readonly log: Log
  readonly #semaphore = new KeyedSemaphore(AT_ONCE)

  constructor(log: Log) {
    this.log = log
  }

  /** A turn is one page: an account with a long history blocks the others for no longer. */
  takeTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#semaphore.take('', undefined, work)
  }
}

/** The feed, as `CatchUp` uses it. */
export interface Host {
  /** @returns whether the reader took all of them; if not, it has no room, or it is gone */
  deliver(subscriber: FeedSubscriber, changes: readonly Change[]): boolean
  /** Adds a reader to the feed if the feed still has everything after its position. @returns whether it had */
  join(subscriber: FeedSubscriber): boolean
  /** The account is gone. */
  endAll(): void
}

/**
 * The readers of an account that have missed changes. They take turns: one page at a time is read for all of them
 * together, and delivered to every subscriber whose position it covers.
 */
export class CatchUp {
  readonly #host: Host
  readonly #logReader: LogReader
  readonly #shared: CatchUps
  /** In the order of their turns. */
  readonly #waiting = new Set<FeedSubscriber>()
  readonly #stalled = new Set<FeedSubscriber>()
  #running = false

  constructor(host: Host, logReader: LogReader, shared: CatchUps) {
    this.#host = host
    this.#logReader = logReader
    this.#shared = shared
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#stalled.size === 0
  }

  get subscribers(): FeedSubscriber[] {
    return [...this.#waiting, ...this.#stalled]
  }

  add(subscriber: FeedSubscriber): void {
    this.#waiting.add(subscriber)
    this.run()
  }

  /** The reader has no room, and calls `resume` when it has. */
  stall(subscriber: FeedSubscriber): void {
    this.#waiting.delete(subscriber)
    this.#stalled.add(subscriber)
  }

  /** A reader that had no room has some. */
  resume(subscriber: FeedSubscriber): void {
    if (!this.#stalled.delete(subscriber)) return
    this.#waiting.add(subscriber)
    if (!this.#host.join(subscriber)) this.run()
  }

  delete(subscriber: FeedSubscriber): void {
    this.#waiting.delete(subscriber)
    this.#stalled.delete(subscriber)
    if (this.isIdle) this.#shared.pageCache.dropAll(this)
  }

  /** Continues after the database was not available, or after a reader failed to say that it has room. */
  reconcile(): void {
    for (const subscriber of [...this.#stalled]) if (subscriber.hasRoom()) this.resume(subscriber)
    this.run()
  }

  run(): void {
    if (this.#running) return
    this.#work().catch((error) => {
      this.#shared.log.warn({ err: error }, 'live views lag; the reconcile pass will try again')
    })
  }

  async #work(): Promise<void> {
    this.#running = true
    try {
      for (let subscriber = first(this.#waiting); subscriber; subscriber = first(this.#waiting)) {
        const kept = this.#shared.pageCache.find(this, subscriber)
        if (kept) this.#fanOut(kept)
        else await this.#readFor(subscriber)
      }
    } finally {
      this.#running = false
    }
  }

  async #readFor(subscriber: FeedSubscriber): Promise<void> {
    try {
      const page = await this.#shared.takeTurn(() => this.#logReader.read(subscriber.position, subscriber.instanceId))
      if (page && page.bytes >= LARGE) await largeWork.take()
      if (page) this.#fanOut(page)
      else this.#host.endAll()
    } catch (error) {
      if (isPassing(error)) throw error
      this.#shared.log.warn({ err: error }, 'a page of changes could not be read; trying a smaller one')
    }
  }

  #fanOut(page: Page): void {
    for (const subscriber of [...this.#waiting]) {
      // Delivering to one reader may have made another one leave.
      if (this.#waiting.has(subscriber) && covers(page, subscriber)) this.#deliver(subscriber, page)
    }
    const isNeeded = page.changes.length > 0 && [...this.#stalled].some((subscriber) => covers(page, subscriber))
    if (isNeeded) this.#shared.pageCache.keep(this, page)
    else this.#shared.pageCache.drop(page)
  }

  #deliver(subscriber: FeedSubscriber, page: Page): void {
    if (!this.#host.deliver(subscriber, page.changes)) return
    subscriber.position = Math.max(subscriber.position, page.upTo)
    if (this.#host.join(subscriber)) return
    // All others come first.
    this.#waiting.delete(subscriber)
    this.#waiting.add(subscriber)
  }
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  for (const item of set) return item
  return undefined
}
