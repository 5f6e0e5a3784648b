import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { createGzip } from 'node:zlib'
import t, { type Test } from 'tap'
import { startService, type TestService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { listen } from '../helpers/network.js'
import { until } from '../helpers/wait-timeout.js'

const KIB = 1024
const MIB = 1024 * KIB

/** A connection that reads nothing until it is told to. */
async function open(t: Test, base: string) {
  const { port, hostname } = new URL(base)
  const socket = connect(Number(port), hostname)
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  let received = ''
  let closed = false
  socket.once('close', () => {
    closed = true
  })
  await once(socket, 'connect')
  return {
    send: (bytes: string | Buffer) => socket.write(bytes),
    read: () => {
      socket.setEncoding('latin1').on('data', (text: string) => {
        received += text
      })
    },
    leave: () => socket.destroy(),
    received: () => received,
    isClosed: () => closed,
    statuses: () => [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = '']) => Number(status)),
  }
}

type Connection = Awaited<ReturnType<typeof open>>

/** Compresses what may go on: all of it can be decoded, although its end is missing. */
async function gzipBegun(text: string): Promise<Buffer> {
  const gzip = createGzip()
  const pieces: Buffer[] = []
  gzip.on('data', (piece: Buffer) => pieces.push(piece))
  gzip.write(text)
  await new Promise<void>((resolve) => gzip.flush(resolve))
  return Buffer.concat(pieces)
}

const stepOf = (content: string, more: object = {}) =>
  JSON.stringify({ agent_instance_id: randomUUID(), agent_type: 'tester', content, ...more })

/** Sends all of a body but its end. */
async function sendHalf(t: Test, base: string, key: string, begun: Buffer, encoding: string): Promise<Connection> {
  const connection = await open(t, base)
  connection.read()
  connection.send(
    `POST /api/v1/messages/agent HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n` +
      `Content-Type: application/json\r\nContent-Encoding: ${encoding}\r\nTransfer-Encoding: chunked\r\n\r\n`,
  )
  connection.send(Buffer.concat([Buffer.from(`${begun.length.toString(16)}\r\n`), begun, Buffer.from('\r\n')]))
  return connection
}

const settled = (connections: readonly Connection[]) => connections.filter(({ statuses }) => statuses().length > 0)

t.test('bodies under way are bounded by account, decoded, and their room is free once they are gone', async (t) => {
  const service = await startService(t, {}, { budgets: { bodies: { owner: 4 * MIB } } })
  const { bodies } = service.app
  const base = await listen(service)
  const user = await service.newUser()
  const key = await user.newKey()
  service.secrets.add(key)
  const begun = await gzipBegun(stepOf('x', { git_diff: 'x'.repeat(900 * KIB) }).slice(0, -2))
  t.ok(begun.length < 16 * KIB, 'it is small on the wire')
  const connections = await Promise.all(Array.from({ length: 20 }, () => sendHalf(t, base, key, begun, 'gzip')))
  await until('the rest to be refused', () => settled(connections).length >= 14)
  t.ok(bodies.total <= 4 * MIB + 64 * KIB, `${bodies.total} bytes`)
  t.ok(bodies.total >= 3 * MIB)
  const refused = settled(connections)
  t.match(refused[0]?.received(), /^HTTP\/1.1 429 [\s\S]*retry-after: 1\r\n[\s\S]*"code":"too_much_at_once"/i)
  await until('their connections to be closed', () => refused.every(({ isClosed }) => isClosed()))

  const small = { token: key, body: JSON.parse(stepOf('x'.repeat(50 * KIB))) }
  t.equal((await service.request('POST', '/api/v1/messages/agent', small)).status, 200, 'a small one costs nothing')
  const large = { token: await (await service.newUser()).newKey(), body: JSON.parse(stepOf('x'.repeat(900 * KIB))) }
  t.equal((await service.request('POST', '/api/v1/messages/agent', large)).status, 200, 'others have room')
  for (const { leave } of connections) leave()
  await until('nothing to be held', () => bodies.total === 0)
  t.equal((await service.request('POST', '/api/v1/messages/agent', { ...large, token: key })).status, 200)
  await until('nothing to be held', () => bodies.total === 0)
})

