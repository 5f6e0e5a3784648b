import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { Methods } from './methods.js'
import { asError, SignalboxError } from './problem.js'
import type { Problem, StreamEvent } from './types.js'
import { cancellable, sleep } from './waiting.js'

type Numbered<Event> = Event & { readonly id: string | undefined }

/**
 * Something that happened in an account, or `connected` each time the stream begins or goes on. `id` is where a later
 * stream can take up from, where the event has one.
 */
export type AccountEvent = Numbered<Exclude<StreamEvent, { event: 'heartbeat' | 'error' }>>

/** The same for one instance. */
export type InstanceEvent = Exclude<AccountEvent, { event: 'instance_created' }>

/** How the connection is. `reason` is why the previous one ended: an error, or undefined if it just ended. */
export type StreamState =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  | { readonly state: 'waiting'; readonly milliseconds: number; readonly reason: unknown }
  | { readonly state: 'closed' }

/** How to read a stream, and from where on. */
export interface StreamOptions {
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined
  /** The `id` of the last event that was seen; `'0'` for everything from the beginning. Without it: what is new. */
  readonly lastEventId?: string | undefined
  /** Called on each change of the connection. */
  readonly onState?: ((state: StreamState) => void) | undefined
  /** Milliseconds without a byte after which the connection counts as dead; the service says something every 20 s. */
  readonly silenceTimeout?: number | undefined
}

/** The reader's position, across connections. */
interface StreamPosition {
  lastEventId: string | undefined
  /** Milliseconds before a new attempt, as the service asked. */
  retry: number
  /** Attempts since the last event. */
  failures: number
}

const MAX_BACKOFF = 30_000

/** Statuses under 500 that pass on their own. */
const TEMPORARY = [408, 425, 429]

/** The events of the contract. Others, which a newer service may send, are skipped. */
const known = {
  connected: true,
  instance_created: true,
  message: true,
  message_update: true,
  status_update: true,
  git_diff_update: true,
  agent_heartbeat: true,
  heartbeat: true,
  error: true,
} satisfies Record<StreamEvent['event'], true>

/**
 * Watches an instance. A lost connection is reopened with a fresh token and resumes after the last delivered event: none is
 * lost, doubled or out of order. Ends when the instance is deleted or `signal` aborts.
 *
 * @param client a client with a person's credentials
 * @throws {SignalboxError} when trying again is no use: the credentials are refused, there is no such instance
 */
export async function* streamMessages(
  client: Pick<Methods, 'GET'>,
  instanceId: string,
  options: StreamOptions = {},
): AsyncGenerator<InstanceEvent, void, undefined> {
  const open = (init: Init, header: Resume) =>
    client.GET('/api/v1/agent-instances/{id}/messages/stream', {
      params: { path: { id: instanceId }, header },
      ...init,
    })
  for await (const event of stream(open, options)) {
    if (event.event === 'instance_created') continue
    yield event
    if (isDeletion(event)) return
  }
}

/**
 * Watches a person's account: all instances, including ones made later. Otherwise like `streamMessages`. Ends when `signal`
 * aborts.
 *
 * @param client a client with a person's credentials
 * @throws {SignalboxError} when trying again is no use: the credentials are refused
 */
export async function* streamEvents(
  client: Pick<Methods, 'GET'>,
  options: StreamOptions = {},
): AsyncGenerator<AccountEvent, void, undefined> {
  yield* stream((init, header) => client.GET('/api/v1/events/stream', { params: { header }, ...init }), options)
}

/** The resume position, as the service reads it. */
type Resume = { 'last-event-id'?: string }

interface Init {
  readonly headers: Record<string, string>
  readonly cache: 'no-store'
  readonly parseAs: 'stream'
  readonly signal: AbortSignal
}

/** Sends the request for a stream. */
type Open = (init: Init, header: Resume) => Promise<{ error?: Problem; response: Response }>

