import { availableParallelism } from 'node:os'
import { ProblemError } from '../../errors.js'

/** Hashing a password takes a core for tens of milliseconds: half of them stay free for everything else. */
const AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 2))

/**
 * Half of the only other core is needed, too: with so few cores, each is followed by a pause as long as it took while more
 * of them wait.
 */
const PAUSES = availableParallelism() <= 2

/** The most that wait for their turn: some seconds' work. */
const MAX_WAITING = 128

/** The most of those that come from one address. */
const MAX_OF_ADDRESS = 32

/**
 * Work on passwords, a little of it at a time. Argon2 runs on the threads that DNS look-ups and files need as well, and
 * on the cores that everybody needs: logins wait for each other, and nobody else waits for them. Addresses take turns,
 * so that who sends many at once holds up themselves.
 */
export class PasswordWork {
  readonly #atOnce: number
  readonly #pauses: boolean
  /** Those who wait, by address. Whose turn is next comes first. */
  readonly #waiting = new Map<string, (() => void)[]>()
  #waitingInAll = 0
  #running = 0

  /**
   * @param atOnce how many run side by side
   * @param pauses whether the next of those that wait begins only when as much time has passed as the last one took
   */
  constructor(atOnce = AT_ONCE, pauses = PAUSES) {
    this.#atOnce = atOnce
    this.#pauses = pauses
  }

  /**
   * @param address whose share it is
   * @throws {ProblemError} 429 when too many of the address wait, 503 when too many wait in all
   */
  async run<T>(address: string, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running += 1
    else await this.#wait(address)
    const since = performance.now()
    try {
      return await work()
    } finally {
      // The turn goes on to the next one: nobody else can come in between.
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
    // To the end of the round, unless nobody else waits there.
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
