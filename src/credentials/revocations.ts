import { BoundedMap } from '../collections/bounded-map.js'

/** Accounts with a remembered last hint: far more than can have one within a TTL. */
const CAPACITY = 50_000

/**
 * Milliseconds that a cached look-up of a credential stays valid without a hint: a revocation in another process must reach
 * this one within a second, even if its hint is lost.
 */
export const CREDENTIAL_TTL_MS = 500

/**
 * When this process last heard that a credential of an account may have ended: a key, a session, an identity or the account
 * itself. Look-ups from before that are invalid; look-ups for other accounts stay valid.
 */
export class Revocations {
  readonly #heardAt = new BoundedMap<number>(CAPACITY)

  /** Records a hint that may end a credential, from this process or another. */
  note(userId: string): void {
    this.#heardAt.set(userId, performance.now())
  }

  /**
   * @param since when the look-up began, by `performance.now()`
   * @returns whether it is still valid
   */
  isFresh(userId: string, since: number): boolean {
    return performance.now() - since < CREDENTIAL_TTL_MS && this.isUndisturbed(userId, since)
  }

  /** @returns whether no hint has come since then */
  isUndisturbed(userId: string, since: number): boolean {
    const heardAt = this.#heardAt.get(userId)
    return heardAt === undefined || heardAt < since
  }
}
