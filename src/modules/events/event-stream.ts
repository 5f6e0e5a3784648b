import { Readable } from 'node:stream'
import { encode, type WireEvent } from './wire.js'

/** Bytes that may wait for a reader, the event that goes over this limit included, before it is given no more. */
const MAX_BUFFERED = 1024 * 1024

/** Milliseconds of silence after which a heartbeat shows proxies and readers that the stream is alive. */
const HEARTBEAT_INTERVAL = 20_000

/** Heartbeats that a reader may leave out while it takes nothing of what waits for it. Then it is cut off. */
const MAX_STALLED_BEATS = 3

/** Milliseconds that a reader has to take the rest once its stream has ended. */
const LINGER = 5_000

/** Milliseconds that a browser waits before it reconnects. */
const RETRY = 1_000

/** Times in milliseconds. */
interface Timing {
  readonly heartbeat?: number
  readonly linger?: number
}

/**
 * One response in the event stream format.
 * Source: HTML Living Standard, section "Server-sent events".
 *
 * A reader that is slower than what happens is given what it can take, see `hasRoom`. One that takes nothing at all is
 * cut off; it can come back and resume.
 */
export class EventStream extends Readable {
  readonly #onRoom: () => void
  readonly #linger: number
  readonly #heartbeat: NodeJS.Timeout
  #lingering: NodeJS.Timeout | undefined
  #isAwaited = false
  #stalledBeats = 0
  #closed = false

  /** @param onRoom called when `hasRoom` has said no and the reader has taken what waited for it */
  constructor(onRoom: () => void, { heartbeat = HEARTBEAT_INTERVAL, linger = LINGER }: Timing = {}) {
    super({ highWaterMark: 0 })
    this.#onRoom = onRoom
    this.#linger = linger
    this.push(`retry: ${RETRY}\n`)
    this.#heartbeat = setInterval(() => this.#beat(), heartbeat)
    this.#heartbeat.unref()
  }

  /** Whether more may be sent now. If not, `onRoom` is called when it may. */
  hasRoom(): boolean {
    if (this.readableLength <= MAX_BUFFERED) return true
    this.#isAwaited = true
    return false
  }

  /** Sends an event. It is for the sender to ask whether there is room. */
  send(event: WireEvent, id?: number): void {
    this.sendEncoded(encode(event, id))
  }

  /** Sends what `encode` gave. */
  sendEncoded(text: string): void {
    if (this.destroyed || this.#closed) return
    this.push(text)
    this.#heartbeat.refresh()
  }

  /** Says why, and ends the stream. */
  close(reason?: string): void {
    if (this.destroyed || this.#closed) return
    if (reason) this.send({ event: 'error', data: { event_type: 'error', error: reason } })
    this.#closed = true
    clearInterval(this.#heartbeat)
    this.push(null)
    // The end waits behind what the reader has not taken, and it may never take it.
    this.#lingering = setTimeout(() => this.destroy(), this.#linger)
  }

  /** The reader has taken everything and wants more. */
  override _read(): void {
    this.#stalledBeats = 0
    if (!this.#isAwaited) return
    this.#isAwaited = false
    this.#onRoom()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    clearInterval(this.#heartbeat)
    clearTimeout(this.#lingering)
    callback(error)
  }

  #beat(): void {
    if (this.hasRoom()) this.send({ event: 'heartbeat', data: { timestamp: new Date() } })
    else if (++this.#stalledBeats >= MAX_STALLED_BEATS) this.close('The reader is too slow; reconnect to go on')
  }
}
