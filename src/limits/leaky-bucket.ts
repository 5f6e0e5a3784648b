import { BoundedMap } from '../collections/bounded-map.js'

/** The rate for one owner, in bytes or another unit. */
export interface BucketLimits {
  /** The burst that passes without waiting. */
  readonly burst: number
  /** The amount per second after that. */
  readonly perSecond: number
}

/** The most owners that are remembered. */
const CAPACITY = 20_000

interface Level {
  /** The level: what was added, less what has drained since. */
  readonly amount: number
  /** The time of that level, in milliseconds. */
  readonly at: number
}

/** Spreads each owner's work over time, as a leaky bucket: nothing is refused, it is delayed. */
export class LeakyBucket {
  readonly #limits: BucketLimits
  readonly #now: () => number
  readonly #levels = new BoundedMap<Level>(CAPACITY)

  /** @param now a clock in milliseconds that never goes back */
  constructor(limits: BucketLimits, now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
  }

  /** Adds an amount for an owner. @returns milliseconds until its turn, behind what was added before */
  add(owner: string, amount: number): number {
    const wait = this.wait(owner)
    this.#levels.set(owner, { amount: this.#level(owner) + amount, at: this.#now() })
    return wait
  }

  /** @returns milliseconds until the turn of the next addition */
  wait(owner: string): number {
    const { burst, perSecond } = this.#limits
    return (Math.max(0, this.#level(owner) - burst) / perSecond) * 1000
  }

  /** Whether an owner's bucket is empty. */
  isIdle(owner: string): boolean {
    return this.#level(owner) === 0
  }

  #level(owner: string): number {
    const level = this.#levels.get(owner)
    if (!level) return 0
    return Math.max(0, level.amount - ((this.#now() - level.at) / 1000) * this.#limits.perSecond)
  }
}
