/**
 * Gives each large piece of work an iteration of the event loop of its own, in order of arrival. Small work that has arrived
 * runs in between: it waits for at most one large piece at a time.
 */
export class Turns {
  readonly #perTurn: number
  #last: Promise<void> = Promise.resolve()
  /** How many callers share the last turn given. */
  #taken: number

  /** @param perTurn how many callers share a turn */
  constructor(perTurn = 1) {
    this.#perTurn = perTurn
    this.#taken = perTurn
  }

  /** @returns when the caller's turn comes. The turn ends at the caller's next await of something else */
  take(): Promise<void> {
    if (this.#taken === this.#perTurn) {
      this.#taken = 0
      const turn = this.#last.then(nextIteration)
      this.#last = turn
      turn.then(() => {
        // No caller joins a turn that has begun.
        if (this.#last === turn) this.#taken = this.#perTurn
      })
    }
    this.#taken += 1
    return this.#last
  }
}

/** The turns of this process, which has one event loop. */
export const largeWork = new Turns()

/** Bytes from which a piece of work is large: reading or writing this much JSON takes about a millisecond. */
export const LARGE = 256 * 1024

function nextIteration(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
