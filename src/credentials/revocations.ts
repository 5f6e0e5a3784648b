import { BoundedMap } from '../collections/bounded-map.js'

/** Accounts whose last hint is remembered: far more than can have one within a TTL. */
const CAPACITY = 50_000

/**
 * Milliseconds that what was found out about a credential is good for, if nothing is heard meanwhile: what ends it in
 * another process must reach this one within a second, also if its hint is lost.
 */
export const CREDENTIAL_TTL_MS = 500

/**
 * When this process last heard that something may have ended a credential of an account: a key, a session, an identity or
 * the account itself. What was found out before that
 * counts no longer; what was found out about other accounts does.
 */
export class Revocations {
  readonly #heardAt = new BoundedMap<number>(CAPACITY)

  /** Takes note of a hint that may end a credential, in this process or another. */
  note(userId: string): void {
    this.#heardAt.set(userId, performance.now())
  }

  /**
   * @param since when what was found out was asked for, by `performance.now()`
   * @returns whether it still counts
   */
  isFresh(userId: string, since: number): boolean {
    return performance.now() - since < CREDENTIAL_TTL_MS && this.isUndisturbed(userId, since)
  }

  /** @returns whether nothing was heard since then */
  isUndisturbed(userId: string, since: number): boolean {
    const heardAt = this.#heardAt.get(userId)
    return heardAt === undefined || heardAt < since
  }
}
