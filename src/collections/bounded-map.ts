/**
 * A map that evicts what was not used for long rather than grow beyond its capacity.
 *
 * Two generations: used entries move to the younger one; when that holds half the capacity, the older one is dropped. The
 * textbook's single map, which deletes its first entry for each new one, is slow in V8: it leaves a gap for each deleted entry
 * and walks over all of them to find the first, so a flood of callers would cost seconds.
 */
export class BoundedMap<Value> {
  readonly #half: number
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()

  /** @param capacity the most entries; at least half as many, the last ones used, are kept */
  constructor(capacity: number) {
    this.#half = Math.ceil(capacity / 2)
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, value: Value): void {
    this.#old.delete(key)
    this.#young.set(key, value)
    if (this.#young.size < this.#half) return
    this.#old = this.#young
    this.#young = new Map()
  }

  delete(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
