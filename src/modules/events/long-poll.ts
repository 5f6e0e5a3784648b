import type { ShownChange } from '../account-log/changes.js'

/** How long a long poll waits, and what else ends it. */
export interface LongPollOptions {
  readonly seconds: number
  /** The API key that waits, and with which of its secrets. */
  readonly keyId: string
  readonly secretHash: string
  /** Aborted when the caller has disconnected. */
  readonly signal: AbortSignal
  /** Which changes of the run wake it. Each costs a query: exclude the irrelevant ones. */
  concerns(change: ShownChange): boolean
}

/** A request that waits for a change of a run. */
export interface LongPoll {
  /**
   * @returns whether there was one since the last call, or since the waiting began; false when the time is up, the
   *   caller has disconnected or the service stops
   * @throws {ProblemError} 401 when the key was revoked, or the secret has ended
   */
  next(): Promise<boolean>
  /**
   * Call it before handing anything out: the end of the secret may not be known here yet, and a message may be known
   * before it.
   *
   * @throws {ProblemError} 401 when the key was revoked, or the secret has ended
   */
  requireValidKey(): Promise<void>
  close(): void
}

/** An open long poll: flags, a timer, and no queries of its own. */
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
      // Changes from here on wake it again.
      if (this.#isWoken) {
        this.#isWoken = false
        return true
      }
      this.#needsRevalidation = false
      await this.requireValidKey()
    }
  }

  /** A deletion wakes it: the caller's query then finds that the run is gone. */
  onChange(change: ShownChange): void {
    if (change.kind !== 'instance_deleted' && !this.#options.concerns(change)) return
    this.#isWoken = true
    this.#notify()
  }

  /** Has the secret checked again. */
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
