import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { OutgoingCaller, type OutgoingOptions } from '../../src/outgoing/caller.js'
import { OutgoingError } from '../../src/outgoing/outgoing-error.js'
import { selfSigned } from '../helpers/certificate.js'
import { nameServer } from '../helpers/dns.js'
import { portOf, serve } from '../helpers/network.js'

/** Whose calls they are, and what for. */
const ours = { userId: '0199b1a0-4f2e-7a11-8d3c-1b2a3c4d5e6f', purpose: 'launch' } as const

function callerFor(t: Test, options: Partial<OutgoingOptions> = {}): OutgoingCaller {
  const caller = new OutgoingCaller({ userAgent: 'Signalbox/test', allowNetworks: ['127.0.0.0/8'], ...options })
  t.teardown(() => caller.close())
  return caller
}

/** How a call failed. */
async function failure(call: Promise<unknown>): Promise<OutgoingError> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error instanceof OutgoingError) return error
  throw new Error('the call did not fail as it should', { cause: error })
}

/** A server that speaks to each connection as the test says. @returns its base URL */
async function serveRaw(t: Test, onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(async () => {
    const closed = new Promise((done) => server.close(done))
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return `http://127.0.0.1:${portOf(server)}`
}

async function serveTls(t: Test, hostname: string): Promise<{ url: string; port: number; cert: string }> {
  const { key, cert } = selfSigned(hostname)
  const server = createTlsServer({ key, cert }, (_request, response) => response.end('encrypted'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(async () => {
    const closed = new Promise((done) => server.close(done))
    server.closeAllConnections()
    await closed
  })
  return { url: `https://127.0.0.1:${portOf(server)}`, port: portOf(server), cert }
}

t.test('a call sends what it was given, and says who calls', async (t) => {
  const received: unknown[] = []
  const url = await serve(t, async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ method: request.method, url: request.url, headers: request.headers, body })
    response.writeHead(201, { 'x-answer': 'yes' }).end('made')
  })
  const answer = await callerFor(t).call({
    ...ours,
    method: 'POST',
    url: `${url}/hook?x=1#fragment`,
    headers: { 'content-type': 'application/json', 'user-agent': 'somebody else' },
    body: '{"a":"ü"}',
  })
  t.match(answer, { status: 201, excerpt: 'made', headers: { 'x-answer': 'yes' }, durationMs: Number })
  t.match(received, [
    {
      method: 'POST',
      url: '/hook?x=1',
      headers: { 'user-agent': 'Signalbox/test', 'content-type': 'application/json', host: new URL(url).host },
      body: '{"a":"ü"}',
    },
  ])
})

t.test('a redirect is an answer: it is not followed, wherever it leads', async (t) => {
  let visited = 0
  const secret = await serve(t, (_request, response) => {
    visited += 1
    response.end('secret')
  })
  for (const status of [301, 302, 303, 307, 308]) {
    const url = await serve(t, (_request, response) => response.writeHead(status, { location: secret }).end())
    t.equal((await callerFor(t).call({ ...ours, method: 'POST', url })).status, status)
  }
  t.equal(visited, 0)
})

t.test('a name is resolved once a call, and only what was judged is connected to', async (t) => {
  const url = await serve(t, (request, response) => response.end(request.headers.host))
  const { port } = new URL(url)
  const rebinding = await nameServer(t, (_name, before) => (before === 0 ? ['127.0.0.1'] : ['10.0.0.1']))
  const caller = callerFor(t, { resolve: rebinding.resolve })
  const first = await caller.call({ ...ours, method: 'POST', url: `http://rebind.example.com:${port}/` })
  t.equal(first.excerpt, `rebind.example.com:${port}`)
  t.equal(rebinding.asked.length, 1)
  const second = await failure(caller.call({ ...ours, method: 'POST', url: `http://rebind.example.com:${port}/` }))
  t.equal(second.kind, 'address_refused')
  t.notMatch(second.message, /10\.0\.0\.1/)
})

t.test('of a name with several addresses, those that may not be called are left out', async (t) => {
  let visited = 0
  const url = await serve(t, (_request, response) => {
    visited += 1
    response.end()
  })
  const both = await nameServer(t, () => ['127.0.0.1', '127.0.0.3'])
  const caller = callerFor(t, { resolve: both.resolve, allowNetworks: ['127.0.0.3/32'] })
  const error = await failure(
    caller.call({ ...ours, method: 'POST', url: `http://both.example.com:${new URL(url).port}/` }),
  )
  t.equal(error.kind, 'connection', 'nobody listens on 127.0.0.3')
  t.equal(visited, 0)
})

t.test('proxies of the environment are not used', async (t) => {
  const proxy = await serve(t, (_request, response) => response.writeHead(418).end())
  const url = await serve(t, (_request, response) => response.end())
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']) {
    const before = process.env[name]
    process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy
    t.teardown(() => {
      if (before === undefined) delete process.env[name]
      else process.env[name] = before
    })
  }
  t.equal((await callerFor(t).call({ ...ours, method: 'GET', url })).status, 200)
})

