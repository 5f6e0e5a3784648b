import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Writable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { EventStream } from '../../src/modules/events/event-stream.js'
import type { Subscriber } from '../../src/modules/events/hub.js'
import { startService, type TestService } from '../helpers/app.js'
import { type Chat, startChat } from '../helpers/chat.js'
import { listen } from '../helpers/network.js'
import { until } from '../helpers/wait-timeout.js'

/** What the account stands at: a run and its first message. */
const REVISION = 2

/** Cycles over real connections, and without the costs of HTTP. */
const OVER_HTTP = 2_500
const IN_PROCESS = 17_500
const AT_ONCE = 50

const MIB = 1024 * 1024

/** Bytes of JavaScript objects that something still refers to. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('there is no gc')
  collect()
  return process.memoryUsage().heapUsed
}

/** Timers and sockets that keep the process alive. */
function resources() {
  const all = process.getActiveResourcesInfo()
  const count = (type: string) => all.filter((name) => name === type).length
  return { timers: count('Timeout'), sockets: count('TCPSocketWrap') }
}

interface Setup extends TestService {
  readonly base: string
  readonly userId: string
  readonly token: string
  readonly key: string
  readonly chat: Chat & { firstId: string }
}

async function setUp(t: Test): Promise<Setup> {
  const service = await startService(t)
  const user = await service.newUser()
  const base = await listen(service)
  return { ...service, base, userId: user.id, token: user.token, key: await user.newKey(), chat: await startChat(user) }
}

/** So many runs of something, a few of them at once. */
async function repeat(times: number, cycle: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const work = async () => {
    while (next < times) await cycle(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

async function request(base: string, path: string, token: string): Promise<Socket> {
  const socket = connect(Number(new URL(base).port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(`GET /api/v1${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n\r\n`)
  return socket
}

/** Comes, and leaves at once, when the answer begins, or a moment later. */
async function comeAndGo({ base, token, key, chat }: Setup, n: number): Promise<void> {
  const place = `agent_instance_id=${chat.id}&last_read_message_id=${chat.firstId}`
  const kinds = [
    ['/events/stream', token],
    [`/agent-instances/${chat.id}/messages/stream?last_event_id=0`, token],
    [`/messages/pending?${place}&wait=50`, key],
  ] as const
  const [path, credential] = kinds[n % 3] ?? kinds[0]
  const socket = await request(base, path, credential)
  if (path.includes('wait')) await new Promise((done) => setTimeout(done, n % 5))
  else if (n % 2) await once(socket, 'data')
  const closed = once(socket, 'close')
  if (n % 4 < 2) socket.destroy()
  else socket.resetAndDestroy()
  await closed
}

/** What a stream's route does, with a reader that takes everything or nothing. */
async function watchAndLeave({ services, userId, chat }: Setup, n: number): Promise<void> {
  const stream = new EventStream(() => subscription.resume())
  const subscriber: Subscriber = {
    position: n % 20 === 0 ? 0 : REVISION,
    instanceId: n % 2 ? chat.id : undefined,
    credentialId: undefined,
    hasRoom: () => stream.hasRoom(),
    onChange: () => stream.send({ event: 'heartbeat', data: { timestamp: new Date() } }),
    onHeartbeat: () => {},
    onEnd: () => stream.close(),
  }
  const subscription = services.hub.subscribe(userId, REVISION, subscriber)
  stream.once('close', () => subscription.unsubscribe())
  if (n % 2) stream.pipe(new Writable({ write: (_chunk, _encoding, done) => done() }))
  if (n % 7 === 0) await new Promise(setImmediate)
  stream.destroy()
  await once(stream, 'close')
}

t.test('20,000 readers that come and go leave no listener, timer, socket or memory behind', async (t) => {
  const setup = await setUp(t)
  const { app, services, database, userId, chat } = setup
  await repeat(200, (n) => comeAndGo(setup, n))
  await repeat(200, (n) => watchAndLeave(setup, n))
  await until('the first ones to be gone', () => app.server.listening && resources().sockets <= 20)
  const before = { ...resources(), heap: heapInUse(), listeners: app.server.eventNames().length }

  await repeat(OVER_HTTP, (n) => comeAndGo(setup, n))
  await repeat(IN_PROCESS, (n) => watchAndLeave(setup, n))
  await until('all connections to be gone', async () => {
    const open = await new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)))
    return open === 0 && resources().timers <= before.timers
  })
  t.ok(resources().sockets <= before.sockets + 8, 'but for those of the pool to the database')
  t.equal(app.server.eventNames().length, before.listeners)
  // What was being read for those who have left is let go when the database has answered.
  await until('memory to be free again, but for a quarter of a KiB a cycle', async () => {
    await new Promise((done) => setTimeout(done, 300))
    return heapInUse() - before.heap < 5 * MIB
  })

  const asked: (readonly string[])[] = []
  const severalTenants = database.severalTenants.bind(database)
  database.severalTenants = (userIds) => {
    asked.push(userIds)
    return severalTenants(userIds)
  }
  await new Promise((done) => setTimeout(done, 3_500))
  t.strictSame(asked, [], 'no account is watched any more: the reconcile pass has nothing to ask')
  const subscription = services.hub.subscribe(userId, REVISION, {
    position: REVISION,
    hasRoom: () => true,
    onChange: () => {},
    onEnd: () => {},
  })
  await until('this one to be asked for', () => asked.length > 0)
  t.strictSame(asked[0], [userId])
  subscription.unsubscribe()
  t.equal((await chat.poll(chat.firstId)).body.status, 'ok', 'and nobody who waited has taken anything')
})
