import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSignalboxClient, type StreamOptions, type StreamState, streamMessages } from 'signalbox/client'
import t, { type Test } from 'tap'
import { serve } from '../helpers/network.js'

type Connection = (response: ServerResponse, request: IncomingMessage) => void

/** Plays a service that behaves, connection by connection, as the test says. The last one goes for all that follow. */
async function play(t: Test, connections: Connection[], options: StreamOptions = {}) {
  const requests: { lastEventId: string | undefined; authorization: string | undefined; url: string | undefined }[] = []
  const baseUrl = await serve(t, (request, response) => {
    const { headers, url } = request
    requests.push({ lastEventId: header(headers['last-event-id']), authorization: headers.authorization, url })
    const connection = connections[Math.min(requests.length, connections.length) - 1]
    connection?.(response, request)
  })
  const states: StreamState[] = []
  let asked = 0
  const client = createSignalboxClient({ baseUrl, token: () => `token-${++asked}` })
  const stream = streamMessages(client, 'an-id', { onState: (state) => states.push(state), ...options })
  const take = async (count: number) => {
    const taken: (string | undefined)[] = []
    while (taken.length < count) {
      const { value, done } = await stream.next()
      if (done) break
      taken.push(value.event === 'message' ? value.data.content : value.event)
    }
    return taken
  }
  t.teardown(() => stream.return())
  return { requests, states, stream, take }
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join() : value
}

const begin = (response: ServerResponse, text = '') => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  response.write(`retry: 20\n\n${text}`)
}
const message = (id: number, content: string) => `id: ${id}\nevent: message\ndata: ${JSON.stringify({ content })}\n\n`
const answer =
  (status: number, headers: Record<string, string> = {}): Connection =>
  (response) =>
    response.writeHead(status, headers).end()

t.test(
  'each connection asks for a token and goes on behind the last event, whose id may be an older one',
  async (t) => {
    const { requests, take } = await play(t, [
      (response) => {
        begin(
          response,
          `${message(1, 'one')}${message(2, 'two')}event: agent_heartbeat\ndata: {}\n\nid: 9\nevent: message`,
        )
        response.end()
      },
      (response) => begin(response, message(3, 'three')),
    ])
    t.strictSame(await take(4), ['one', 'two', 'agent_heartbeat', 'three'])
    t.strictSame(requests, [
      { lastEventId: undefined, authorization: 'Bearer token-1', url: '/api/v1/agent-instances/an-id/messages/stream' },
      { lastEventId: '2', authorization: 'Bearer token-2', url: '/api/v1/agent-instances/an-id/messages/stream' },
    ])
  },
)

t.test('events may be cut anywhere into packets, within a character too', async (t) => {
  const text = `: a comment\r\n${message(1, 'größer 👍')}${message(2, 'zwei\nZeilen')}`
  const { take } = await play(t, [
    async (response) => {
      begin(response)
      for (const byte of Buffer.from(text)) {
        if (!response.write(Buffer.of(byte))) await once(response, 'drain')
        await new Promise(setImmediate)
      }
    },
  ])
  t.strictSame(await take(2), ['größer 👍', 'zwei\nZeilen'])
})

t.test('heartbeats and events that this client does not know are passed over, but their ids count', async (t) => {
  const { requests, take } = await play(t, [
    (response) => {
      begin(response, `${message(1, 'one')}event: heartbeat\ndata: {}\n\nid: 2\nevent: from_the_future\ndata: {}\n\n`)
      response.end('event: toString\ndata: {}\n\n')
    },
    (response) => begin(response, message(3, 'three')),
  ])
  t.strictSame(await take(2), ['one', 'three'])
  t.strictSame(
    requests.map(({ lastEventId }) => lastEventId),
    [undefined, '2'],
  )
})

