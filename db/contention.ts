import { setTimeout as sleep } from 'node:timers/promises'
import { lostAgainstAnother } from './errors.js'
import { KeyedSemaphore } from './keyed-semaphore.js'

/**
 * Milliseconds that a statement waits for a lock, with the connection that it runs on. Shorter than PostgreSQL's
 * `deadlock_timeout` of a second: of two that wait for each other, one gives way before PostgreSQL looks for them.
 */
export const LOCK_TIMEOUT = 100

/** Milliseconds after which work that loses all along is given up: nobody is to wait longer than 5 s for a 503. */
const RETRY_TIMEOUT_MS = 3_500

/** Milliseconds before the second attempt, and before later ones at most. */
const FIRST_DELAY = 20
const LONGEST_DELAY = 400

/**
 * Runs work again that was rolled back because somebody else held a lock, or to end a deadlock. In between it holds
 * neither a lock nor a connection. Of one borrower only one piece of work at a time is being tried again, the others
 * stand in line: all that waits for locks takes one of its connections at most, and what waits for each other takes turns.
 */
export class Contention {
  readonly #line = new KeyedSemaphore(1)

  /**
   * @param borrower whose connections the attempts take
   * @param attempt begins from the beginning each time
   * @throws what the last attempt threw
   */
  async overcome<T>(borrower: string, attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt()
    } catch (error) {
      if (!lostAgainstAnother(error)) throw error
      return this.#tryAgain(borrower, attempt, error)
    }
  }

  async #tryAgain<T>(borrower: string, attempt: () => Promise<T>, firstLoss: unknown): Promise<T> {
    const giveUp = AbortSignal.timeout(RETRY_TIMEOUT_MS)
    let loss = firstLoss
    for (let delay = FIRST_DELAY; !giveUp.aborted; delay = Math.min(delay * 2, LONGEST_DELAY)) {
      await sleep(delay * (0.5 + Math.random() / 2))
      try {
        return await this.#line.take(borrower, giveUp, attempt)
      } catch (error) {
        if (error === giveUp.reason) break
        if (!lostAgainstAnother(error)) throw error
        loss = error
      }
    }
    throw loss
  }
}
