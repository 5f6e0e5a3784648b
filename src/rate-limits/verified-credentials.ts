import { createHash } from 'node:crypto'
import { BoundedMap } from '../collections/bounded-map.js'

/** The most credentials that a process remembers: about 10 MB. */
const CAPACITY = 50_000

/** Milliseconds that a verified credential is remembered. */
const LIFETIME = 60 * 60_000

/**
 * Credentials that this process created or verified in the last hour. They are no guesses, even from the address of a guesser.
 * Being listed grants nothing: they are checked like all others.
 */
export class VerifiedCredentials {
  readonly #until = new BoundedMap<number>(CAPACITY)

  has(credential: string): boolean {
    return (this.#until.get(digest(credential)) ?? 0) > performance.now()
  }

  add(credential: string): void {
    this.#until.set(digest(credential), performance.now() + LIFETIME)
  }

  delete(credential: string): void {
    this.#until.delete(digest(credential))
  }
}

/** A hash, so that credentials do not stay in memory. */
function digest(credential: string): string {
  return createHash('sha256').update(credential).digest('base64url')
}
