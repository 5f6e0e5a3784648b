import { BoundedMap } from './bounded-map.js'

/** Answers that are remembered at most. */
const CAPACITY = 20_000

interface Entry<V> {
  readonly value: Promise<V>
  readonly until: number
}

/**
 * Remembers what was looked up for a moment, so that a burst of requests asks once. Those that ask while a look-up is
 * under way share it; one that fails is forgotten.
 */
export class ShortMemory<V> {
  readonly #lifetime: number
  #entries = new BoundedMap<Entry<V>>(CAPACITY)

  /** @param lifetime milliseconds that an answer is good for, from the moment it was asked for */
  constructor(lifetime: number) {
    this.#lifetime = lifetime
  }

  /** @returns what is remembered of `key`, else what `look` finds */
  recall(key: string, look: () => Promise<V>): Promise<V> {
    const now = performance.now()
    const known = this.#entries.get(key)
    if (known && known.until > now) return known.value
    const entry = { value: look(), until: now + this.#lifetime }
    this.#entries.set(key, entry)
    entry.value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    return entry.value
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries = new BoundedMap(CAPACITY)
  }
}
