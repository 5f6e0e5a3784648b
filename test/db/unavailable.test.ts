import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { Database } from '../../db/client.js'
import { prepareDatabase } from '../../db/migrate.js'
import { buildApp } from '../../src/app.js'
import { loadConfig } from '../../src/config.js'
import { JWT_SECRET, SECRETS_KEY } from '../helpers/app.js'
import { type ControlledServer, controlledServer } from '../helpers/controlled-server.js'
import { query } from '../helpers/database.js'
import { type HttpAnswer, http, newAccount, openLiveView, step } from '../helpers/http.js'
import { eventually } from '../helpers/wait-timeout.js'

/** What the service promises: nobody waits longer for the word that the database is away. */
const PROMISE = 5_000

/** A process that runs both, under load, may be late by this much. */
const SLACK = 2_000

t.test('while PostgreSQL is away callers are told at once, and afterwards all goes on by itself', async (t) => {
  const server = await controlledServer(t)
  const { url } = await listen(t, server)
  const account = await newAccount(url)
  const instanceId = randomUUID()
  await account.agent('POST', '/messages/agent', step(instanceId, 'before'))
  const view = await openLiveView(t, url, account, instanceId)
  await view.received(/event: connected/)

  await server.stop()
  const requests: Record<string, () => Promise<HttpAnswer>> = {
    'a post by an agent': () => account.agent('POST', '/messages/agent', step(instanceId)),
    'a read by a person': () => account.person('GET', `/agent-instances/${instanceId}`),
    'a read of messages': () => account.agent('GET', `/messages/pending?agent_instance_id=${instanceId}`),
    'a login': () =>
      http(`${url}/api/v1/auth/login`, 'POST', undefined, { email: 'a@example.com', password: 'p'.repeat(12) }),
    'a new live view': () => account.person('GET', `/agent-instances/${instanceId}/messages/stream`),
    readiness: () => http(`${url}/ready`, 'GET'),
  }
  for (const [name, request] of Object.entries(requests)) await t.test(name, (t) => assertUnavailable(t, request))
  t.match(await http(`${url}/health`, 'GET'), { status: 200, body: { status: 'healthy' } })
  t.match(await http(`${url}/openapi.json`, 'GET'), { status: 200 })
  t.ok(view.isOpen(), 'live views stay')

  await server.start()
  await eventually(async () => (await http(`${url}/ready`, 'GET')).status === 200)
  t.equal((await account.agent('POST', '/messages/agent', step(instanceId, 'after'))).status, 200)
  await view.received(/event: message\ndata: .*"content":"after"/)
  t.ok(view.isOpen(), 'and they are the same ones')
  t.notMatch(view.text(), /event: error/)
})

t.test('a request whose statement is cut off by the end of PostgreSQL is told so', async (t) => {
  const server = await controlledServer(t)
  const { url } = await listen(t, server)
  const account = await newAccount(url)
  const instanceId = randomUUID()
  await account.agent('POST', '/messages/agent', step(instanceId))
  // The owner is bound by row-level security, but not by table locks.
  const lock = query(server.ownerUrl, 'begin; lock table messages; select pg_sleep(60)').catch(() => {})
  const isLocked =
    "select from pg_locks where relation = 'messages'::regclass and mode = 'AccessExclusiveLock' and granted"
  await eventually(async () => (await query(server.ownerUrl, isLocked)).length === 1)
  const post = assertUnavailable(t, () => account.agent('POST', '/messages/agent', step(instanceId)))
  const waiting = "select pid from pg_locks where relation = 'messages'::regclass and not granted"
  await eventually(async () => (await query(server.ownerUrl, waiting)).length === 1)
  // What a fast shutdown does to each session. This one first: were it the one with the lock, the post would go through.
  process.kill(Number((await query(server.ownerUrl, waiting))[0]?.['pid']), 'SIGTERM')
  await post
  await server.stop()
  await lock
})

