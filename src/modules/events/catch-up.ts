import { KeyedSemaphore } from '../../../db/keyed-semaphore.js'
import type { Log } from '../../logging.js'
import type { Change } from './changes.js'
import type { Reader } from './feed.js'
import { isPassing, type LogReader } from './log-reader.js'
import { covers, PageShelf } from './page-shelf.js'
import type { Page } from './pages.js'

/** Accounts whose logs are read at the same moment for readers that have missed something. */
const AT_ONCE = 4

/** What all catching up in this process shares: its turns at the database, and the pages that are kept. */
export class CatchUps {
  readonly shelf = new PageShelf()
  readonly log: Log
  readonly #turns = new KeyedSemaphore(AT_ONCE)

  constructor(log: Log) {
    this.log = log
  }

  /** A turn is one page: an account with a long history is in nobody's way for longer. */
  takeTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take('', new AbortController().signal, work)
  }
}

/** The feed, as those who catch up see it. */
export interface Host {
  /** @returns whether the reader took all of them; if not, it has no room, or it is gone */
  bring(reader: Reader, changes: readonly Change[]): boolean
  /** Shows a reader what is new, if the feed still has everything after its position. @returns whether it had */
  join(reader: Reader): boolean
  /** The account is gone. */
  endAll(): void
}

/**
 * The readers of an account that have missed something. They take turns: one page at a time is read for all of them
 * together, and brought to everybody whose place it has.
 */
export class CatchUp {
  readonly #host: Host
  readonly #reader: LogReader
  readonly #shared: CatchUps
  /** Those whose turn comes first are at the beginning. */
  readonly #waiting = new Set<Reader>()
  readonly #stalled = new Set<Reader>()
  #running = false

  constructor(host: Host, reader: LogReader, shared: CatchUps) {
    this.#host = host
    this.#reader = reader
    this.#shared = shared
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#stalled.size === 0
  }

  get readers(): Reader[] {
    return [...this.#waiting, ...this.#stalled]
  }

  add(reader: Reader): void {
    this.#waiting.add(reader)
    this.run()
  }

  /** It has no room, and says when it has. */
  stall(reader: Reader): void {
    this.#waiting.delete(reader)
    this.#stalled.add(reader)
  }

  /** A reader that had no room has some. */
  goOn(reader: Reader): void {
    if (!this.#stalled.delete(reader)) return
    this.#waiting.add(reader)
    if (!this.#host.join(reader)) this.run()
  }

  delete(reader: Reader): void {
    this.#waiting.delete(reader)
    this.#stalled.delete(reader)
    if (this.isIdle) this.#shared.shelf.dropAll(this)
  }

  /** Goes on where the database was not available, or a reader failed to say that it has room. */
  reconcile(): void {
    for (const reader of [...this.#stalled]) if (reader.hasRoom()) this.goOn(reader)
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
      for (let reader = first(this.#waiting); reader; reader = first(this.#waiting)) {
        const kept = this.#shared.shelf.find(this, reader)
        if (kept) this.#spread(kept)
        else await this.#readFor(reader)
      }
    } finally {
      this.#running = false
    }
  }

  async #readFor(reader: Reader): Promise<void> {
    try {
      const page = await this.#shared.takeTurn(() => this.#reader.read(reader.position, reader.instanceId))
      if (page) this.#spread(page)
      else this.#host.endAll()
    } catch (error) {
      if (isPassing(error)) throw error
      this.#shared.log.warn({ err: error }, 'a page of changes could not be read; trying a smaller one')
    }
  }

  #spread(page: Page): void {
    for (const reader of [...this.#waiting]) {
      // One that was brought something may have made another one leave.
      if (this.#waiting.has(reader) && covers(page, reader)) this.#bring(reader, page)
    }
    const isNeeded = page.changes.length > 0 && [...this.#stalled].some((reader) => covers(page, reader))
    if (isNeeded) this.#shared.shelf.keep(this, page)
    else this.#shared.shelf.drop(page)
  }

  #bring(reader: Reader, page: Page): void {
    if (!this.#host.bring(reader, page.changes)) return
    reader.position = Math.max(reader.position, page.upTo)
    if (this.#host.join(reader)) return
    // Everybody else comes first.
    this.#waiting.delete(reader)
    this.#waiting.add(reader)
  }
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  for (const item of set) return item
  return undefined
}
