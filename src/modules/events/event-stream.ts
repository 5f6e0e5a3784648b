import { Readable } from 'node:stream'
import { Backlog, type Chunk, type Holder, TotalBacklog } from './backlog.js'
import { chunkOf, type WireEvent } from './wire.js'

/** Bytes buffered for a reader, the event that exceeds this limit included, before it is sent no more. */
const MAX_BUFFERED = 1024 * 1024

/** Milliseconds of silence after which a heartbeat shows proxies and readers that the stream is alive. */
const HEARTBEAT_INTERVAL = 20_000

/** Heartbeats that a reader may miss while it takes nothing of its backlog. Then it is cut off. */
const MAX_STALLED_BEATS = 3

/** Milliseconds that a reader has to take the rest after its stream has ended. */
const LINGER = 5_000

/** Milliseconds that a browser waits before it reconnects. */
const RETRY = 1_000

/** Times in milliseconds. */
interface Options {
  readonly heartbeat?: number
  readonly linger?: number
  /** The backlog of the account's readers. */
  readonly backlog?: Backlog
}

/**
 * One response in the event stream format. Source: HTML Living Standard, section "Server-sent events".
 *
 * A slow reader is sent what it can take, see `hasRoom`. One that takes nothing at all is cut off; it can reconnect and
 * resume.
 *
 * The stream keeps its own queue, and gives Node.js one chunk at a time: so it knows when one has been taken.
 */
export class EventStream extends Readable implements Holder {
  readonly #onRoom: () => void
  readonly #linger: number
  readonly #backlog: Backlog
  readonly #heartbeat: NodeJS.Timeout
  #queue: Chunk[] = []
  /** The chunk that the reader is taking. */
  #current: Chunk | undefined
  /** Bytes of all of these. */
  #held = 0
  #lastTook = performance.now()
  #isWanted = false
  /** The timer until the turn of the reader's next chunk. */
  #pacing: NodeJS.Timeout | undefined
  #lingering: NodeJS.Timeout | undefined
  #isAwaited = false
  #stalledBeats = 0
  #closed = false

  /** @param onRoom called when `hasRoom` was false and there is room again */
  constructor(onRoom: () => void, { heartbeat = HEARTBEAT_INTERVAL, linger = LINGER, backlog }: Options = {}) {
    super({ highWaterMark: 0 })
    this.#onRoom = onRoom
    this.#linger = linger
    this.#backlog = backlog ?? new Backlog(new TotalBacklog())
    this.#enqueue({ bytes: Buffer.from(`retry: ${RETRY}\n`), holders: 0 })
    this.#heartbeat = setInterval(() => this.#beat(), heartbeat)
    this.#heartbeat.unref()
  }

  /** A reader that waits for its chunk to be paced is not stalled. */
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

  /** Sends an event. The sender has to check `hasRoom` first. */
  send(event: WireEvent, id?: number): void {
    this.sendChunk(chunkOf(event, id))
  }

  /** Sends a chunk that other readers of the account may share. */
  sendChunk(chunk: Chunk): void {
    if (this.destroyed || this.#closed) return
    this.#enqueue(chunk)
    this.#heartbeat.refresh()
  }

  /** Sends the reason, and ends the stream. */
  close(reason?: string): void {
    if (this.destroyed || this.#closed) return
    if (reason) this.send({ event: 'error', data: { event_type: 'error', error: reason } })
    this.#closed = true
    clearInterval(this.#heartbeat)
    if (this.#isWanted) this.#next()
    // The end is queued behind the backlog, which the reader may never take.
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
