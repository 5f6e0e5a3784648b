import { BoundedMap } from '../collections/bounded-map.js'

/** How much may be done on behalf of one owner, in bytes or whatever is counted. */
export interface BucketLimits {
  /** What is done without waiting. */
  readonly burst: number
  /** What is done in a second after that. */
  readonly perSecond: number
}

/** Owners that are remembered at most. */
const CAPACITY = 20_000

interface Level {
  /** What was done, less what has flowed off since. */
  readonly amount: number
  /** When that was, in milliseconds. */
  readonly at: number
}

/** Spreads over time what one owner wants done, as a leaky bucket does: nothing is refused, it comes later. */
export class LeakyBucket {
  readonly #limits: BucketLimits
  readonly #now: () => number
  readonly #levels = new BoundedMap<Level>(CAPACITY)

  /** @param now a clock in milliseconds that never goes back */
  constructor(limits: BucketLimits, now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
  }

  /** Counts something of an owner. @returns milliseconds after which it is its turn, behind what was counted before */
  add(owner: string, amount: number): number {
    const wait = this.wait(owner)
    this.#levels.set(owner, { amount: this.#level(owner) + amount, at: this.#now() })
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
    return Math.max(0, level.amount - ((this.#now() - level.at) / 1000) * this.#limits.perSecond)
  }
}
