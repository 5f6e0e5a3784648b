/** A piece of an event stream. The same one may wait for many readers of its account. */
export interface Chunk {
  readonly bytes: Buffer
  /** How many streams hold it. A backlog counts. */
  holders: number
}

export interface BacklogLimits {
  /** Bytes that may wait for the readers of one account, before there is no more room for any of them… */
  readonly account: number
  /** …and while more than `process` wait for those of all accounts. */
  readonly accountInNeed: number
  readonly process: number
}

const MIB = 1024 * 1024

const LIMITS: BacklogLimits = { account: 16 * MIB, accountInNeed: MIB, process: 192 * MIB }

/** What waits for all readers of the process. */
export class TotalBacklog {
  readonly limits: BacklogLimits
  bytes = 0

  constructor(limits: Partial<BacklogLimits> = {}) {
    this.limits = { ...LIMITS, ...limits }
  }
}

/** What waits for the readers of one account; what waits for several of them counts once, as it is there once. */
export class Backlog {
  readonly #total: TotalBacklog
  #bytes = 0
  #waiting = new Set<() => void>()

  constructor(total: TotalBacklog) {
    this.#total = total
  }

  /** Whether nothing more may be added for any reader of the account. What is being added may go over the limit. */
  get isFull(): boolean {
    const { account, accountInNeed, process } = this.#total.limits
    return this.#bytes > (this.#total.bytes > process ? accountInNeed : account)
  }

  /** @param onRoom called once, when the backlog is full no longer */
  whenRoom(onRoom: () => void): void {
    this.#waiting.add(onRoom)
  }

  hold(chunk: Chunk): void {
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

  #add(bytes: number): void {
    this.#bytes += bytes
    this.#total.bytes += bytes
  }
}