t.test('bodies that are sent as they are count as well, until they are answered', async (t) => {
  const service = await startService(t, {}, { budgets: { bodies: { owner: 2 * MIB } } })
  const { app, services } = service
  const base = await listen(service)
  const key = await (await service.newUser()).newKey()
  service.secrets.add(key)
  const begun = Buffer.from(stepOf('x', { git_diff: 'x'.repeat(900 * KIB) }).slice(0, -2))
  const connections = await Promise.all(Array.from({ length: 8 }, () => sendHalf(t, base, key, begun, 'identity')))
  await until('the rest to be refused', () => settled(connections).length >= 5)
  t.ok(app.bodies.total <= 2 * MIB + 64 * KIB, `${app.bodies.total} bytes`)
  const messages = services.messages
  const post = messages.postByAgent.bind(messages)
  let duringHandling = 0
  messages.postByAgent = async (...given) => {
    duringHandling = app.bodies.total
    return post(...given)
  }
  const waiting = connections.filter(({ statuses }) => statuses().length === 0)
  for (const { send } of waiting) send('2\r\n"}\r\n0\r\n\r\n')
  await until('their answers', () => waiting.every(({ statuses }) => statuses().length > 0))
  // One more of them may have been too much, and refused only now.
  const taken = waiting.filter(({ statuses }) => statuses()[0] === 200)
  t.ok(taken.length >= 2 && taken.length >= waiting.length - 1, `${taken.length} of ${waiting.length} are taken`)
  t.ok(duringHandling > 800 * KIB && duringHandling <= 2 * MIB + 64 * KIB, `${duringHandling} bytes`)
  await until('nothing to be held', () => app.bodies.total === 0)
})

t.test('the bodies of all accounts together are bounded, with a 503', async (t) => {
  const service = await startService(t, {}, { budgets: { bodies: { process: 2 * MIB } } })
  const base = await listen(service)
  const begun = await gzipBegun(stepOf('x', { git_diff: 'x'.repeat(900 * KIB) }).slice(0, -2))
  const connections: Connection[] = []
  for (let i = 0; i < 5; i++) {
    const key = await (await service.newUser()).newKey()
    service.secrets.add(key)
    connections.push(await sendHalf(t, base, key, begun, 'gzip'))
  }
  await until('the rest to be refused', () => settled(connections).length >= 2)
  t.ok(service.app.bodies.total <= 2 * MIB + 64 * KIB)
  for (const connection of settled(connections)) {
    t.match(connection.received(), /^HTTP\/1.1 503 [\s\S]*retry-after: 5\r\n[\s\S]*"code":"overloaded"/i)
  }
  t.equal(
    service.logged.filter((line) => line.includes('overloaded: requests are refused')).length,
    1,
    'one line for many',
  )
})

t.test('the largest body is taken, and others beside it', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const diff = `diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+${'b'.repeat(8 * MIB - 100)}\n`
  const posts = Array.from({ length: 3 }, () =>
    agent('POST', '/messages/agent', JSON.parse(stepOf('x', { git_diff: diff }))),
  )
  t.strictSame(
    (await Promise.all(posts)).map(({ status }) => status),
    [200, 200, 200],
  )
  const doubled = stepOf('x'.repeat(900 * KIB), { git_diff: '\u0001'.repeat(Math.floor((16 * MIB) / 6)) })
  const answer = await agent('POST', '/messages/agent', doubled, { headers: { 'content-type': 'application/json' } })
  t.equal(answer.status, 200)
})

/** Notes how much answers hold, whenever there is one more. */
function watchAnswers({ app: { answers } }: TestService, noted: () => void = () => {}) {
  const note = answers.note.bind(answers)
  const held: number[] = []
  answers.note = (...given) => {
    note(...given)
    held.push(answers.total)
    noted()
  }
  return held
}

/** Has answers stay unread. @returns a function that has all of them read */
function readLater({ app: { answers } }: TestService): () => void {
  const note = answers.note.bind(answers)
  const unread: EventEmitter[] = []
  answers.note = (request, reply, bytes) => {
    const raw = new EventEmitter()
    unread.push(raw)
    note(request, Object.assign(Object.create(reply), { raw, request }), bytes)
  }
  return () => {
    answers.note = note
    for (const raw of unread) raw.emit('close')
  }
}

