/** Bytes that may be in memory at once. */
export interface ByteLimits {
  /** Of one owner, and… */
  readonly owner: number
  /** …of all together. */
  readonly process: number
}

/** Whose bytes are as many as may be. */
export type Full = 'owner' | 'process'

/**
 * Bytes that one thing or another keeps in memory, by whom it is for. What is added may go beyond a limit, so that
 * whoever has nothing always has room for something of any size; after that there is no room.
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

  /** Whether so little is held that nothing can be full, whoever asks. */
  get isEmptyEnough(): boolean {
    return this.#total < this.#least
  }

  /** @returns what is full, so that nothing may be added for an owner */
  isFullFor(owner: string): Full | undefined {
    if ((this.#held.get(owner) ?? 0) >= this.#limits.owner) return 'owner'
    return this.#total >= this.#limits.process ? 'process' : undefined
  }

  /** @returns what is to hold bytes for an owner; it holds none yet */
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

/** What one request holds of a budget. */
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

  /** Nothing is held any longer, and nothing will be. */
  release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#count(-this.#bytes)
  }
}
