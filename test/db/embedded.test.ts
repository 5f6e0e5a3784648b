import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { DataDirBusyError, startEmbedded } from '../../db/embedded.js'
import { query } from '../helpers/database.js'
import { assertStopped, spawnNode, spawnService, start, superuserUrl } from '../helpers/embedded.js'
import { kill9, temporaryDataDir } from '../helpers/process.js'
import { eventually } from '../helpers/wait-timeout.js'

t.test('a second start on the same data directory is refused, and the first keeps working', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const first = await start(t, { dataDir })
  const refusal = await startEmbedded({ dataDir }).catch((error: unknown) => error)
  t.ok(refusal instanceof DataDirBusyError)
  t.match(refusal, { message: dataDir })
  t.same(await query(first.url, 'SELECT 1 AS one'), [{ one: 1 }])
})

t.test('the log of the server is bounded while it runs', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const limit = 20_000
  const server = await start(t, { dataDir, logLimit: limit })
  const log = join(dataDir, 'postgres.log')
  const client = new pg.Client(server.url)
  await client.connect()
  t.teardown(() => client.end().catch(() => {}))
  const write = async (text: string) => {
    for (let n = 0; n < 200; n++) await client.query(`select '${text}'::integer`).catch(() => {})
  }
  for (let round = 0; round < 3; round++) {
    await write(`round ${round}`.padEnd(200, 'x'))
    await eventually(async () => (await stat(log)).size <= limit)
    t.equal((await stat(`${log}.1`)).size, limit)
    const both = (await readFile(`${log}.1`, 'utf8')) + (await readFile(log, 'utf8'))
    t.match(both, `round ${round}`, 'the latest is kept')
  }
  await write('after')
  t.match(await readFile(log, 'utf8'), 'after', 'the server goes on writing to it')
  t.notMatch(await readFile(log, 'utf8'), 'STATEMENT')
})

t.test('a service killed with -9 leaves a server behind, which the next start adopts', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const killed = await spawnService(t, dataDir)
  await query(killed.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await kill9(killed)

  const messages: string[] = []
  const server = await start(t, { dataDir, log: (message) => messages.push(message) })
  t.equal(server.pid, killed.pid)
  t.equal(server.url, killed.url)
  t.match(messages, [/adopted/])
  t.same(await query(server.url, 'SELECT answer FROM kept'), [{ answer: 42 }])
  await server.stop()
  await assertStopped(t, dataDir, server.url)
})

t.test('when service and server are both killed with -9, committed data is recovered', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const killed = await spawnService(t, dataDir)
  await query(killed.url, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number')
  await kill9(killed)
  process.kill(killed.pid, 'SIGKILL')

  const server = await start(t, { dataDir })
  t.not(server.pid, killed.pid)
  t.same(await query(server.url, 'SELECT count(*)::int AS count FROM kept'), [{ count: 1000 }])
})

t.test('a postmaster.pid that names a living foreign process does not prevent the start', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const first = await start(t, { dataDir })
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
  const content = await readFile(pidFile, 'utf8')
  await first.stop()
  const { uid, gid } = await stat(join(dataDir, 'postgres'))

  for (const account of [{}, { uid, gid }]) {
    const foreign = spawn('sleep', ['60'], account)
    t.teardown(() => foreign.kill())
    await writeFile(pidFile, content.replace(/^\d+/, String(foreign.pid)))
    const server = await startEmbedded({ dataDir })
    t.same(await query(server.url, 'SELECT 1 AS one'), [{ one: 1 }])
    await server.stop()
    t.equal(foreign.exitCode, null, 'the foreign process is left alone')
    foreign.kill()
  }
})

t.test('an empty postmaster.pid, left by a power failure, does not prevent the start', async (t) => {
  const dataDir = await temporaryDataDir(t)
  await (await start(t, { dataDir })).stop()
  const { uid, gid } = await stat(join(dataDir, 'postgres'))
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
  await writeFile(pidFile, '')
  await chown(pidFile, uid, gid)
  await utimes(pidFile, 1, 1)
  const server = await start(t, { dataDir })
  t.same(await query(server.url, 'SELECT 1 AS one'), [{ one: 1 }])
})

t.test('a server killed under supervision comes back on the same port, and stays locked', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const messages: string[] = []
  const server = await start(t, { dataDir, log: (message) => messages.push(message) })
  await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
  const { pid, url } = server
  process.kill(pid, 'SIGKILL')
  await eventually(async () => (await query(url, 'SELECT answer FROM kept'))[0]?.['answer'] === 42)
  await eventually(async () => server.pid !== pid)
  t.equal(server.url, url)
  t.match(messages.slice(1), [/lost/, /back/])
  await t.rejects(startEmbedded({ dataDir }), DataDirBusyError)
})

t.test('the lock is taken again when only its connection was cut', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const server = await start(t, { dataDir })
  const { pid } = server
  const admin = await superuserUrl(dataDir, server)
  const cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"
  t.equal((await query(admin, cut)).length, 1)
  await eventually(async () => (await query(admin, "SELECT FROM pg_locks WHERE locktype = 'advisory'")).length === 1)
  t.equal(server.pid, pid)
})

t.test('stop leaves no server behind, even while one is being recovered', async (t) => {
  const dataDir = await temporaryDataDir(t)
  for (const delay of [0, 15, 30, 60]) {
    const server = await startEmbedded({ dataDir })
    process.kill(server.pid, 'SIGKILL')
    await sleep(delay)
    await server.stop()
    t.same(server.stop(), server.stop(), 'it may be called again')
    await assertStopped(t, dataDir, server.url)
  }
})

t.test('a stopped server does not keep the process alive', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const child = spawnNode(t, dataDir, 'await (await startEmbedded({ dataDir })).stop()')
  t.same(await once(child, 'exit'), [0, null])
})
