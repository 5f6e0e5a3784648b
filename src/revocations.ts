import { BoundedMap } from './bounded-map.js'

/** Accounts whose last news is remembered: far more than can have any in the time that a verdict is good for. */
const CAPACITY = 50_000

/**
 * Milliseconds that a verdict on a credential is good for, if nothing is heard meanwhile: what ends it in another process
 * must reach this one within a second, also if its hint is lost.
 */
export const VERDICT_LIFETIME = 500

/**
 * When this process last heard that something may have ended a credential of an account: a key, a session, an identity or
 * the account itself. Verdicts from before that do not count any longer; those on other accounts do.
 */
export class Revocations {
  readonly #heardAt = new BoundedMap<number>(CAPACITY)

  /** Takes note of news that may end a credential, in this process or another. */
  note(userId: string): void {
    this.#heardAt.set(userId, performance.now())
  }

  /**
   * @param since when what was found out was asked for, by `performance.now()`
   * @returns whether it still counts
   */
  isFresh(userId: string, since: number): boolean {
    return performance.now() - since < VERDICT_LIFETIME && this.isUndisturbed(userId, since)
  }

  /** @returns whether nothing was heard since then */
  isUndisturbed(userId: string, since: number): boolean {
    const heardAt = this.#heardAt.get(userId)
    return heardAt === undefined || heardAt < since
  }
}
