/** Limits concurrency per key; excess callers wait in order. */
export class KeyedSemaphore {
  readonly #limit: number
  readonly #busy = new Map<string, { running: number; readonly waiting: (() => void)[] }>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Whether the next caller would wait. */
  isFull(key: string): boolean {
    return (this.#busy.get(key)?.running ?? 0) >= this.#limit
  }

  /**
   * @param signal ends the wait; after the turn has come it has no effect. Without one, the wait has no end
   * @throws the signal's reason
   */
  async take<T>(key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    await this.#enter(key, signal)
    try {
      return await work()
    } finally {
      this.#leave(key)
    }
  }

  async #enter(key: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const slots = this.#busy.get(key) ?? { running: 0, waiting: [] }
    this.#busy.set(key, slots)
    if (slots.running < this.#limit) {
      slots.running += 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        slots.waiting.splice(slots.waiting.indexOf(turn), 1)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      slots.waiting.push(turn)
    })
  }

  /** The permit passes to the first waiter directly, so no new caller can take it in between. */
  #leave(key: string): void {
    const slots = this.#busy.get(key)
    if (!slots) return
    const next = slots.waiting.shift()
    if (next) next()
    else slots.running -= 1
    if (slots.running === 0) this.#busy.delete(key)
  }
}
