/** Bytes that may be held in memory at once. */
export interface ByteLimits {
  /** Of one owner, and… */
  readonly owner: number
  /** …of all together. */
  readonly process: number
}

/** The budget that is exhausted: the owner's or the total. */
export type Full = 'owner' | 'process'

/**
 * Bytes held in memory, by owner. An addition may exceed a limit, so that an owner that holds nothing always has room for
 * something of any size; after that there is no room.
 */
export class ByteBudget {
  readonly #limits: ByteLimits
  readonly #least: number
  readonly #held = new Map<string, number>()
  #total = 0

  constructor(limits: ByteLimits) {
    this.#limits = limits
    this.#least = Math.min(limits.owner, limits.process)
  }

  /** Bytes of all owners. */
  get total(): number {
    return this.#total
  }

  /** Whether so little is held that no owner can be full. */
  get isEmptyEnough(): boolean {
    return this.#total < this.#least
  }

  /** @returns the exhausted budget, which forbids additions for an owner */
  isFullFor(owner: string): Full | undefined {
    if ((this.#held.get(owner) ?? 0) >= this.#limits.owner) return 'owner'
    return this.#total >= this.#limits.process ? 'process' : undefined
  }

  /** @returns a holder of bytes for an owner; it holds none yet */
  share(owner: string): ByteShare {
    return new ByteShare((bytes) => this.#add(owner, bytes))
  }

  #add(owner: string, bytes: number): void {
    this.#total += bytes
    const held = (this.#held.get(owner) ?? 0) + bytes
    if (held > 0) this.#held.set(owner, held)
    else this.#held.delete(owner)
  }
}

/** The bytes of one request in a budget. */
export class ByteShare {
  readonly #count: (bytes: number) => void
  #bytes = 0
  #isReleased = false

  constructor(count: (bytes: number) => void) {
    this.#count = count
  }

  add(bytes: number): void {
    if (this.#isReleased) return
    this.#bytes += bytes
    this.#count(bytes)
  }

  /** Releases all bytes, for good. */
  release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#count(-this.#bytes)
  }
}
