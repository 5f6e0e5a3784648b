import { availableParallelism } from 'node:os'
import { ProblemError } from '../../errors.js'

/** Hashing a password takes a core for tens of milliseconds: half of them stay free for everything else. */
const AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 2))

/** The most that wait for their turn: a few seconds' work. */
const MAX_WAITING = 128

/** The most of those that come from one address. */
const MAX_OF_ADDRESS = 32

/**
 * Work on passwords, a little of it at a time. Argon2 runs on the threads that DNS look-ups and files need as well, and
 * on the cores that everybody needs: logins wait for each other, and nobody else waits for them.
 */
export class PasswordWork {
  readonly #atOnce: number
  readonly #waiting: (() => void)[] = []
  readonly #ofAddress = new Map<string, number>()
  #running = 0

  /** @param atOnce how many run side by side */
  constructor(atOnce = AT_ONCE) {
    this.#atOnce = atOnce
  }

  /**
   * @param address whose share it is
   * @throws {ProblemError} 429 when too many of the address wait, 503 when too many wait in all
   */
  async run<T>(address: string, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running += 1
    else await this.#wait(address)
    try {
      return await work()
    } finally {
      // The turn goes on to whoever waits first.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  async #wait(address: string): Promise<void> {
    const ofAddress = this.#ofAddress.get(address) ?? 0
    if (ofAddress >= MAX_OF_ADDRESS) throw tooMany('rate_limited', 'Too many attempts at once from this address')
    if (this.#waiting.length >= MAX_WAITING) throw tooMany('overloaded', 'Too many people sign in at this moment')
    this.#ofAddress.set(address, ofAddress + 1)
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
    const left = (this.#ofAddress.get(address) ?? 1) - 1
    if (left > 0) this.#ofAddress.set(address, left)
    else this.#ofAddress.delete(address)
  }
}

function tooMany(code: 'rate_limited' | 'overloaded', what: string): ProblemError {
  return new ProblemError(code, `${what}; try again in a moment`, { headers: { 'retry-after': '2' } })
}