t.test('answers that nobody reads are bounded by account, over all its connections', async (t) => {
  const service = await startService(t, {}, { budgets: { answers: { owner: 8 * MIB } } })
  const { answers } = service.app
  const base = await listen(service)
  const user = await service.newUser()
  service.secrets.add(user.token)
  const chat = await startChat(user)
  for (let i = 0; i < 4; i++) await chat.post('x'.repeat(1000 * KIB))
  const held = watchAnswers(service)
  const path = `/api/v1/agent-instances/${chat.id}/messages?limit=200`
  const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\n\r\n`
  const connections = await Promise.all(Array.from({ length: 4 }, () => open(t, base)))
  for (const { send } of connections) send(request.repeat(8))
  await until('the answers to be made', () => service.app.inFlight.size > 0 && answers.total >= 8 * MIB)
  t.ok(Math.max(...held) <= 12 * MIB, `${Math.max(...held)} bytes`)
  t.match(await user.call('GET', `/agent-instances/${chat.id}`), {
    status: 429,
    headers: { 'retry-after': '1' },
    body: { code: 'too_much_at_once', detail: /answers/ },
  })
  t.equal((await chat.post('step')).status, 429, 'an agent is not handed what waits')
  t.equal((await user.call('PATCH', `/agent-instances/${chat.id}`, { name: 'x' })).status, 200, 'what is small goes on')
  const stranger = await service.newUser()
  t.equal((await stranger.call('GET', '/agent-instances')).status, 200)

  for (const { read } of connections) read()
  const statuses = () => connections.flatMap((connection) => connection.statuses())
  await until('all of them to be answered', () => statuses().length === 32)
  await until('nothing to be held', () => answers.total === 0)
  t.ok(Math.max(...held) <= 12 * MIB, `${Math.max(...held)} bytes`)
  t.ok(statuses().includes(429) && statuses().includes(200))
  t.equal((await user.call('GET', `/agent-instances/${chat.id}`)).status, 200)
})

t.test('pages that there is no room for are not read: a few of an account are at once', async (t) => {
  const service = await startService(t, {}, { budgets: { answers: { owner: 2 * MIB } } })
  const base = await listen(service)
  const user = await service.newUser()
  service.secrets.add(user.token)
  const chat = await startChat(user)
  for (let i = 0; i < 2; i++) await chat.post('x'.repeat(1000 * KIB))
  const { messages } = service.services
  const page = messages.page.bind(messages)
  const read = { now: 0, atOnce: 0, all: 0 }
  messages.page = async (...given) => {
    read.all += 1
    read.now += 1
    read.atOnce = Math.max(read.atOnce, read.now)
    return page(...given).finally(() => {
      read.now -= 1
    })
  }
  const path = `/api/v1/agent-instances/${chat.id}/messages?limit=200`
  const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\n\r\n`
  const connections = await Promise.all(Array.from({ length: 8 }, () => open(t, base)))
  for (const { send } of connections) send(request.repeat(16))
  for (const { read } of connections) read()
  const statuses = () => connections.flatMap((connection) => connection.statuses())
  await until('all of them to be answered', () => statuses().length === 128)
  t.ok(read.atOnce <= 8, `${read.atOnce} at once`)
  t.ok(read.all >= 8, `${read.all} pages are read`)
  t.equal(
    statuses().filter((status) => status === 200).length + statuses().filter((status) => status === 429).length,
    128,
  )
})

