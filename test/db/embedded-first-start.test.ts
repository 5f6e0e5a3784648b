import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { DataDirBusyError, startEmbedded } from '../../db/embedded.js'
import { query } from '../helpers/database.js'
import { assertStopped, RUN_SERVICE, spawnNode, start, superuserUrl } from '../helpers/embedded.js'
import { kill9, temporaryDataDir } from '../helpers/process.js'
import { eventually } from '../helpers/wait-timeout.js'

t.test(
  'a first start creates the database of an owner who is no superuser, and a restart keeps its data',
  async (t) => {
    const dataDir = await temporaryDataDir(t)
    const first = await start(t, { dataDir })
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    t.match(new URL(first.url), { hostname: '127.0.0.1', username: 'signalbox_owner', pathname: '/signalbox' })
    const [role] = await query(first.url, 'SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user')
    t.match(role, { rolsuper: false, rolcreaterole: true })
    await first.stop()
    await assertStopped(t, dataDir, first.url)

    const second = await start(t, { dataDir })
    t.same(await query(second.url, 'SELECT answer FROM kept'), [{ answer: 42 }])
  },
)

t.test('the server keeps its durability and listens on the loopback address only', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const server = await start(t, {
    dataDir,
    database: 'other "name"',
    settings: { work_mem: '5MB', listen_addresses: '*' },
  })
  const rows = await query(
    await superuserUrl(dataDir, server),
    `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes',
       'listen_addresses', 'unix_socket_directories', 'server_encoding', 'work_mem')`,
  )
  t.same(Object.fromEntries(rows.map(({ name, setting }) => [name, setting])), {
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    server_encoding: 'UTF8',
    synchronous_commit: 'on',
    unix_socket_directories: '',
    work_mem: '5120',
  })
  t.same(await query(server.url, "SELECT upper('äöé') AS upper"), [{ upper: 'ÄÖÉ' }])
  t.equal((await stat(join(dataDir, 'postgres.json'))).mode & 0o777, 0o600)
  t.equal((await stat(join(dataDir, 'postgres'))).mode & 0o777, 0o700)
  t.equal((await stat(dataDir)).mode & 0o007, 0, 'other users stay out of the data directory')
})

t.test('of two first starts at once, one serves and the other is refused', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const outcomes = await Promise.allSettled([startEmbedded({ dataDir }), startEmbedded({ dataDir })])
  const servers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  t.teardown(() => Promise.all(servers.map((server) => server.stop())))
  t.equal(servers.length, 1)
  t.ok(outcomes.some((outcome) => outcome.status === 'rejected' && outcome.reason instanceof DataDirBusyError))
  t.same(await Promise.all(servers.map(({ url }) => query(url, 'SELECT 1 AS one'))), [[{ one: 1 }]])
  t.strictSame((await readdir(dataDir)).sort(), ['postgres', 'postgres.json', 'postgres.log'])
})

t.test('leftovers of an interrupted initdb are removed, and those of a living process are not', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const dead = spawn(process.execPath, ['-e', ''])
  await once(dead, 'exit')
  const leftovers = [`postgres.init-${dead.pid}-aa`, `postgres.init-${process.pid}-bb`]
  const living = `postgres.init-${process.ppid}-cc`
  for (const name of [...leftovers, living]) await mkdir(join(dataDir, name, 'data', 'base'), { recursive: true })
  await start(t, { dataDir })
  t.strictSame(
    (await readdir(dataDir)).filter((name) => name.includes('init')),
    [living],
  )
})

t.test('a first start killed with -9 in the middle of initdb harms nothing', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const child = spawnNode(t, dataDir, RUN_SERVICE)
  await eventually(async () => {
    const name = (await readdir(dataDir)).find((entry) => entry.includes('init'))
    return name !== undefined && (await readdir(join(dataDir, name, 'data'))).includes('global')
  })
  await kill9({ child })
  t.notOk((await readdir(dataDir)).includes('postgres'))
  const server = await start(t, { dataDir })
  t.same(await query(server.url, 'SELECT 1 AS one'), [{ one: 1 }])
})

t.test('a server that cannot start says why, and a failed first start can be repeated', async (t) => {
  const dataDir = await temporaryDataDir(t)
  await t.rejects(startEmbedded({ dataDir, settings: { max_connections: 'many' } }), {
    message: /max_connections.*many/s,
  })
  const server = await start(t, { dataDir })
  t.same(await query(server.url, 'SELECT 1 AS one'), [{ one: 1 }])
})
