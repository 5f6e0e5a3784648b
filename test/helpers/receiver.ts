import type { IncomingHttpHeaders } from 'node:http'
import type { Test } from 'tap'
import { serve } from './network.js'

export interface Received {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: what a body holds is what the tests assert
  readonly body: any
}

/** What a receiver answers: a status, and a body that echoes what it was sent, as careless ones do. */
type Behaviour = (received: Received) => number | Promise<number>

export interface Receiver {
  readonly url: string
  /** What arrived, in order. */
  readonly received: Received[]
}

/** A receiver of webhooks on loopback. It is closed when the test ends. */
export async function startReceiver(t: Test, behave: Behaviour = () => 200): Promise<Receiver> {
  const received: Received[] = []
  const url = await serve(t, async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const call = { url: request.url ?? '', headers: request.headers, body: text === '' ? undefined : JSON.parse(text) }
    received.push(call)
    response.writeHead(await behave(call)).end(JSON.stringify({ ...call, echo: 'receiver-says-this' }))
  })
  return { url, received }
}
