import type { ShownChange } from '../account-log/changes.js'

/** How long a long poll waits, and what else ends it. */
export interface LongPollOptions {
  readonly seconds: number
  /** The API key that waits, and with which of its secrets. */
  readonly keyId: string
  readonly secretHash: string
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal
  /** Which changes of the run it waits for. Each costs a query: what it need not know is to leave it alone. */
  concerns(change: ShownChange): boolean
}

/** A call that waits for something to happen in a run. */
export interface LongPoll {
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
  requireValidKey(): Promise<void>
  close(): void
}

/** An open long poll: flags, a timer, and nothing that asks the database by itself. */
export class OpenLongPoll implements LongPoll {
  readonly requireValidKey: () => Promise<void>
  readonly #options: LongPollOptions
  readonly #onClose: () => void
  readonly #timer: NodeJS.Timeout
  #isWoken = false
  #needsRevalidation = false
  #isOver: boolean
  #notify: () => void = () => {}

  constructor(options: LongPollOptions, requireValidKey: () => Promise<void>, onClose: () => void) {
    this.requireValidKey = requireValidKey
    this.#options = options
    this.#onClose = onClose
    this.#timer = setTimeout(this.stop, options.seconds * 1000)
    this.#isOver = options.signal.aborted
    options.signal.addEventListener('abort', this.stop)
  }

  async next(): Promise<boolean> {
    for (;;) {
      if (!this.#isWoken && !this.#needsRevalidation && !this.#isOver) {
        await new Promise<void>((resolve) => (this.#notify = resolve))
      }
      if (this.#isOver) return false
      // What happens from here on wakes again.
      if (this.#isWoken) {
        this.#isWoken = false
        return true
      }
      this.#needsRevalidation = false
      await this.requireValidKey()
    }
  }

  /** A deleted run wakes: whoever looks finds that it is gone. */
  onChange(change: ShownChange): void {
    if (change.kind !== 'instance_deleted' && !this.#options.concerns(change)) return
    this.#isWoken = true
    this.#notify()
  }

  /** The secret may not be good any longer. */
  revalidate(): void {
    this.#needsRevalidation = true
    this.#notify()
  }

  readonly stop = (): void => {
    this.#isOver = true
    this.#notify()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#options.signal.removeEventListener('abort', this.stop)
    this.#onClose()
  }
}
