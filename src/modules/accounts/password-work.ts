import { availableParallelism } from 'node:os'
import { ProblemError } from '../../errors.js'

/** Hashing a password takes a core for tens of milliseconds: half of the cores stay free for other work. */
const AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 2))

/**
 * With so few cores even half of them is too much: each hash is followed by a pause as long as it took while others
 * wait.
 */
const PAUSES = availableParallelism() <= 2

/** The longest queue: some seconds' work. */
const MAX_WAITING = 128

/** The longest queue of one address. */
const MAX_OF_ADDRESS = 32

/**
 * Bounds concurrent work on passwords. Argon2 runs on the threads that DNS look-ups and files need as well, and on the
 * cores that all requests need: logins wait for each other, other requests do not wait for logins. Addresses take
 * turns, so that an address with many requests delays only its own.
 */
export class PasswordWork {
  readonly #atOnce: number
  readonly #pauses: boolean
  /** Waiting work by address, in the order of the addresses' turns. */
  readonly #waiting = new Map<string, (() => void)[]>()
  #waitingInAll = 0
  #running = 0

  /**
   * @param atOnce how many run side by side
   * @param pauses whether the next one starts only after a pause as long as the last one took
   */
  constructor(atOnce = AT_ONCE, pauses = PAUSES) {
    this.#atOnce = atOnce
    this.#pauses = pauses
  }

  /**
   * @param address the client's, for its share
   * @throws {ProblemError} 429 when too many of the address wait, 503 when too many wait in all
   */
  async run<T>(address: string, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running += 1
    else await this.#wait(address)
    const since = performance.now()
    try {
      return await work()
    } finally {
      // The slot passes directly to the next one: no other request can take it in between.
      if (this.#pauses && this.#waitingInAll > 0) setTimeout(() => this.#goOn(), performance.now() - since)
      else this.#goOn()
    }
  }

  #goOn(): void {
    const next = this.#next()
    if (next) next()
    else this.#running -= 1
  }

  #next(): (() => void) | undefined {
    const [first] = this.#waiting
    if (!first) return undefined
    const [address, waiting] = first
    const next = waiting.shift()
    this.#waitingInAll -= 1
    // To the end of the round, unless its queue is empty.
    this.#waiting.delete(address)
    if (waiting.length > 0) this.#waiting.set(address, waiting)
    return next
  }

  async #wait(address: string): Promise<void> {
    const waiting = this.#waiting.get(address) ?? []
    if (waiting.length >= MAX_OF_ADDRESS) throw tooMany('rate_limited', 'Too many attempts at once from this address')
    if (this.#waitingInAll >= MAX_WAITING) throw tooMany('overloaded', 'Too many people sign in at this moment')
    this.#waitingInAll += 1
    this.#waiting.set(address, waiting)
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
}

function tooMany(code: 'rate_limited' | 'overloaded', what: string): ProblemError {
  return new ProblemError(code, `${what}; try again in a moment`, { headers: { 'retry-after': '2' } })
}
