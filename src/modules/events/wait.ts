import type { ShownChange } from './changes.js'

/** How long somebody waits, and what else ends the waiting. */
export interface Waiter {
  readonly seconds: number
  /** The API key that waits, and with which of its secrets. */
  readonly keyId: string
  readonly secretHash: string
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal
  /** Which changes of the run it waits for. Each costs a look: what it need not know is to leave it alone. */
  concerns(change: ShownChange): boolean
}

/** Somebody who waits for something to happen in a run. */
export interface WakeUp {
  /**
   * @returns whether that has happened since the last call, or since the waiting began; false when the time is up, the
   * caller has gone or the service stops
   * @throws {ProblemError} 401 when the key was revoked, or the secret has ended
   */
  next(): Promise<boolean>
  /**
   * To be called before anything is handed out: what ends the secret need not be known here yet, and a message may be
   * known before it.
   *
   * @throws {ProblemError} 401 when the key was revoked, or the secret has ended
   */
  requireGood(): Promise<void>
  close(): void
}

/** One entry of those who wait: flags, a timer, and nothing that asks the database by itself. */
export class Wait implements WakeUp {
  readonly requireGood: () => Promise<void>
  readonly #waiter: Waiter
  readonly #onClose: () => void
  readonly #timer: NodeJS.Timeout
  #isWoken = false
  #isDoubted = false
  #isOver: boolean
  #notify: () => void = () => {}

  constructor(waiter: Waiter, requireGood: () => Promise<void>, onClose: () => void) {
    this.requireGood = requireGood
    this.#waiter = waiter
    this.#onClose = onClose
    this.#timer = setTimeout(this.stop, waiter.seconds * 1000)
    this.#isOver = waiter.signal.aborted
    waiter.signal.addEventListener('abort', this.stop)
  }

  async next(): Promise<boolean> {
    for (;;) {
      if (!this.#isWoken && !this.#isDoubted && !this.#isOver) {
        await new Promise<void>((resolve) => (this.#notify = resolve))
      }
      if (this.#isOver) return false
      // What happens from here on wakes again.
      if (this.#isWoken) {
        this.#isWoken = false
        return true
      }
      this.#isDoubted = false
      await this.requireGood()
    }
  }

  /** A deleted run wakes: whoever looks finds that it is gone. */
  hear(change: ShownChange): void {
    if (change.kind !== 'instance_deleted' && !this.#waiter.concerns(change)) return
    this.#isWoken = true
    this.#notify()
  }

  /** The secret may not be good any longer. */
  doubt(): void {
    this.#isDoubted = true
    this.#notify()
  }

  readonly stop = (): void => {
    this.#isOver = true
    this.#notify()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#waiter.signal.removeEventListener('abort', this.stop)
    this.#onClose()
  }
}
