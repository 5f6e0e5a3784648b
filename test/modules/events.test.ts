import pg from 'pg'
import t, { type Test } from 'tap'
import { Database } from '../../db/client.js'
import { type ChangeHint, Events } from '../../src/modules/events/events.js'
import { PostgresTransport } from '../../src/modules/events/postgres-transport.js'
import { startOn, startService } from '../helpers/app.js'
import { chatOf, startChat } from '../helpers/chat.js'
import { cloneDatabase } from '../helpers/database.js'
import { LiveView } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { superuser } from '../helpers/superuser.js'
import { until } from '../helpers/wait-timeout.js'

const USER = '0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30'
/** Any change will do: only its revision gets to other processes. */
const CHANGE = { kind: 'instance_deleted', instanceId: USER, at: new Date() } as const
const uuid = (i: number) => `0199b1a5-0c7e-7d3a-b1de-${i.toString(16).padStart(12, '0')}`

/** Two processes of the service on one database; one posts, the other one shows. */
async function twoProcesses(t: Test) {
  const posting = await startService(t)
  const showing = await startOn(t, posting.testDatabase)
  const user = await posting.newUser()
  const chat = await startChat(user)
  const base = await listen(showing)
  const admin = await superuser(t, posting.testDatabase)
  const watch = (instanceId = chat.id) => LiveView.open(t, base, instanceId, { token: user.token })
  return { posting, showing, user, chat, admin, watch }
}

/** Process ids of the sessions that listen in this database. */
async function listeners(admin: pg.Client): Promise<number[]> {
  const { rows } = await admin.query(
    `select pid from pg_stat_activity where datname = current_database() and application_name = 'signalbox listen'`,
  )
  return rows.map(({ pid }) => pid)
}

async function kill(admin: pg.Client, pids: number[]): Promise<void> {
  await admin.query('select pg_terminate_backend(pid) from unnest($1::integer[]) as pid', [pids])
}

t.test('what is posted to one process is seen live on the other, each once and in order', async (t) => {
  const { posting, user, chat, watch } = await twoProcesses(t)
  const views = [await watch(), await LiveView.open(t, await listen(posting), chat.id, { token: user.token })]
  for (let i = 0; i < 20; i++) await (i % 2 ? chat.post(`${i}`) : chat.write(`${i}`))
  const expected = Array.from({ length: 20 }, (_, i) => `${i}`)
  for (const view of views) {
    await view.untilCount('message', 20)
    t.strictSame(view.contents, expected)
  }
})

t.test('deletion and heartbeats through one process reach readers of the other', async (t) => {
  const { user, chat, watch } = await twoProcesses(t)
  const view = await watch()
  await chat.agent('POST', `/agents/instances/${chat.id}/heartbeat`)
  await view.untilCount('agent_heartbeat', 1)
  await user.call('DELETE', `/agent-instances/${chat.id}`)
  await view.untilEnded()
  t.match(view.events.at(-1)?.data, { status: 'DELETED' })
})

t.test('each process has one listening connection, whatever the number of streams', async (t) => {
  const { user, admin, watch } = await twoProcesses(t)
  const views = []
  for (let i = 0; i < 5; i++) {
    const chat = chatOf(user, await user.newAgent(), uuid(i))
    await chat.post('start', { agent_type: 'x' })
    views.push(await watch(chat.id), await watch(chat.id))
  }
  t.equal((await listeners(admin)).length, 2)
  for (const view of views) view.leave()
  t.equal((await listeners(admin)).length, 2)
})

t.test('a process that closes stops listening', async (t) => {
  const { showing, admin } = await twoProcesses(t)
  await showing.app.close()
  await until('the connection to go', async () => (await listeners(admin)).length === 1)
  t.equal((await listeners(admin)).length, 1)
})

t.test('while nobody listens nothing is lost, and the connection comes back by itself', async (t) => {
  const { showing, chat, admin, watch } = await twoProcesses(t)
  const view = await watch()
  const before = await listeners(admin)
  await kill(admin, before)
  for (let i = 0; i < 5; i++) await chat.post(`${i}`)
  await view.untilCount('message', 5)
  t.strictSame(view.contents, ['0', '1', '2', '3', '4'])
  await until('both to listen again', async () => (await listeners(admin)).length === 2)
  t.ok((await listeners(admin)).every((pid) => !before.includes(pid)))
  await chat.post('last')
  await view.untilCount('message', 6)
  t.ok(showing.logged.some((line) => line.includes('LISTEN connection broke')))
})

t.test('a change that no hint tells of is found by the reconcile pass', async (t) => {
  const { posting, chat, watch } = await twoProcesses(t)
  posting.services.events.publish = () => {}
  const view = await watch()
  await chat.post('unannounced')
  await chat.agent('POST', `/agents/instances/${chat.id}/heartbeat`)
  await view.untilCount('message', 1)
  await view.untilCount('agent_heartbeat', 1)
  t.strictSame(view.contents, ['unannounced'])
})

