import { Readable } from 'node:stream'
import { Backlog, type Chunk, type Holder, TotalBacklog } from './backlog.js'
import { chunkOf, type WireEvent } from './wire.js'

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
interface Options {
  readonly heartbeat?: number
  readonly linger?: number
  /** What waits for the readers of the same account. */
  readonly backlog?: Backlog
}

/**
 * One response in the event stream format.
 * Source: HTML Living Standard, section "Server-sent events".
 *
 * A reader that is slower than what happens is given what it can take, see `hasRoom`. One that takes nothing at all is
 * cut off; it can come back and resume.
 *
 * The stream keeps its own queue, and gives Node.js one chunk at a time: so it knows when one has been taken.
 */
export class EventStream extends Readable implements Holder {
  readonly #onRoom: () => void
  readonly #linger: number
  readonly #backlog: Backlog
  readonly #heartbeat: NodeJS.Timeout
  #queue: Chunk[] = []
  /** The one that the reader is at. */
  #current: Chunk | undefined
  /** Bytes of all of these. */
  #held = 0
  #lastTook = performance.now()
  #isWanted = false
  /** Until it is the turn of the chunk that the reader comes to next. */
  #pacing: NodeJS.Timeout | undefined
  #lingering: NodeJS.Timeout | undefined
  #isAwaited = false
  #stalledBeats = 0
  #closed = false

  /** @param onRoom called when `hasRoom` has said no and there is room again */
  constructor(onRoom: () => void, { heartbeat = HEARTBEAT_INTERVAL, linger = LINGER, backlog }: Options = {}) {
    super({ highWaterMark: 0 })
    this.#onRoom = onRoom
    this.#linger = linger
    this.#backlog = backlog ?? new Backlog(new TotalBacklog())
    this.#enqueue({ bytes: Buffer.from(`retry: ${RETRY}\n`), holders: 0 })
    this.#heartbeat = setInterval(() => this.#beat(), heartbeat)
    this.#heartbeat.unref()
  }

  /** Who waits for us holds up nobody. */
  get lastTook(): number {
    return this.#pacing ? performance.now() : this.#lastTook
  }

  /** Whether more may be sent now. If not, `onRoom` is called when it may. */
  hasRoom(): boolean {
    if (this.#held > MAX_BUFFERED) {
      this.#isAwaited = true
      return false
    }
    if (!this.#backlog.isFull) return true
    this.#backlog.whenRoom(this.#onRoom)
    return false
  }

  /** Sends an event. It is for the sender to ask whether there is room. */
  send(event: WireEvent, id?: number): void {
    this.sendChunk(chunkOf(event, id))
  }

  /** Sends what other readers of the account may be sent as well. */
  sendChunk(chunk: Chunk): void {
    if (this.destroyed || this.#closed) return
    this.#enqueue(chunk)
    this.#heartbeat.refresh()
  }

  /** Says why, and ends the stream. */
  close(reason?: string): void {
    if (this.destroyed || this.#closed) return
    if (reason) this.send({ event: 'error', data: { event_type: 'error', error: reason } })
    this.#closed = true
    clearInterval(this.#heartbeat)
    if (this.#isWanted) this.#next()
    // The end waits behind what the reader has not taken, and it may never take it.
    this.#lingering = setTimeout(() => this.destroy(), this.#linger)
  }

  /** The reader has taken the last chunk that it was given. */
  override _read(): void {
    this.#stalledBeats = 0
    this.#lastTook = performance.now()
    this.#release()
    this.#isWanted = true
    this.#next()
    if (!this.#isAwaited || this.#held > 0) return
    this.#isAwaited = false
    this.#onRoom()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    clearInterval(this.#heartbeat)
    clearTimeout(this.#lingering)
    clearTimeout(this.#pacing)
    this.#release()
    const rest = this.#queue
    this.#queue = []
    this.#backlog.leave(this)
    for (const chunk of rest) this.#backlog.release(chunk)
    callback(error)
  }

  #enqueue(chunk: Chunk): void {
    if (this.#held === 0) this.#lastTook = performance.now()
    this.#backlog.hold(this, chunk)
    this.#held += chunk.bytes.length
    this.#queue.push(chunk)
    if (this.#isWanted) this.#next()
  }

  #next(): void {
    const chunk = this.#queue.shift()
    this.#current = chunk
    if (chunk) {
      this.#isWanted = false
      const pause = this.#backlog.pace(chunk)
      if (pause > 0) this.#pacing = setTimeout(() => this.#give(chunk), pause)
      else this.push(chunk.bytes)
    } else if (this.#closed) {
      this.#isWanted = false
      this.push(null)
    }
  }

  #give({ bytes }: Chunk): void {
    this.#pacing = undefined
    this.#lastTook = performance.now()
    this.push(bytes)
  }

  #release(): void {
    if (!this.#current) return
    this.#held -= this.#current.bytes.length
    if (this.#held === 0) this.#backlog.leave(this)
    const chunk = this.#current
    this.#current = undefined
    this.#backlog.release(chunk)
  }

  #beat(): void {
    if (this.#held === 0 || this.hasRoom()) this.send({ event: 'heartbeat', data: { timestamp: new Date() } })
    else if (++this.#stalledBeats >= MAX_STALLED_BEATS) this.close('The reader is too slow; reconnect to go on')
  }
}
