import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Test } from 'tap'
import { serve } from './network.js'
import { eventually } from './wait-timeout.js'

/** A request to a receiver. */
export interface Received {
  readonly path: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** Raw, for signatures. */
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: what a body holds is what the tests assert
  readonly body: any
}

export type Answering = (received: Received, response: ServerResponse, count: number) => unknown

/** A server that webhooks call. */
export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** Sets the answer from now on; initially 200. */
  answer(answering: Answering): void
  /** Waits for a number of requests. */
  until(count: number): Promise<Received[]>
}

export const ok: Answering = (_received, response) => response.end('ok')

/** Answers with a status. */
export const status =
  (code: number): Answering =>
  (_received, response) =>
    response.writeHead(code).end()

export async function startReceiver(t: Test): Promise<Receiver> {
  const received: Received[] = []
  let answering = ok
  const url = await serve(t, async (request, response) => {
    const one = await read(request)
    received.push(one)
    await answering(one, response, received.length)
  })
  return {
    url: `${url}/hook`,
    received,
    answer: (next) => {
      answering = next
    },
    until: (count) => eventually(async () => received.length >= count && received),
  }
}

/**
 * A receiver whose answers echo the request, as careless receivers do.
 *
 * @param behave gives the status
 */
export async function startEchoingReceiver(
  t: Test,
  behave: (received: Received) => number | Promise<number> = () => 200,
): Promise<Receiver> {
  const receiver = await startReceiver(t)
  receiver.answer(async (one, response) => {
    response.writeHead(await behave(one)).end(JSON.stringify({ ...one, echo: 'receiver-says-this' }))
  })
  return { ...receiver, url: new URL(receiver.url).origin }
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return {
    path: request.url ?? '',
    method: request.method ?? '',
    headers: request.headers,
    text,
    body: text === '' ? undefined : JSON.parse(text),
  }
}