t.test('when every connection of the service breaks, readers miss nothing', async (t) => {
  const { chat, admin, watch } = await twoProcesses(t)
  const view = await watch()
  await chat.post('before')
  const { rows } = await admin.query(
    `select pid from pg_stat_activity where datname = current_database() and application_name like 'signalbox%'`,
  )
  await kill(
    admin,
    rows.map(({ pid }) => pid),
  )
  await until('a post to succeed', async () => (await chat.post('after')).status === 200)
  await view.until(({ data }) => data['content'] === 'after')
  t.strictSame([...new Set(view.contents)], ['before', 'after'])
  t.equal(view.named('message').length, new Set(view.named('message').map(({ id }) => id)).size)
})

/** Events of a process of its own, on a database with nothing else in it. */
async function newEvents(t: Test, url: string, log: string[] = []) {
  const database = new Database({ url, poolMax: 2 })
  const logger = { warn: (_object: object, message: string) => log.push(message) }
  const events = new Events(new PostgresTransport(database, logger), logger)
  t.teardown(async () => {
    await events.close()
    await database.close()
  })
  const heard: ChangeHint[] = []
  events.subscribe((hint) => heard.push(hint))
  const publish = (userId = USER) => events.publish(database.tenant(userId), [{ ...CHANGE, revision: 7 }])
  return { events, database, heard, log, publish }
}

async function newDatabase(t: Test) {
  const testDatabase = await cloneDatabase()
  t.teardown(() => testDatabase.drop())
  return testDatabase
}

t.test('a thousand hints at once arrive, in a few notifications', async (t) => {
  const testDatabase = await newDatabase(t)
  const here = await newEvents(t, testDatabase.serviceUrl)
  const there = await newEvents(t, testDatabase.serviceUrl)
  await Promise.all([here.events.start(), there.events.start()])
  const client = new pg.Client({ connectionString: testDatabase.ownerUrl })
  let notifications = 0
  await client.connect()
  t.teardown(() => client.end())
  client.on('notification', () => notifications++)
  await client.query('listen signalbox')
  for (let i = 0; i < 1000; i++) {
    here.publish(uuid(i))
    here.publish(uuid(i))
  }
  t.equal(here.heard.length, 2000, 'this process hears at once')
  await until('the other one to hear', () => there.heard.length >= 1000)
  t.strictSame(
    there.heard.map(({ userId }) => userId),
    Array.from({ length: 1000 }, (_, i) => uuid(i)),
  )
  t.ok(there.heard.every((hint) => hint.kind === 'changed' && hint.revision === 7))
  await until('all notifications', () => notifications >= 12)
  t.equal(notifications, 12)
})

t.test('a payload that is none of ours is ignored', async (t) => {
  const testDatabase = await newDatabase(t)
  const { events, database, heard } = await newEvents(t, testDatabase.serviceUrl)
  await events.start()
  for (const payload of ['', ',', 'nonsense', ':', 'a:', ':b', 'a:b', 'a:b:c', 'a:b:c:d', `${USER}:7`]) {
    await database.errands().run([{ sql: 'select pg_notify($1, $2)', parameters: ['signalbox', payload] }])
  }
  await until('the good one', () => heard.length > 0)
  t.strictSame(heard, [{ kind: 'changed', userId: USER, revision: 7 }])
})

t.test('who has unsubscribed hears nothing', async (t) => {
  const testDatabase = await newDatabase(t)
  const { events, heard, publish } = await newEvents(t, testDatabase.serviceUrl)
  const late: ChangeHint[] = []
  const unsubscribe = events.subscribe((hint) => late.push(hint))
  unsubscribe()
  publish()
  t.strictSame([heard.length, late.length], [1, 0])
})

t.test('publishing while the database is away fails nobody and is logged', async (t) => {
  const { events, heard, log, publish } = await newEvents(t, 'postgres://nobody_service@127.0.0.1:1/nothing')
  await events.start()
  publish()
  t.equal(heard.length, 1)
  await until('it to be logged', () => log.some((line) => line.includes('hints were lost')))
  t.ok(log.some((line) => line.includes('cannot listen')))
  const attempts = () => log.filter((line) => line.includes('cannot listen')).length
  await until('more attempts', () => attempts() >= 3)
  await events.close()
  const after = attempts()
  await new Promise((done) => setTimeout(done, 1_500))
  t.equal(attempts(), after, 'none once it is closed')
})

t.test('closing sends what was published and waits for it', async (t) => {
  const testDatabase = await newDatabase(t)
  const there = await newEvents(t, testDatabase.serviceUrl)
  await there.events.start()
  const { events, publish } = await newEvents(t, testDatabase.serviceUrl)
  await events.start()
  publish()
  await events.close()
  await until('it to arrive', () => there.heard.length > 0)
  t.strictSame(there.heard, [{ kind: 'changed', userId: USER, revision: 7 }])
})

t.test('closing while the connection is being made leaves no connection behind', async (t) => {
  const testDatabase = await newDatabase(t)
  const admin = await superuser(t, testDatabase)
  const { events } = await newEvents(t, testDatabase.serviceUrl)
  events.start().catch((error) => t.fail(error.message))
  await events.close()
  await until('no connection', async () => (await listeners(admin)).length === 0)
  await new Promise((done) => setTimeout(done, 1_000))
  t.strictSame(await listeners(admin), [])
})