t.test('of pages that nobody takes, no more are read than there is room for', async (t) => {
  const service = await startService(t, {}, { budgets: { answers: { owner: 2 * MIB } } })
  const base = await listen(service)
  const user = await service.newUser()
  service.secrets.add(user.token)
  const chat = await startChat(user)
  for (let i = 0; i < 2; i++) await chat.post('x'.repeat(1000 * KIB))
  const { messages } = service.services
  const page = messages.page.bind(messages)
  let pages = 0
  messages.page = (...given) => {
    pages += 1
    return page(...given)
  }
  const path = `/api/v1/agent-instances/${chat.id}/messages?limit=200`
  const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\n\r\n`
  const connections = await Promise.all(Array.from({ length: 8 }, () => open(t, base)))
  for (const { send } of connections) send(request.repeat(16))
  const quiet = async () => {
    const before = pages
    await new Promise((done) => setTimeout(done, 300))
    return pages > 0 && pages === before
  }
  await until('the rest to be refused', quiet)
  t.ok(pages <= 16, `${pages} of 128 pages are read`)
})

t.test('large bodies of an account wait for their turn, small ones for nothing', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const turns: { bytes: number; come: () => void }[] = []
  service.app.bodies.turn = (_request, bytes) => new Promise((come) => turns.push({ bytes, come }))
  const large = agent('POST', '/messages/agent', JSON.parse(stepOf('x'.repeat(100 * KIB))))
  let isAnswered = false
  large.then(() => {
    isAnswered = true
  })
  await until('its turn to be waited for', () => turns.length === 1)
  t.ok((turns[0]?.bytes ?? 0) > 100 * KIB)
  t.equal((await agent('POST', '/messages/agent', JSON.parse(stepOf('small')))).status, 200)
  t.equal(turns.length, 1)
  t.equal(isAnswered, false)
  turns[0]?.come()
  t.equal((await large).status, 200)
})

t.test('what a length announces is read when its turn has come', async (t) => {
  const service = await startService(t)
  const { bodies } = service.app
  const base = await listen(service)
  const key = await (await service.newUser()).newKey()
  service.secrets.add(key)
  const turns: { bytes: number; come: () => void }[] = []
  bodies.turn = (_request, bytes) => new Promise((come) => turns.push({ bytes, come }))
  const body = stepOf('x'.repeat(900 * KIB))
  const connection = await open(t, base)
  connection.read()
  connection.send(
    `POST /api/v1/messages/agent HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  await until('its turn to be waited for', () => turns.length === 1)
  t.equal(turns[0]?.bytes, body.length)
  await new Promise((done) => setTimeout(done, 100))
  t.equal(bodies.total, 0)
  turns[0]?.come()
  await until('its answer', () => connection.statuses().length === 1)
  t.strictSame(connection.statuses(), [200])
  t.equal(turns.length, 1, 'it waits once')
})

t.test('a large body that would have to wait for long is refused, and nothing of it is read', async (t) => {
  const service = await startService(t, {}, { budgets: { bodyRate: { burst: 0, perSecond: 10 * KIB } } })
  const [user, stranger] = [await service.newUser(), await service.newUser()]
  const [agent, other] = [await user.newAgent(), await stranger.newAgent()]
  const post = (by: typeof agent) => by('POST', '/messages/agent', JSON.parse(stepOf('x'.repeat(100 * KIB))))
  t.equal((await post(agent)).status, 200)
  t.match(await post(agent), { status: 429, headers: { 'retry-after': '1' }, body: { code: 'too_much_at_once' } })
  t.equal((await post(other)).status, 200)
  t.equal((await agent('POST', '/messages/agent', JSON.parse(stepOf('small')))).status, 200)
})

t.test('who has read a large page reads the next ones one by one', async (t) => {
  const service = await startService(t, {}, { budgets: { answerRate: { burst: 64 * MIB, perSecond: 100 } } })
  const user = await service.newUser()
  const chat = await startChat(user)
  await chat.post('x'.repeat(400 * KIB))
  const { messages } = service.services
  const page = messages.page.bind(messages)
  const read = { now: 0, atOnce: 0 }
  messages.page = async (...given) => {
    read.atOnce = Math.max(read.atOnce, ++read.now)
    return page(...given).finally(() => {
      read.now -= 1
    })
  }
  const pages = () =>
    Promise.all(Array.from({ length: 6 }, () => user.call('GET', `/agent-instances/${chat.id}/messages`)))
  t.ok((await pages()).every(({ status }) => status === 200))
  read.atOnce = 0
  t.ok((await pages()).every(({ status }) => status === 200))
  t.equal(read.atOnce, 1)
})

t.test('who reads large pages is held up after a burst of them, and nobody else is', async (t) => {
  const service = await startService(t, {}, { budgets: { answerRate: { burst: 0, perSecond: 500 * KIB } } })
  const [user, stranger] = [await service.newUser(), await service.newUser()]
  const [chat, theirs] = [await startChat(user), await startChat(stranger)]
  await chat.post('x'.repeat(400 * KIB))
  const read = () => user.call('GET', `/agent-instances/${chat.id}`)
  t.equal((await read()).status, 200)
  const since = performance.now()
  const [again] = await Promise.all([read(), theirs.detail()])
  t.equal(again.status, 200)
  t.ok(performance.now() - since > 300, 'the next one came later')
})

