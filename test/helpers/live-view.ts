import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import type { TestService } from './app.js'

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

/** Longer than anything takes on a busy machine: whoever waits this long waits in vain. */
const PATIENCE = 20_000

/** Serves a started service over real HTTP. @returns its base URL */
export function listen(service: TestService): Promise<string> {
  return service.app.listen({ port: 0, host: '127.0.0.1' })
}

/** Waits until something is so. @throws {Error} naming what did not come */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await sleep(10)
  }
}

export function openStream(base: string, instanceId: string, options: WatchOptions, signal?: AbortSignal) {
  const url = new URL(`${base}/api/v1/agent-instances/${instanceId}/messages/stream`)
  for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value)
  const headers: Record<string, string> = { ...options.headers }
  if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`
  return fetch(url, { method: options.method ?? 'GET', headers, signal: signal ?? null })
}

/** A reader of an instance's event stream: collects every event as it comes. */
export class LiveView {
  readonly events: ServerEvent[] = []
  readonly response: Response
  /** Whether the service has ended the stream, or the connection broke. */
  ended = false
  readonly #abort: AbortController
  readonly #reading: Promise<void>

  private constructor(response: Response, abort: AbortController) {
    this.response = response
    this.#abort = abort
    this.#reading = this.#read()
  }

  /** Connects, waits for `connected`, and leaves when the test ends. */
  static async open(t: Test, base: string, instanceId: string, options: WatchOptions): Promise<LiveView> {
    const abort = new AbortController()
    const response = await openStream(base, instanceId, options, abort.signal)
    if (response.status !== 200) throw new Error(`no stream: ${response.status} ${await response.text()}`)
    const view = new LiveView(response, abort)
    t.teardown(() => view.leave())
    await view.until((event) => event.event === 'connected')
    return view
  }

  /** The data of the events with this name. */
  named(name: string): Record<string, unknown>[] {
    return this.events.filter(({ event }) => event === name).map(({ data }) => data)
  }

  /** The texts of the messages that came. */
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

  async leave(): Promise<void> {
    this.#abort.abort()
    await this.#reading
  }

  async #read(): Promise<void> {
    let text = ''
    try {
      for await (const chunk of (this.response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        const blocks = (text + chunk).split('\n\n')
        text = blocks.pop() ?? ''
        this.events.push(...blocks.flatMap(parseEvent))
      }
    } catch {
      // Left, or cut off. What came before counts.
    }
    this.ended = true
  }
}

/** One event by the rules of the HTML Living Standard, section "Server-sent events", as far as the service uses them. */
export function parseEvent(block: string): ServerEvent[] {
  const fields = new Map<string, string>()
  for (const line of block.split('\n')) {
    const [, name, value] = /^([^:]*): ?(.*)$/.exec(line) ?? []
    if (name && value !== undefined) fields.set(name, value)
  }
  const data = fields.get('data')
  if (data === undefined) return []
  return [{ event: fields.get('event') ?? 'message', id: fields.get('id'), data: JSON.parse(data) }]
}
