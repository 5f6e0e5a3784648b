import { once } from 'node:events'
import { connect } from 'node:net'

/** A stream to open. */
export interface Reader {
  readonly path: string
  readonly token: string
}

/** Commands to this process; it answers `{ done: true }`, or its samples. */
export type Order =
  | { readonly open: readonly Reader[]; readonly port: number; readonly name: string }
  | { readonly collect: string }

/** The samples of one server's readers since the last report. */
export interface Collected {
  /** Milliseconds from each message's `created_at` to its receipt. */
  readonly latencies: number[]
  /** Streams that have ended. */
  readonly ended: number
}

/** How many streams connect at the same time. */
const CONNECTING = 20

/** The shortest prefix that shows a working stream. */
const CONNECTED = 'event: connected'

/** Occurs in each message event, and nowhere else. A time of 24 characters follows it. */
const MARK = '"created_at":"'
const TIME_LENGTH = '2026-01-01T00:00:00.000Z'.length

const servers = new Map<string, { latencies: number[]; ended: number }>()

// No process outlives the benchmark.
process.once('disconnect', () => process.exit())

process.on('message', async (order: Order) => {
  if ('open' in order) {
    const tally = { latencies: [], ended: 0 }
    servers.set(order.name, tally)
    const waiting = [...order.open]
    const openNext = async () => {
      for (let reader = waiting.pop(); reader; reader = waiting.pop()) await open(order.port, reader, tally)
    }
    await Promise.all(Array.from({ length: CONNECTING }, openNext))
    process.send?.({ done: true })
  } else {
    const tally = servers.get(order.collect)
    process.send?.({ latencies: tally?.latencies.splice(0) ?? [], ended: tally?.ended ?? 0 })
  }
})

/**
 * Opens a stream over a bare socket: thousands of them share the cores with the measured process. The reader only looks for the
 * times of messages. An event is written at once, so no chunk of the encoding begins within a time.
 */
async function open(port: number, { path, token }: Reader, tally: { latencies: number[]; ended: number }) {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.setEncoding('latin1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  const closed = new AbortController()
  socket.once('close', () => closed.abort(new Error(`no stream: ${path}`)))
  let head = ''
  while (!head.includes(CONNECTED)) {
    const [chunk] = await once(socket, 'data', { signal: closed.signal })
    head += chunk
    if (!'HTTP/1.1 200'.startsWith(head.slice(0, 12))) throw new Error(`no stream: ${head}`)
  }
  let rest = ''
  socket.on('data', (chunk: string) => {
    rest = readTimes(rest + chunk, tally.latencies)
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    tally.ended++
  })
}

/** @returns the beginning of an incomplete time, if any */
function readTimes(text: string, latencies: number[]): string {
  let from = 0
  for (let at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, from)) {
    const start = at + MARK.length
    if (text.length < start + TIME_LENGTH) return text.slice(at)
    from = start + TIME_LENGTH
    latencies.push(Date.now() - Date.parse(text.slice(start, from)))
  }
  return text.slice(Math.max(from, text.length - MARK.length + 1))
}
