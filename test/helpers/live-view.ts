import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { until } from './wait-timeout.js'

export interface ServerEvent {
  readonly event: string
  readonly id: string | undefined
  readonly data: Record<string, unknown>
}

export interface WatchOptions {
  readonly token?: string
  readonly query?: Record<string, string>
  readonly headers?: Record<string, string>
  readonly method?: 'GET' | 'HEAD'
}

/** The subject of the view: a run, by its id, or the whole account. */
export type Watched = string | 'account'

function pathOf(watched: Watched): string {
  return watched === 'account' ? 'events/stream' : `agent-instances/${watched}/messages/stream`
}

/** Sends the request for a stream, over a connection of its own, and returns the answer before its body is read. */
export async function openStream(
  base: string,
  watched: Watched,
  { token, query = {}, headers = {}, method = 'GET' }: WatchOptions,
): Promise<IncomingMessage> {
  const url = new URL(`${base}/api/v1/${pathOf(watched)}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const sent = request(url, { method, headers: { ...authorization, ...headers }, agent: false })
  sent.end()
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve)
    sent.on('error', reject)
  })
  // Cut off, or closed: earlier events count.
  response.on('error', () => {})
  return response
}

/** The answer to a refused request for a stream. */
export async function refusal(base: string, watched: Watched, options: WatchOptions) {
  const response = await openStream(base, watched, options)
  const body = await text(response)
  return { status: response.statusCode, contentType: response.headers['content-type'], body: body && JSON.parse(body) }
}

/** A reader of an event stream: collects every event as it comes. */
export class LiveView {
  readonly events: ServerEvent[] = []
  readonly response: IncomingMessage
  /** Whether the service has ended the stream, or the connection broke. */
  ended = false
  #text = ''

  private constructor(response: IncomingMessage) {
    this.response = response
    response.setEncoding('utf8')
    response.once('close', () => {
      this.ended = true
    })
  }

  /** Connects, reads from that position on, and closes when the test ends. Resolves once `connected` has come. */
  static async open(t: Test, base: string, watched: Watched, options: WatchOptions): Promise<LiveView> {
    const view = await LiveView.connect(t, base, watched, options)
    view.read()
    await view.until((event) => event.event === 'connected')
    return view
  }

  /** Connects, and reads nothing until told to `read`. */
  static async connect(t: Test, base: string, watched: Watched, options: WatchOptions): Promise<LiveView> {
    const response = await openStream(base, watched, options)
    t.teardown(() => response.destroy())
    if (response.statusCode !== 200) throw new Error(`no stream: ${response.statusCode} ${await text(response)}`)
    return new LiveView(response)
  }

  read(): void {
    this.response.on('data', (chunk: string) => {
      const blocks = (this.#text + chunk).split('\n\n')
      this.#text = blocks.pop() ?? ''
      this.events.push(...blocks.flatMap(parseEvent))
    })
  }

  /** The data of the events with this name. */
  named(name: string): Record<string, unknown>[] {
    return this.events.filter(({ event }) => event === name).map(({ data }) => data)
  }

  /** The texts of the messages received. */
  get contents(): unknown[] {
    return this.named('message').map(({ content }) => content)
  }

  async until(matches: (event: ServerEvent) => boolean): Promise<void> {
    await until(`an event; there were ${JSON.stringify(this.events).slice(0, 2000)}`, () => this.events.some(matches))
  }

  async untilCount(name: string, count: number): Promise<void> {
    await until(`${count} × ${name}; there were ${this.named(name).length}`, () => this.named(name).length >= count)
  }

  async untilEnded(): Promise<void> {
    await until('the end of the stream', () => this.ended)
  }

  leave(): void {
    this.response.destroy()
  }
}

/** One event by the rules of the HTML Living Standard, section "Server-sent events", as far as the service uses them. */
function parseEvent(block: string): ServerEvent[] {
  const fields = new Map<string, string>()
  for (const line of block.split('\n')) {
    const [, name, value] = /^([^:]*): ?(.*)$/.exec(line) ?? []
    if (name && value !== undefined) fields.set(name, value)
  }
  const data = fields.get('data')
  if (data === undefined) return []
  return [{ event: fields.get('event') ?? 'message', id: fields.get('id'), data: JSON.parse(data) }]
}
