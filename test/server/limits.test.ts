import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { chatOf } from '../helpers/chat.js'
import { openStream } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { until, WAIT_TIMEOUT_MS } from '../helpers/wait-timeout.js'

/** Short, so that the test is; long enough for an honest client on a busy machine. */
const timeouts = { headers: 500, request: 1_500, check: 100 }

interface Conversation {
  readonly socket: Socket
  readonly received: () => string
  readonly closed: Promise<unknown>
}

async function converse(t: Test, base: string): Promise<Conversation> {
  const socket = connect(Number(new URL(base).port), '127.0.0.1')
  t.teardown(() => socket.destroy())
  let received = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk
  })
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  await once(socket, 'connect')
  return { socket, received: () => received, closed }
}

/** Sends a byte every so often, as long as anybody listens. @returns when the other side has had enough */
async function dribble({ socket, closed }: Conversation, text: string): Promise<void> {
  const abort = new AbortController()
  const late = sleep(WAIT_TIMEOUT_MS, 'late', { signal: abort.signal })
  let isOver = false
  const end = Promise.race([closed, late]).finally(() => {
    isOver = true
    abort.abort()
  })
  late.catch(() => {})
  for (const character of text) {
    if (isOver) break
    socket.write(character)
    await Promise.race([sleep(50), end])
  }
  if ((await end) === 'late') throw new Error('the connection is still open')
}

t.test('whoever dribbles is cut off, and the service goes on', async (t) => {
  const service = await startService(t, {}, { timeouts })
  const base = await listen(service)
  const user = await service.newUser()
  service.secrets.add(user.token)

  t.test('headers that never end', async (t) => {
    const conversation = await converse(t, base)
    await dribble(conversation, `GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ${'x'.repeat(2_000)}`)
    t.match(conversation.received(), /^HTTP\/1\.1 408 .*application\/problem\+json.*"code":"request_timeout"/s)
  })

  t.test('a body that never ends', async (t) => {
    const conversation = await converse(t, base)
    conversation.socket.write(
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n',
    )
    await dribble(conversation, `{"email":"${'x'.repeat(2_000)}`)
    t.match(conversation.received(), /^HTTP\/1\.1 408 .*application\/problem\+json.*"code":"request_timeout"/s)
  })

  t.test('a connection on which nothing is ever sent', async (t) => {
    const conversation = await converse(t, base)
    await dribble(conversation, '')
    t.notMatch(conversation.received(), / 200 /)
  })

  t.test('a second request on a connection that began well', async (t) => {
    const conversation = await converse(t, base)
    conversation.socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n')
    await until('the first answer', () => conversation.received().includes('healthy'))
    await dribble(conversation, `GET /health HTTP/1.1\r\nX-Slow: ${'x'.repeat(2_000)}`)
    t.match(conversation.received(), / 200 .* 408 /s)
  })

  t.test('an event stream outlives all of these limits', async (t) => {
    const id = '0199b1a5-0c7e-4d3a-b1de-5f7f3a4f9b21'
    const chat = chatOf(user, await user.newAgent(), id)
    await chat.post('start', { agent_type: 'tester' })
    const stream = await openStream(base, id, { token: user.token })
    let text = ''
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    await sleep(2 * timeouts.request)
    await chat.post('after all of the timeouts')
    await until('the message', () => text.includes('after all of the timeouts'))
    t.notOk(stream.closed)
    stream.destroy()
  })

  t.equal((await fetch(`${base}/health`)).status, 200)
})

t.test('a reader that takes nothing of its answers is cut off, and nothing of them is left', async (t) => {
  const service = await startService(t, {}, { timeouts: { silence: 500 } })
  const accepted = once(service.app.server, 'connection')
  const conversation = await converse(t, await listen(service))
  await accepted
  conversation.socket.pause()
  // More than the buffers of both sides hold, so some of the answers wait behind others.
  conversation.socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(100))
  await until('it to be given up', () => openConnections(service.app.server).then((count) => count === 0))
  await t.resolves(service.app.inFlight.done())
})

t.test('by default the times are bounded, and fit each other', async (t) => {
  const { app } = await startService(t)
  const { headersTimeout, requestTimeout, keepAliveTimeout, timeout } = app.server
  t.ok(headersTimeout >= 5_000 && headersTimeout <= 30_000)
  t.ok(requestTimeout > headersTimeout && requestTimeout <= 120_000)
  t.ok(keepAliveTimeout > 60_000, 'proxies close idle connections first')
  t.ok(timeout > 60_000 && timeout <= 120_000, 'a long poll is silent for a minute')
})

t.test('URLs, headers and parameters are bounded', async (t) => {
  const service = await startService(t)
  const { request } = service
  const base = await listen(service)
  const url = (length: number) => `/health?${'x'.repeat(length - '/health?'.length)}`
  t.equal((await fetch(base + url(8_192))).status, 200)
  const tooLong = await fetch(base + url(8_193))
  t.equal(tooLong.status, 414)
  t.match(tooLong.headers.get('content-type'), 'application/problem+json')
  t.match(await tooLong.json(), { status: 414, code: 'uri_too_long', detail: /8192/ })
  t.equal((await request('GET', `/api/v1/nothing/${'x'.repeat(9_000)}`)).status, 414, 'also where there is no route')
  const parameter = await request('GET', `/api/v1/agent-instances/${'x'.repeat(101)}`)
  t.match(parameter, { status: 414, body: { code: 'uri_too_long' } })

  const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, 'x']))
  t.equal((await fetch(`${base}/health`, { headers: headers(90) })).status, 200)
  const tooMany = await fetch(`${base}/health`, { headers: headers(101) })
  t.equal(tooMany.status, 431)
  t.match(await tooMany.json(), { code: 'headers_too_large', detail: /100/ })

  const conversation = await converse(t, base)
  conversation.socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(17_000)}\r\n\r\n`)
  await conversation.closed
  t.match(conversation.received(), /^HTTP\/1\.1 431 .*"code":"headers_too_large"/s)
})

function openConnections(server: { getConnections(done: (error: Error | null, count: number) => void): unknown }) {
  return new Promise<number>((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}