t.test('the unread answers of all accounts together are bounded, with a 503', async (t) => {
  const service = await startService(t, {}, { budgets: { answers: { process: 4 * MIB } } })
  const base = await listen(service)
  const connections: Connection[] = []
  const held = watchAnswers(service)
  for (let i = 0; i < 3; i++) {
    const user = await service.newUser()
    service.secrets.add(user.token)
    const chat = await startChat(user)
    for (let n = 0; n < 4; n++) await chat.post('x'.repeat(1000 * KIB))
    const path = `/api/v1/agent-instances/${chat.id}/messages?limit=200`
    const connection = await open(t, base)
    connection.send(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\n\r\n`.repeat(6))
    connections.push(connection)
  }
  const last = await service.newUser().then((user) => user.call('GET', '/agent-instances'))
  t.match(last, { status: 503, headers: { 'retry-after': '5' }, body: { code: 'overloaded' } })
  t.ok(Math.max(...held) <= 8 * MIB, `${Math.max(...held)} bytes`)
  for (const { leave } of connections) leave()
  await until('nothing to be held', () => service.app.answers.total === 0)
})

t.test('large answers that one message wakes are made one in each turn of the event loop', async (t) => {
  const service = await startService(t)
  const chat = await startChat(await service.newUser())
  let [inTurn, most] = [0, 0]
  const held = watchAnswers(service, () => {
    inTurn += 1
    most = Math.max(most, inTurn)
    setImmediate(() => {
      inTurn = 0
    })
  })
  const query = { agent_instance_id: chat.id, wait: '50' }
  const waiting = Array.from({ length: 12 }, () => chat.agent('GET', '/messages/pending', undefined, { query }))
  await until('them to wait', () => service.services.longPolls.openCount === 12)
  await chat.write('x'.repeat(500 * KIB))
  const answers = await Promise.all(waiting)
  for (const { status, body } of answers) t.strictSame([status, body.messages.length], [200, 1])
  t.equal(held.length, 13, 'with that of whoever wrote')
  t.ok(most <= 3, `${most} at once`)
})

t.test('what was to be handed out when there was no room is handed out again', async (t) => {
  const service = await startService(t, {}, { budgets: { answers: { owner: MIB } } })
  const user = await service.newUser()
  const [chat, other] = [await startChat(user), await startChat(user)]
  await other.post('x'.repeat(900 * KIB))
  const query = { agent_instance_id: chat.id, last_read_message_id: chat.firstId, wait: '50' }
  const waiting = chat.agent('GET', '/messages/pending', undefined, { query })
  await until('it to wait', () => service.services.longPolls.openCount === 1)
  const read = readLater(service)
  const page = () => user.call('GET', `/agent-instances/${other.id}/messages`)
  t.strictSame([(await page()).status, (await page()).status, (await page()).status], [200, 200, 429])
  const text = 'x'.repeat(100 * KIB)
  await chat.write(text)
  t.match(await waiting, { status: 429, headers: { 'retry-after': '1' }, body: { code: 'too_much_at_once' } })
  t.equal((await chat.poll(chat.firstId)).status, 429)
  read()
  t.ok(contents((await chat.poll(chat.firstId)).body.messages).join() === text)
  t.match((await chat.poll(chat.firstId)).body, { status: 'stale', messages: [] }, 'and once')
})

t.test('what a tool of MCP hands out counts as well', async (t) => {
  const service = await startService(t, {}, { budgets: { answers: { owner: 1500 * KIB } } })
  const user = await service.newUser()
  const read = readLater(service)
  const chat = await startChat(user)
  const key = await user.newKey()
  const logStep = (accept: string) =>
    service.request('POST', '/mcp', {
      token: key,
      headers: { 'content-type': 'application/json', accept },
      body: {
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'log_step', arguments: { agent_instance_id: chat.id, step_description: 'x' } },
      },
    })
  for (const accept of ['application/json', 'text/event-stream']) {
    await chat.write('x'.repeat(300 * KIB))
    t.equal((await logStep(accept)).status, 200)
  }
  t.ok(service.app.answers.total >= 1800 * KIB, 'with those of whoever wrote')
  t.match(await logStep('application/json'), { status: 429, body: { code: 'too_much_at_once' } })
  read()
  t.equal((await logStep('application/json')).status, 200)
})
