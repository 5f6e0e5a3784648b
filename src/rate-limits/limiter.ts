import { BoundedMap } from '../collections/bounded-map.js'
import type { RateLimitStore } from './store.js'

/** The most subjects at their limit that a process remembers. */
const CAPACITY = 100_000

/** A subject's tally against a limit. */
export interface RateLimitStatus {
  readonly limit: number
  readonly remaining: number
  /** Seconds until the window ends. */
  readonly resetsIn: number
  readonly isExceeded: boolean
}

/**
 * Limits each subject to a number of requests per window. Subjects at their limit are remembered here, and refused without
 * asking the store: a refusal must cost less than a grant. Replicas that share a store learn of it with their next count, so
 * each of them may ask the store once more.
 */
export class Limiter {
  readonly #store: RateLimitStore
  readonly #max: number
  readonly #spent = new BoundedMap<number>(CAPACITY)

  /** @param max at least 1 */
  constructor(store: RateLimitStore, max: number) {
    this.#store = store
    this.#max = max
  }

  /** Whether no subject has reached the limit. */
  get isQuiet(): boolean {
    return this.#spent.size === 0
  }

  /** @returns the tally of a subject that has reached the limit in this window; undefined if none has */
  refusal(subjects: readonly string[]): RateLimitStatus | undefined {
    const ends = subjects.map((subject) => this.#endOf(subject))
    const endsIn = Math.max(...ends) - performance.now()
    return endsIn > 0 ? { limit: this.#max, remaining: 0, resetsIn: seconds(endsIn), isExceeded: true } : undefined
  }

  /** Counts one more for each subject. @returns the highest tally among them */
  async hit(subjects: readonly string[]): Promise<RateLimitStatus> {
    const refused = this.refusal(subjects)
    if (refused) return refused
    const tallies = await this.#store.hit(subjects)
    let most = { count: 0, endsIn: 0 }
    for (const [index, subject] of subjects.entries()) {
      const tally = tallies[index] ?? most
      if (tally.count >= this.#max) this.#spent.set(subject, performance.now() + tally.endsIn)
      if (tally.count > most.count) most = tally
    }
    return {
      limit: this.#max,
      remaining: Math.max(0, this.#max - most.count),
      resetsIn: seconds(most.endsIn),
      isExceeded: most.count > this.#max,
    }
  }

  #endOf(subject: string): number {
    const end = this.#spent.get(subject)
    if (end === undefined || end > performance.now()) return end ?? 0
    this.#spent.delete(subject)
    return 0
  }
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000))
}
