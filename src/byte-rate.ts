import { BoundedMap } from './bounded-map.js'

/** How fast bytes may go on behalf of one owner. */
export interface RateLimits {
  /** Bytes that go without waiting. */
  readonly burst: number
  /** Bytes a second after that. */
  readonly perSecond: number
}

/** Owners that are remembered at most. */
const CAPACITY = 20_000

interface Level {
  /** Bytes that went, less what has flowed off since. */
  readonly bytes: number
  /** When that was, in milliseconds. */
  readonly at: number
}

/** Spreads over time what one owner wants done in bytes, as a leaking bucket does: nothing is refused, it comes later. */
export class ByteRate {
  readonly #limits: RateLimits
  readonly #now: () => number
  readonly #levels = new BoundedMap<Level>(CAPACITY)

  /** @param now a clock in milliseconds that never goes back */
  constructor(limits: RateLimits, now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
  }

  /** Counts bytes of an owner. @returns milliseconds after which it is their turn, behind those that were counted before */
  add(owner: string, bytes: number): number {
    const wait = this.wait(owner)
    this.#levels.set(owner, { bytes: this.#level(owner) + bytes, at: this.#now() })
    return wait
  }

  /** @returns milliseconds after which it is the turn of whatever comes next */
  wait(owner: string): number {
    const { burst, perSecond } = this.#limits
    return (Math.max(0, this.#level(owner) - burst) / perSecond) * 1000
  }

  /** Whether nothing went on behalf of an owner lately. */
  isIdle(owner: string): boolean {
    return this.#level(owner) === 0
  }

  #level(owner: string): number {
    const level = this.#levels.get(owner)
    if (!level) return 0
    return Math.max(0, level.bytes - ((this.#now() - level.at) / 1000) * this.#limits.perSecond)
  }
}
