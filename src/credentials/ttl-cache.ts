import { BoundedMap } from '../collections/bounded-map.js'
import { CREDENTIAL_TTL_MS, type Revocations } from './revocations.js'

/** Credentials that are remembered at most. */
const CAPACITY = 20_000

interface Entry<V> {
  readonly value: Promise<V>
  readonly since: number
}

/**
 * Remembers for a moment what was found out about a credential, so that a burst of requests asks once. Those that ask
 * while a look-up is under way share it; one that fails is forgotten. What was asked for before the last hint about the
 * account is asked for again.
 */
export class TtlCache<V extends { readonly user_id: string }> {
  readonly #revocations: Revocations
  readonly #entries = new BoundedMap<Entry<V | undefined>>(CAPACITY)

  constructor(revocations: Revocations) {
    this.#revocations = revocations
  }

  /** @returns what is remembered of the credential, else what `load` finds; undefined is nobody's */
  getOrLoad(key: string, load: () => Promise<V>): Promise<V>
  getOrLoad(key: string, load: () => Promise<V | undefined>): Promise<V | undefined>
  async getOrLoad(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const known = this.#entries.get(key)
    if (known && performance.now() - known.since < CREDENTIAL_TTL_MS) {
      const value = await known.value
      if (!value || this.#revocations.isUndisturbed(value.user_id, known.since)) return value
      if (this.#entries.get(key) !== known) return this.getOrLoad(key, load)
    }
    const since = performance.now()
    const entry = { value: load(), since }
    this.#entries.set(key, entry)
    entry.value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    // Awaited as the others do: who asked first goes on first, so requests stay in the order in which they came.
    return await entry.value
  }
}