t.test('a receiver that does not answer is given up in time', async (t) => {
  const caller = callerFor(t, { timeoutMs: 300 })
  const silent = await serveRaw(t, () => {})
  const dripping = await serveRaw(t, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n')
    const timer = setInterval(() => socket.write('X-More: 1\r\n'), 50)
    socket.on('close', () => clearInterval(timer))
  })
  const interim = await serveRaw(t, (socket) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 50)
    socket.on('close', () => clearInterval(timer))
  })
  for (const url of [silent, dripping, interim]) {
    t.equal((await failure(caller.call({ ...ours, method: 'POST', url }))).kind, 'timeout')
  }
})

t.test('a name server that does not answer is given up in time', async (t) => {
  const caller = callerFor(t, { timeoutMs: 200, resolve: () => new Promise(() => {}) })
  for (let i = 0; i < 4; i++) {
    t.equal(
      (await failure(caller.call({ ...ours, method: 'POST', url: `https://h${i}.example.com/` }))).kind,
      'timeout',
    )
  }
})

t.test('what is answered after the status is read up to a limit of size and of time', async (t) => {
  let closed = false
  const endless = await serveRaw(t, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    const write = () => {
      while (socket.writable && socket.write('x'.repeat(16_384)));
    }
    socket.on('drain', write)
    socket.on('close', () => {
      closed = true
    })
    write()
  })
  const answer = await callerFor(t).call({ ...ours, method: 'POST', url: endless })
  t.equal(answer.status, 200)
  t.equal(answer.excerpt.length, 2000)
  while (!closed) await new Promise((later) => setTimeout(later, 10))

  const hanging = await serveRaw(t, (socket) => socket.write('HTTP/1.1 202 OK\r\nContent-Length: 99\r\n\r\nhello'))
  t.match(await callerFor(t).call({ ...ours, method: 'POST', url: hanging }), { status: 202, excerpt: 'hello' })
})

t.test('a receiver that lies about the length of its answer has answered all the same', async (t) => {
  const short = await serveRaw(t, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello'))
  t.match(await callerFor(t).call({ ...ours, method: 'POST', url: short }), { status: 200, excerpt: 'hello' })
})

t.test('an excerpt is text that can be stored', async (t) => {
  const url = await serve(t, (_request, response) => response.end(Buffer.from([0x61, 0, 0xff, 0x62])))
  t.equal((await callerFor(t).call({ ...ours, method: 'POST', url })).excerpt, 'a\uFFFD\uFFFDb')
})

t.test('failures are told apart', async (t) => {
  const caller = callerFor(t)
  const kindOf = async (url: string) => (await failure(caller.call({ ...ours, method: 'POST', url }))).kind
  const gone = await serveRaw(t, (socket) => socket.destroy())
  const babbling = await serveRaw(t, (socket) => socket.once('data', () => socket.write('220 mail\r\n')))
  const bloated = await serveRaw(t, (socket) =>
    socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)),
  )
  const plain = await serve(t, (_request, response) => response.end())
  const { url: selfSignedUrl } = await serveTls(t, 'hooks.example.com')
  t.equal(await kindOf(gone), 'connection')
  t.equal(await kindOf('http://127.0.0.1:1/'), 'connection')
  t.equal(await kindOf(babbling), 'protocol')
  t.equal(await kindOf(bloated), 'protocol')
  t.equal(await kindOf(plain.replace('http', 'https')), 'tls')
  t.equal(await kindOf(selfSignedUrl), 'tls')
})

