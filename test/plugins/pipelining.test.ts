import { once } from 'node:events'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { startService, type TestService } from '../helpers/app.js'
import { chatOf } from '../helpers/chat.js'
import { listen } from '../helpers/network.js'
import { until } from '../helpers/wait-timeout.js'

const RUN = '0199b1a5-0c7e-4d3a-b1de-5f7f3a4f9b21'

interface Connection {
  readonly received: () => string
  readonly statuses: () => string[]
  readonly closed: Promise<unknown>
  send(text: string): void
  /** Goes on reading: a connection begins without. */
  read(): void
}

async function open(t: Test, url: string): Promise<Connection> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  await once(socket, 'connect')
  let received = ''
  return {
    received: () => received,
    statuses: () => [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = '']) => status),
    closed,
    send: (text) => socket.write(text),
    read: () => {
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        received += chunk
      })
    },
  }
}

const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`

/** How many requests the service took up, as its log shows. */
const taken = ({ logged }: TestService) => logged.filter((line) => line.includes('"msg":"request"')).length

t.test('of 1,500 requests at once on a connection that reads nothing, 16 are taken up and it is closed', async (t) => {
  const service = await startService(t)
  const url = await listen(service)
  for (const path of [
    '/openapi.json',
    '/openapi.yaml',
    '/docs/json',
    '/nothing',
    '/%ff',
    '/api/v1/auth/me',
    '/health',
  ]) {
    const before = taken(service)
    const connection = await open(t, url)
    connection.send(get(path).repeat(1_500))
    await until(`the end of ${path}`, () => service.app.inFlight.size === 0)
    await until('its requests to be over', () => openConnections(service).then((count) => count === 0))
    t.ok(taken(service) - before <= 16, `${path}: ${taken(service) - before} were taken up`)
    t.equal((await service.request('GET', '/health')).status, 200)
    connection.read()
    await connection.closed
    t.ok(connection.statuses().length <= 16, `${path}: at most 16 answers`)
  }
})

t.test('who sends a few more than 16 gets 16 answers, and the last says that it is the last', async (t) => {
  const service = await startService(t)
  const connection = await open(t, await listen(service))
  connection.read()
  connection.send(get('/openapi.json').repeat(40))
  await connection.closed
  t.strictSame(
    connection.statuses(),
    Array.from({ length: 16 }, () => '200'),
  )
  const heads = connection.received().split('HTTP/1.1 ').slice(1)
  t.strictSame(heads.map((head) => /\r\nconnection: close\r\n/i.test(head)).indexOf(true), 15)
})

t.test('what was taken up is done and answered, in order', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const key = await user.newKey()
  service.secrets.add(key)
  const chat = chatOf(user, await user.newAgent(), RUN)
  await chat.post('first', { agent_type: 'tester' })
  const connection = await open(t, await listen(service))
  connection.read()
  const post = (content: string) => {
    const body = JSON.stringify({ agent_instance_id: RUN, content })
    const head = `Host: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`
    return `POST /api/v1/messages/agent HTTP/1.1\r\n${head}\r\n\r\n${body}`
  }
  connection.send(Array.from({ length: 20 }, (_, i) => post(`step ${i}`)).join(''))
  await connection.closed
  t.strictSame(
    connection.statuses(),
    Array.from({ length: 16 }, () => '200'),
  )
  const { body } = await user.call('GET', `/agent-instances/${RUN}/messages?limit=200`)
  const contents = body.map(({ content }: { content: string }) => content).sort()
  t.strictSame(contents, ['first', ...Array.from({ length: 16 }, (_, i) => `step ${i}`)].sort(), 'those, and no other')
})

t.test('who sends 16 at a time is answered in order for as long as it likes', async (t) => {
  const service = await startService(t)
  const connection = await open(t, await listen(service))
  connection.read()
  for (let round = 1; round <= 5; round++) {
    connection.send(Array.from({ length: 8 }, () => get('/health') + get('/nothing')).join(''))
    await until('the answers', () => connection.statuses().length === 16 * round && connection.received().endsWith('}'))
  }
  t.strictSame(connection.statuses(), Array.from({ length: 40 }, () => ['200', '404']).flat())
})

t.test('requests behind one that waits are not taken up without end', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const key = await user.newKey()
  service.secrets.add(key)
  const chat = chatOf(user, await user.newAgent(), RUN)
  const asked = await chat.post('first', { agent_type: 'tester' })
  const url = await listen(service)
  const connection = await open(t, url)
  connection.read()
  const query = `agent_instance_id=${RUN}&last_read_message_id=${asked.body.message_id}&wait=50`
  connection.send(get(`/api/v1/messages/pending?${query}`, `Authorization: Bearer ${key}\r\n`))
  await until('the wait to begin', () => service.app.inFlight.size === 1)
  for (let i = 0; i < 60; i++) connection.send(get('/health'))
  await until('the others to come', () => service.app.inFlight.size === 16)
  t.strictSame(connection.statuses(), [], 'answers keep the order of the requests')
  await user.call('POST', `/agent-instances/${RUN}/messages`, { content: 'go on' })
  await connection.closed
  t.equal(connection.statuses().length, 16)
})

function openConnections({ app }: TestService): Promise<number> {
  return new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
}

t.test('of requests that were sent ahead, a few are begun with in an iteration of the event loop', async (t) => {
  const service = await startService(t)
  const url = await listen(service)
  let iteration = 0
  let timer = setImmediate(function next() {
    iteration += 1
    timer = setImmediate(next)
  })
  t.teardown(() => clearImmediate(timer))
  const begun = new Map<number, number>()
  const { routing } = service.app
  service.app.routing = (request, response) => {
    begun.set(iteration, (begun.get(iteration) ?? 0) + 1)
    return routing.call(service.app, request, response)
  }
  const connections = await Promise.all(Array.from({ length: 8 }, () => open(t, url)))
  for (const { send, read } of connections) {
    read()
    send(get('/health').repeat(16))
  }
  await until('all answers', () => connections.every(({ statuses }) => statuses().length === 16))
  // The first one of each connection is begun with at once.
  const most = Math.max(...begun.values())
  t.ok(most <= 4 + connections.length, `${most} at once`)
})
