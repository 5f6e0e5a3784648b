import { type BucketLimits, LeakyBucket } from '../../limits/leaky-bucket.js'

/** A piece of an event stream. Several readers of its account may share it. */
export interface Chunk {
  readonly bytes: Buffer
  /** How many streams hold it. A backlog counts as well. */
  holders: number
}

/** Limits of what is buffered for slow readers. */
export interface BacklogLimits {
  /** Bytes buffered for the readers of one account, at which the account is full… */
  readonly account: number
  /** …and while more than `process` wait for those of all accounts. */
  readonly accountInNeed: number
  readonly process: number
}

const MIB = 1024 * 1024

const LIMITS: BacklogLimits = { account: 16 * MIB, accountInNeed: MIB, process: 192 * MIB }

/**
 * The rate at which the streams of one account are fed; bytes sent to several of them count for each: handing 64 KiB to
 * 200 connections takes some hundredths of a second.
 */
const PACE: BucketLimits = { burst: 4 * MIB, perSecond: 32 * MIB }

/** Milliseconds for which a reader may take nothing while others of its account are blocked by that. */
const STALL_TIMEOUT_MS = 2_000

/** A stream with a backlog. */
export interface Holder {
  /** When the reader last took something, by `performance.now()`. */
  readonly lastTook: number
  /** Cuts it off and releases its chunks. The reader can reconnect and resume. */
  destroy(): void
}

/** The backlog of all readers of the process. */
export class TotalBacklog {
  readonly limits: BacklogLimits
  bytes = 0

  constructor(limits: Partial<BacklogLimits> = {}) {
    this.limits = { ...LIMITS, ...limits }
  }
}

/** The backlog of one account's readers; a chunk that several of them hold counts once, as it is in memory once. */
export class Backlog {
  readonly #total: TotalBacklog
  #bytes = 0
  #waiting = new Set<() => void>()
  readonly #holders = new Set<Holder>()
  #relief: NodeJS.Timeout | undefined
  readonly #pace = new LeakyBucket(PACE)

  constructor(total: TotalBacklog) {
    this.#total = total
  }

  /** Whether no more may be added for any reader of the account. The chunk that is being added may exceed the limit. */
  get isFull(): boolean {
    const { account, accountInNeed, process } = this.#total.limits
    return this.#bytes > (this.#total.bytes > process ? accountInNeed : account)
  }

  /** @param onRoom called once, when the backlog is full no longer */
  whenRoom(onRoom: () => void): void {
    this.#waiting.add(onRoom)
    this.#relief ??= setTimeout(() => this.#relieve(), STALL_TIMEOUT_MS).unref()
  }

  hold(holder: Holder, chunk: Chunk): void {
    this.#holders.add(holder)
    if (chunk.holders++ === 0) this.#add(chunk.bytes.length)
  }

  release(chunk: Chunk): void {
    if (--chunk.holders > 0) return
    this.#add(-chunk.bytes.length)
    if (this.isFull || this.#waiting.size === 0) return
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const onRoom of waiting) onRoom()
  }

  /** Counts a chunk that a stream is about to be given. @returns milliseconds until its turn */
  pace({ bytes }: Chunk): number {
    return this.#pace.add('', bytes.length)
  }

  /** Removes a holder, which has no chunks any longer. */
  leave(holder: Holder): void {
    this.#holders.delete(holder)
  }

  /** Cuts off the readers that have taken nothing for the longest time, until there is room for the others. */
  #relieve(): void {
    this.#relief = undefined
    if (this.#waiting.size === 0) return
    const stuck = [...this.#holders].filter(({ lastTook }) => performance.now() - lastTook >= STALL_TIMEOUT_MS)
    for (const holder of stuck.sort((a, b) => a.lastTook - b.lastTook)) {
      if (!this.isFull) return
      holder.destroy()
    }
    if (this.#waiting.size > 0) this.#relief = setTimeout(() => this.#relieve(), STALL_TIMEOUT_MS).unref()
  }

  #add(bytes: number): void {
    this.#bytes += bytes
    this.#total.bytes += bytes
  }
}