t.test('a certificate has to be trusted, and be for the name that was asked for', async (t) => {
  const { port, cert } = await serveTls(t, 'hooks.example.com')
  const resolve = async () => ['127.0.0.1']
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  t.teardown(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'])
  const distrusting = callerFor(t, { resolve })
  const trusting = callerFor(t, { resolve, ca: cert })
  const right = `https://hooks.example.com:${port}/`
  t.equal((await failure(distrusting.call({ ...ours, method: 'POST', url: right }))).kind, 'tls')
  t.equal((await trusting.call({ ...ours, method: 'POST', url: right })).excerpt, 'encrypted')
  const wrong = await failure(trusting.call({ ...ours, method: 'POST', url: `https://other.example.com:${port}/` }))
  t.equal(wrong.kind, 'tls')
})

t.test('no message repeats what was sent', async (t) => {
  const caller = callerFor(t)
  const headers = { authorization: 'Bearer hunter2 hunter2', bad: 'hunter2\r\nx: y' }
  const error = await failure(caller.call({ ...ours, method: 'POST', url: 'http://127.0.0.1:1/hunter2', headers }))
  t.equal(error.kind, 'request_refused')
  t.notMatch(`${error.stack}`, 'hunter2')
})

t.test('a host is called a few times at once, the rest waits its turn, and other hosts are not held up', async (t) => {
  const responses: (() => void)[] = []
  let most = 0
  const url = await serve(t, (_request, response) => {
    responses.push(() => response.end())
    most = Math.max(most, responses.length)
  })
  const other = await serve(t, (_request, response) => response.end())
  const { resolve } = await nameServer(t, () => ['127.0.0.1'])
  const caller = callerFor(t, { perHost: 2, resolve })
  const calls = Array.from({ length: 5 }, () => caller.call({ ...ours, method: 'POST', url }))
  t.equal(
    (await caller.call({ ...ours, method: 'POST', url: other.replace('127.0.0.1', 'other.example.com') })).status,
    200,
  )
  let done = 0
  while (done < 5) {
    await new Promise((later) => setTimeout(later, 20))
    for (const respond of responses.splice(0)) {
      respond()
      done += 1
    }
  }
  t.strictSame(
    (await Promise.all(calls)).map(({ status }) => status),
    [200, 200, 200, 200, 200],
  )
  t.equal(most, 2)
})

t.test('an account has its share of a host: what it hangs holds up nobody else', async (t) => {
  let arrived = 0
  const url = await serve(t, (request, response) => {
    arrived += 1
    if (request.url === '/quick') response.end()
  })
  const caller = callerFor(t, { perHost: 3, perAccount: 2, turnTimeoutMs: { launch: 200 } })
  const hanging = [0, 1].map(() => failure(caller.call({ ...ours, method: 'POST', url })))
  while (arrived < 2) await sleep(10)
  const third = caller.call({ ...ours, method: 'POST', url: `${url}/quick` })
  t.equal((await failure(third)).kind, 'busy', 'for a turn one waits so long and no longer')
  const others = { ...ours, userId: 'somebody else' }
  t.equal((await caller.call({ ...others, method: 'POST', url: `${url}/quick` })).status, 200)
  t.equal(arrived, 3, 'what had no turn was not called')
  caller.close()
  for (const call of hanging) t.equal((await call).kind, 'aborted')
})

t.test('launches do not wait for deliveries, nor deliveries for launches', async (t) => {
  let arrived = 0
  const url = await serve(t, () => {
    arrived += 1
  })
  const caller = callerFor(t, { perHost: 1, turnTimeoutMs: { launch: 60_000, delivery: 60_000 } })
  const launch = failure(caller.call({ ...ours, method: 'POST', url }))
  const delivery = failure(caller.call({ ...ours, purpose: 'delivery', method: 'POST', url }))
  while (arrived < 2) await sleep(10)
  caller.close()
  t.equal((await launch).kind, 'aborted')
  t.equal((await delivery).kind, 'aborted')
})

t.test('the time of a call begins with its turn', async (t) => {
  const WAITING = 2_500
  let release = () => {}
  let arrived = 0
  const url = await serve(t, (request, response) => {
    arrived += 1
    if (request.url === '/quick') return response.end()
    release = () => response.end()
  })
  const caller = callerFor(t, { perHost: 1, turnTimeoutMs: { launch: 60_000 } })
  const first = caller.call({ ...ours, method: 'POST', url })
  while (arrived < 1) await sleep(10)
  let began = 0
  const onTurn = () => {
    began = arrived
  }
  const second = caller.call({ ...ours, method: 'POST', url: `${url}/quick`, timeoutMs: WAITING - 500, onTurn })
  await sleep(WAITING)
  t.equal(began, 0, 'it waits')
  release()
  await first
  const { status, durationMs } = await second
  t.equal(status, 200)
  t.ok(durationMs < WAITING, 'waiting is not counted')
  t.equal(began, 1)
})

t.test('calls end when their caller gives up, or when the service stops', async (t) => {
  const url = await serveRaw(t, () => {})
  const caller = callerFor(t, { perHost: 1 })
  const giveUp = new AbortController()
  const given = failure(caller.call({ ...ours, method: 'POST', url, signal: giveUp.signal }))
  const waiting = failure(caller.call({ ...ours, method: 'POST', url }))
  giveUp.abort()
  t.equal((await given).kind, 'aborted')
  caller.close()
  t.equal((await waiting).kind, 'aborted')
  t.equal((await failure(caller.call({ ...ours, method: 'POST', url }))).kind, 'aborted')
})
