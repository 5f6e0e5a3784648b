/**
 * Gives each large piece of work a turn of the event loop of its own, in the order in which they came. In between, everything
 * small that has arrived is done: nobody waits for more than one large piece at a time.
 */
export class Turns {
  readonly #perTurn: number
  #last: Promise<void> = Promise.resolve()
  /** How many have the last turn that was given. */
  #taken: number

  /** @param perTurn how many share a turn */
  constructor(perTurn = 1) {
    this.#perTurn = perTurn
    this.#taken = perTurn
  }

  /** @returns when it is the caller's turn. It is over when the caller waits for something else */
  take(): Promise<void> {
    if (this.#taken === this.#perTurn) {
      this.#taken = 0
      const turn = this.#last.then(nextIteration)
      this.#last = turn
      turn.then(() => {
        // Nobody joins a turn that has come.
        if (this.#last === turn) this.#taken = this.#perTurn
      })
    }
    this.#taken += 1
    return this.#last
  }
}

/** Those of this process, which has one event loop. */
export const largeWork = new Turns()

/** Bytes from which a piece of work is large: to read or write this much JSON takes about a millisecond. */
export const LARGE = 256 * 1024

function nextIteration(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