/** Connects repeatedly, until retrying is pointless. */
async function* stream(open: Open, options: StreamOptions): AsyncGenerator<AccountEvent, void, undefined> {
  const { signal, onState = () => {} } = options
  const position: StreamPosition = { lastEventId: options.lastEventId, retry: 1000, failures: 0 }
  try {
    while (!signal?.aborted) {
      let reason: unknown
      try {
        for await (const event of connect(open, position, options)) {
          yield event
          if (signal?.aborted) return
        }
      } catch (error) {
        if (signal?.aborted) return
        if (isFinal(error)) throw error
        reason = error
      }
      const milliseconds = delay(position, reason)
      position.failures++
      onState({ state: 'waiting', milliseconds, reason })
      await sleep(milliseconds, signal)
    }
  } finally {
    onState({ state: 'closed' })
  }
}

/** One connection. Moves the position behind each event that it yields. */
async function* connect(
  open: Open,
  position: StreamPosition,
  { signal, onState = () => {}, silenceTimeout = 60_000 }: StreamOptions,
): AsyncGenerator<AccountEvent, void, undefined> {
  const connection = new AbortController()
  const disconnect = () => connection.abort()
  signal?.addEventListener('abort', disconnect)
  const soon = <T>(work: Promise<T>) => cancellable(work, connection.signal, silenceTimeout)
  const received: EventSourceMessage[] = []
  const parser = createParser({
    onEvent: (event) => received.push(event),
    onRetry: (milliseconds) => {
      position.retry = milliseconds
    },
  })
  try {
    onState({ state: 'connecting' })
    const body = await soon(bodyOf(open, position.lastEventId, connection.signal))
    onState({ state: 'open' })
    const reader = body.getReader()
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await soon(reader.read())
      if (done) return
      parser.feed(decoder.decode(value, { stream: true }))
      for (const message of received.splice(0)) {
        const event = parse(message)
        position.lastEventId = message.id ?? position.lastEventId
        position.failures = 0
        if (!isKnown(event) || event.event === 'heartbeat') continue
        if (event.event === 'error') throw new StreamEndedError(event.data.error)
        yield event
      }
    }
  } finally {
    signal?.removeEventListener('abort', disconnect)
    disconnect()
  }
}

async function bodyOf(open: Open, lastEventId: string | undefined, signal: AbortSignal) {
  const { error, response } = await open(
    { headers: { accept: 'text/event-stream' }, cache: 'no-store', parseAs: 'stream', signal },
    lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  )
  if (error) throw asError(error, response)
  const type = response.headers.get('content-type') ?? 'nothing'
  if (!response.body || !type.startsWith('text/event-stream')) throw new NotAStreamError(type)
  return response.body
}

/** Another server answers at this address, such as one that serves the frontend's page. */
class NotAStreamError extends Error {
  constructor(type: string) {
    super(`Expected an event stream, got ${type}: check baseUrl`)
  }
}

/** The service ended the stream and said why: it has been open for a day, the session has ended, or the service restarts. */
class StreamEndedError extends Error {}

function parse({ event = 'message', data, id }: EventSourceMessage): Numbered<{ event: string; data: unknown }> {
  return { event, data: JSON.parse(data), id }
}

/** The event's name determines the type of its data, by the contract. */
function isKnown(event: Numbered<{ event: string; data: unknown }>): event is Numbered<StreamEvent> {
  return Object.hasOwn(known, event.event)
}

function isDeletion(event: InstanceEvent): boolean {
  return event.event === 'status_update' && event.data.status === 'DELETED'
}

function isFinal(error: unknown): boolean {
  if (error instanceof NotAStreamError) return true
  return error instanceof SignalboxError && error.status < 500 && !TEMPORARY.includes(error.status)
}

/** Grows with each attempt, is never shorter than the service asks, and has jitter for readers that lost it together. */
function delay({ retry, failures }: StreamPosition, reason: unknown): number {
  const backoff = Math.max(retry, Math.min(retry * 2 ** failures, MAX_BACKOFF))
  const asked = reason instanceof SignalboxError ? (reason.retryAfter ?? 0) * 1000 : 0
  return Math.max(backoff, asked) * (1 + Math.random() / 2)
}
