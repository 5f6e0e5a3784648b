import { BoundedMap } from '../collections/bounded-map.js'

/** Default length of a window in milliseconds. It begins with the first request. */
export const WINDOW = 60_000

/** A subject's count in the current window, and the milliseconds until that ends. */
export interface Tally {
  readonly count: number
  readonly endsIn: number
}

/** Storage of the counts: in this process, or in PostgreSQL for all of them. */
export interface RateLimitStore {
  /** Counts one more for each subject. @returns their tallies, in the same order */
  hit(subjects: readonly string[]): Promise<Tally[]>
}

/**
 * The most callers that one process remembers: about 20 MB. Beyond that, the least recently seen subject starts anew: a flood
 * of addresses can make the limits more lenient, never the process bigger.
 */
const CAPACITY = 100_000

/** Counts within this process. */
export class MemoryStore implements RateLimitStore {
  readonly #windows = new BoundedMap<{ count: number; readonly end: number }>(CAPACITY)
  readonly #now: () => number
  readonly #window: number

  /**
   * @param now a clock in milliseconds that never goes back
   * @param window milliseconds
   */
  constructor(now: () => number = () => performance.now(), window = WINDOW) {
    this.#now = now
    this.#window = window
  }

  /** The number of remembered subjects. */
  get size(): number {
    return this.#windows.size
  }

  async hit(subjects: readonly string[]): Promise<Tally[]> {
    return subjects.map((subject) => this.#hit(subject))
  }

  #hit(subject: string): Tally {
    const now = this.#now()
    const current = this.#windows.get(subject)
    if (current && current.end > now) {
      current.count += 1
      return { count: current.count, endsIn: current.end - now }
    }
    this.#windows.set(subject, { count: 1, end: now + this.#window })
    return { count: 1, endsIn: this.#window }
  }
}
