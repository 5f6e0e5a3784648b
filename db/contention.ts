import { setTimeout as sleep } from 'node:timers/promises'
import { lostAgainstAnother } from './errors.js'
import { KeyedSemaphore } from './keyed-semaphore.js'

/**
 * Milliseconds that a statement waits for a lock, with the connection that it runs on. Shorter than PostgreSQL's
 * `deadlock_timeout` of a second: of two transactions that wait for each other, one gives way before PostgreSQL looks for
 * deadlocks.
 */
export const LOCK_TIMEOUT = 100

/** Milliseconds after which work that keeps losing is given up: no caller waits longer than 5 s for a 503. */
const RETRY_TIMEOUT_MS = 3_500

/** Milliseconds before the second attempt, and the maximum before later ones. */
const FIRST_DELAY = 20
const LONGEST_DELAY = 400

/**
 * Repeats work that was rolled back because another transaction held a lock, or to end a deadlock. Between attempts it holds
 * neither a lock nor a connection. Per borrower one piece of work at a time is retried and the others queue behind it: work
 * that waits for locks takes at most one of the borrower's connections, and work that conflicts with itself takes turns.
 */
export class Contention {
  readonly #line = new KeyedSemaphore(1)

  /**
   * @param borrower the borrower that the connections count for
   * @param attempt starts from the beginning each time
   * @throws the error of the last attempt
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