t.test('a PostgreSQL that hangs is not waited for, and what it held up goes on when it thaws', async (t) => {
  const server = await controlledServer(t)
  const { url, close } = await listen(t, server)
  const account = await newAccount(url)
  const instanceId = randomUUID()
  await account.agent('POST', '/messages/agent', step(instanceId))
  const view = await openLiveView(t, url, account, instanceId)
  await view.received(/event: connected/)

  // So that each of the requests below has an open connection to be held up on.
  await Promise.all(Array.from({ length: 20 }, () => account.person('GET', '/agent-instances')))
  await server.freeze('signalbox')
  await Promise.all([
    assertUnavailable(t, () => account.agent('POST', '/messages/agent', step(instanceId))),
    // It comes while the first one is held up, and must not be held up behind it.
    sleep(300).then(() => assertUnavailable(t, () => account.agent('POST', '/messages/agent', step(randomUUID())))),
    assertUnavailable(t, () => account.person('GET', '/agent-instances')),
    // This one is a transaction, and would have to be rolled back.
    assertUnavailable(t, () => account.person('POST', '/auth/api-keys', { name: 'another' })),
    assertUnavailable(t, () => http(`${url}/ready`, 'GET')),
  ])
  t.equal((await http(`${url}/health`, 'GET')).status, 200)
  t.ok(view.isOpen())

  server.thaw()
  await eventually(async () => (await http(`${url}/ready`, 'GET')).status === 200)
  t.equal((await account.agent('POST', '/messages/agent', step(instanceId, 'after'))).status, 200)
  await view.received(/event: message\ndata: .*"content":"after"/)

  await server.freeze('signalbox listen')
  const since = performance.now()
  await close()
  t.ok(performance.now() - since < PROMISE + SLACK, 'nor does it hold up the end')
})

t.test('a database that is not migrated is not ready, and says so', async (t) => {
  const server = await controlledServer(t)
  const { url } = await listen(t, server)
  const reason = async () => {
    const { status, body, headers } = await http(`${url}/ready`, 'GET')
    return { status, code: body.code, detail: body.detail, retry: headers.get('retry-after') }
  }
  const notCurrent = {
    status: 503,
    code: 'unavailable',
    detail: 'The migrations of the database are not current',
    retry: '2',
  }
  await query(server.ownerUrl, 'create table kept as table kysely_migration')
  await query(server.ownerUrl, 'delete from kysely_migration')
  t.strictSame(await reason(), notCurrent, 'a migration is missing')
  await query(server.ownerUrl, 'alter table kysely_migration rename to elsewhere')
  t.strictSame(await reason(), notCurrent, 'the whole table is')
  await query(server.ownerUrl, 'alter table elsewhere rename to kysely_migration')
  await query(server.ownerUrl, 'insert into kysely_migration table kept')
  t.equal((await reason()).status, 200)
  await query(server.ownerUrl, 'revoke all on kysely_migration from signalbox_service')
  t.strictSame(await reason(), notCurrent, 'or the right to read it')
})

/** The service in this process: an error that nobody handles fails the test. */
async function listen(t: Test, server: ControlledServer) {
  const url = await prepareDatabase(server.ownerUrl, JWT_SECRET)
  const database = new Database({ url, poolMax: 4 })
  const logger = pino({ level: 'silent' })
  const { app } = await buildApp({
    config: loadConfig({}),
    database,
    jwtSecret: JWT_SECRET,
    secretsKeys: [SECRETS_KEY],
    logger,
  })
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= app.close().then(() => database.close())
    return closed
  }
  t.teardown(() => {
    server.thaw()
    return close()
  })
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), close }
}

async function assertUnavailable(t: Test, request: () => Promise<HttpAnswer>): Promise<void> {
  const since = performance.now()
  const { status, body, headers } = await request()
  const elapsed = performance.now() - since
  t.match(
    { status, body },
    { status: 503, body: { status: 503, code: 'unavailable', detail: /database is not available/, request_id: /./ } },
  )
  t.match(headers.get('content-type'), /^application\/problem\+json/)
  t.match(headers.get('retry-after'), /^\d+$/)
  t.ok(elapsed < PROMISE + SLACK, `within 5 s, give or take: ${Math.round(elapsed)} ms`)
}