t.test('the last word of the service is the reason for the next attempt, and no event', async (t) => {
  const { states, take } = await play(t, [
    (response) => {
      begin(response, message(1, 'one'))
      response.end(`event: error\ndata: {"error":"The service is restarting"}\n\n`)
    },
    (response) => begin(response, message(2, 'two')),
  ])
  t.strictSame(await take(2), ['one', 'two'])
  t.match(states, [
    { state: 'connecting' },
    { state: 'open' },
    { state: 'waiting', reason: { message: 'The service is restarting' } },
    { state: 'connecting' },
    { state: 'open' },
  ])
})

t.test('a connection on which nothing is heard counts as dead, answered or not', async (t) => {
  const { states, requests, take } = await play(
    t,
    [() => {}, (response) => begin(response, message(1, 'one')), (response) => begin(response, message(2, 'two'))],
    { silenceTimeout: 1_000 },
  )
  t.strictSame(await take(2), ['one', 'two'])
  t.strictSame(
    requests.map(({ lastEventId }) => lastEventId),
    [undefined, undefined, '1'],
  )
  const reasons = states.flatMap((state) => (state.state === 'waiting' ? [state.reason] : []))
  t.match(reasons, [{ message: /Nothing was heard/ }, { message: /Nothing was heard/ }])
})

t.test('a slow reader is not taken for a dead connection', async (t) => {
  const { states, take } = await play(t, [(response) => begin(response, `${message(1, 'one')}${message(2, 'two')}`)], {
    silenceTimeout: 300,
  })
  t.strictSame(await take(1), ['one'])
  await new Promise((done) => setTimeout(done, 600))
  t.strictSame(await take(1), ['two'])
  t.notOk(states.some(({ state }) => state === 'waiting'))
})

t.test('attempts get rarer, but never more frequent than the service wishes', async (t) => {
  const { states, take } = await play(t, [
    (response) => {
      begin(response, message(1, 'one'))
      response.end()
    },
    (response) => {
      begin(response)
      response.end()
    },
    answer(500),
    answer(429, { 'retry-after': '1' }),
    (response) => response.destroy(),
    (response) => begin(response, message(2, 'two')),
  ])
  t.strictSame(await take(2), ['one', 'two'])
  const waits = states.flatMap((state) => (state.state === 'waiting' ? [state.milliseconds] : []))
  t.equal(waits.length, 5)
  for (const [i, least] of [20, 40, 80, 1000, 320].entries()) {
    const wait = waits[i] ?? 0
    t.ok(wait >= least && wait <= least * 1.5, `wait ${i} is ${wait}`)
  }
})

t.test('a token is renewed before a 401 is given up on', async (t) => {
  const { requests, take, stream } = await play(t, [
    answer(401),
    (response) => {
      begin(response, message(1, 'one'))
      response.end()
    },
    answer(401),
    answer(401),
  ])
  t.strictSame(await take(1), ['one'])
  await t.rejects(stream.next(), { name: 'SignalboxError', status: 401 })
  t.equal(requests.length, 4)
  t.equal(new Set(requests.map(({ authorization }) => authorization)).size, 4)
})

t.test('an answer that is no event stream is an error, not something to try again', async (t) => {
  const { stream, requests } = await play(t, [
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>The frontend</title>'),
  ])
  await t.rejects(stream.next(), { message: 'Expected an event stream, got text/html: check baseUrl' })
  t.equal(requests.length, 1)
})

t.test('an abort is heard while waiting for the next attempt, and between events that have come', async (t) => {
  const waiting = new AbortController()
  const away = await play(t, [answer(503, { 'retry-after': '600' })], {
    signal: waiting.signal,
    onState: ({ state }) => {
      if (state === 'waiting') setImmediate(() => waiting.abort())
    },
  })
  t.strictSame(await away.take(1), [])

  const between = new AbortController()
  const two = await play(t, [(response) => begin(response, `${message(1, 'one')}${message(2, 'two')}`)], {
    signal: between.signal,
  })
  t.strictSame(await two.take(1), ['one'])
  between.abort()
  t.strictSame(await two.take(1), [])
})
