import { Readable } from 'node:stream'
import type { NumberedEvent } from './feed.js'

/** Bytes that may wait for a reader that does not read. Then it is cut off; it can come back and resume. */
const MAX_BUFFERED = 1024 * 1024

/** Milliseconds of silence after which a heartbeat shows proxies and readers that the stream is alive. */
const HEARTBEAT_INTERVAL = 20_000

/** Milliseconds that a browser waits before it reconnects. */
const RETRY = 1_000

/**
 * One response in the event stream format.
 * Source: HTML Living Standard, section "Server-sent events".
 */
export class EventStream extends Readable {
  readonly #heartbeat: NodeJS.Timeout
  #closed = false

  constructor() {
    super({ highWaterMark: 0 })
    this.push(`retry: ${RETRY}\n`)
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_INTERVAL)
    this.#heartbeat.unref()
  }

  /** Sends an event, or cuts the reader off if too much is waiting for it. */
  send({ event, data, revision }: NumberedEvent): void {
    if (this.destroyed || this.#closed) return
    if (this.readableLength > MAX_BUFFERED) {
      this.destroy()
      return
    }
    const id = revision === undefined ? '' : `id: ${revision}\n`
    this.push(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    this.#heartbeat.refresh()
  }

  /** Says why, and ends the stream. What is sent from then on goes nowhere, while a slow reader still gets the rest. */
  close(reason?: string): void {
    if (reason) this.send({ event: 'error', data: { error: reason } })
    if (this.destroyed || this.#closed) return
    this.#closed = true
    clearInterval(this.#heartbeat)
    this.push(null)
  }

  override _read(): void {}

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    clearInterval(this.#heartbeat)
    callback(error)
  }

  #beat(): void {
    this.send({ event: 'heartbeat', data: { timestamp: new Date() } })
  }
}
