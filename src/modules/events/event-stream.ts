import { Readable } from 'node:stream'
import type { NumberedEvent } from './feed.js'

/** Bytes that may wait for a reader, and one event more. Then it gets no others until it has read them. */
const MAX_BUFFERED = 1024 * 1024

/**
 * Milliseconds of silence after which a heartbeat shows proxies and readers that the stream is alive. A reader that has
 * not read what waits for it in that time is cut off; it can come back and resume.
 */
const HEARTBEAT_INTERVAL = 20_000

/** Milliseconds that a browser waits before it reconnects. */
const RETRY = 1_000

/**
 * One response in the event stream format. Emits `drain` when it is ready again.
 * Source: HTML Living Standard, section "Server-sent events".
 */
export class EventStream extends Readable {
  readonly #heartbeat: NodeJS.Timeout
  #closed = false
  #full = false

  constructor() {
    super({ highWaterMark: 0 })
    this.push(`retry: ${RETRY}\n`)
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_INTERVAL)
    this.#heartbeat.unref()
  }

  /** Whether the reader keeps up. While it does not, nothing should be sent to it: what happens can be looked up later. */
  get isReady(): boolean {
    return !this.#full
  }

  send({ event, data, revision }: NumberedEvent): void {
    if (this.destroyed || this.#closed) return
    const id = revision === undefined ? '' : `id: ${revision}\n`
    this.push(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    this.#full = this.readableLength > MAX_BUFFERED
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

  /** Called when everything that was pushed has been taken. */
  override _read(): void {
    if (!this.#full) return
    this.#full = false
    this.emit('drain')
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    clearInterval(this.#heartbeat)
    callback(error)
  }

  #beat(): void {
    if (this.#full) this.destroy()
    else this.send({ event: 'heartbeat', data: { timestamp: new Date() } })
  }
}
