import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { findPostmaster } from '../../db/embedded/pidfile.js'
import { DataDirBusyError, type EmbeddedOptions, type EmbeddedServer, startEmbedded } from '../../db/embedded.js'

type Row = Record<string, unknown>

/** What only root can try is a test only for root. */
const isRoot = process.getuid?.() === 0 && existsSync('/usr/bin/setpriv')

/** A folder for one test. Open to everybody by default, so that root's server needs no privileges. */
async function temporaryFolder(t: Test, mode = 0o755): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-embedded-'))
  await chmod(folder, mode)
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

async function temporaryDataDir(t: Test): Promise<string> {
  return join(await temporaryFolder(t), 'data')
}

async function start(t: Test, options: EmbeddedOptions): Promise<EmbeddedServer> {
  const server = await startEmbedded(options)
  t.teardown(() => server.stop())
  return server
}

async function query(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<Row>(text)
    return rows
  } finally {
    await client.end()
  }
}

/** The superuser's URL, which the service never hands out. */
async function superuserUrl(dataDir: string, server: EmbeddedServer): Promise<string> {
  const { superuser }: { superuser: string } = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8'))
  return `postgres://postgres:${superuser}@${new URL(server.url).host}/postgres`
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(20)) {
    if (await condition().catch(() => false)) return
  }
  throw new Error('the expected state has not come within 10 s')
}

/** Does not look at the pid: an adopted server may stay a zombie where nobody waits for orphans. */
async function assertStopped(t: Test, dataDir: string, url: string): Promise<void> {
  t.equal(await findPostmaster(join(dataDir, 'postgres')), undefined)
  await t.rejects(query(url, 'SELECT'), { code: 'ECONNREFUSED' })
}

interface Service {
  readonly child: ChildProcess
  readonly url: string
  readonly pid: number
}

/** A process of its own that runs `body` with the module's exports in scope and the data directory as `dataDir`. */
function spawnNode(t: Test, dataDir: string, body: string, wrapper: string[] = []): ChildProcess {
  const module = new URL('../../db/embedded.js', import.meta.url).href
  const code = `const { startEmbedded } = await import('${module}'); const dataDir = process.argv[1]; ${body}`
  const [file = process.execPath, ...args] = [...wrapper, process.execPath, '--input-type=module', '-e', code, dataDir]
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the child has no output')
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error('the child has said nothing')
}

const RUN_SERVICE = `
  const { url, pid } = await startEmbedded({ dataDir })
  console.log(JSON.stringify({ url, pid }))
  setInterval(() => {}, 1000)`

async function spawnService(t: Test, dataDir: string): Promise<Service> {
  const child = spawnNode(t, dataDir, RUN_SERVICE)
  const { url, pid }: { url: string; pid: number } = JSON.parse(await firstLine(child))
  t.teardown(() => {
    if (existsSync(join(dataDir, 'postgres', 'postmaster.pid'))) process.kill(pid, 'SIGQUIT')
  })
  return { child, url, pid }
}

async function kill9(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

const testAsRoot: (name: string, body: (t: Test) => Promise<void>) => void = (name, body) => {
  if (isRoot) t.test(name, body)
}

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

t.test('a second start on the same data directory is refused, and the first keeps working', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const first = await start(t, { dataDir })
  const refusal = await startEmbedded({ dataDir }).catch((error: unknown) => error)
  t.ok(refusal instanceof DataDirBusyError)
  t.match(refusal, { message: dataDir })
  t.same(await query(first.url, 'SELECT 1 AS one'), [{ one: 1 }])
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
  await kill9(killed.child)

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
  await kill9(killed.child)
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
  await kill9(child)
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

testAsRoot('root may keep the data directory where no other user can go', async (t) => {
  const folder = await temporaryFolder(t, 0o700)
  const server = await start(t, { dataDir: join(folder, 'data') })
  await query(server.url, 'CREATE TABLE kept AS SELECT generate_series(1, 100000) AS number')
  const rows = await query(server.url, 'SELECT count(DISTINCT number)::int AS count FROM kept')
  t.same(rows, [{ count: 100_000 }])
  t.equal((await stat(folder)).mode & 0o777, 0o700, 'folders that exist keep their modes')
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  t.notMatch(status, /^Uid:\s+0\b/m)
  t.match(status, /^CapEff:\t0{15}[24]$/m, 'one capability is all it holds')
})

testAsRoot('root with only the capabilities of Docker recognises its server', async (t) => {
  const docker = ['setpriv', '--bounding-set=-sys_ptrace,-dac_read_search', '--']
  for (const mode of [0o755, 0o700]) {
    const dataDir = join(await temporaryFolder(t, mode), 'data')
    const killed = await spawnService(t, dataDir)
    await kill9(killed.child)
    const body = 'await (await startEmbedded({ dataDir, log: console.log })).stop()'
    const child = spawnNode(t, dataDir, body, docker)
    const exit = once(child, 'exit')
    t.match(await firstLine(child), /adopted/)
    t.same(await exit, [0, null])
    await assertStopped(t, dataDir, killed.url)
  }
})

testAsRoot('root hands a cluster that root owns to the user that runs it', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const first = await start(t, { dataDir })
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await first.stop()
  const copy = await temporaryDataDir(t)
  await cp(dataDir, copy, { recursive: true })
  const server = await start(t, { dataDir: copy })
  t.same(await query(server.url, 'SELECT answer FROM kept'), [{ answer: 42 }])
})
