import { BoundedMap } from '../collections/bounded-map.js'
import { CREDENTIAL_TTL_MS, type Revocations } from './revocations.js'

/** The most credentials that are cached. */
const CAPACITY = 20_000

interface Entry<V> {
  readonly value: Promise<V>
  readonly since: number
}

/**
 * Caches look-ups of credentials for a moment, so that a burst of requests makes one query. Requests that come while a look-up
 * is in flight share it; a failed one is dropped. A look-up that began before the account's last hint is repeated.
 */
export class TtlCache<V extends { readonly user_id: string }> {
  readonly #revocations: Revocations
  readonly #entries = new BoundedMap<Entry<V | undefined>>(CAPACITY)

  constructor(revocations: Revocations) {
    this.#revocations = revocations
  }

  /** @returns the cached result for the credential, else the result of `load`; undefined when it belongs to no account */
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
    // Awaited as by the others: the first caller continues first, so requests stay in the order of arrival.
    return await entry.value
  }
}
