import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Test } from 'tap'
import { findPostmaster } from '../../db/embedded/pidfile.js'
import { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from '../../db/embedded.js'
import { WAIT_TIMEOUT_MS } from './wait-timeout.js'

type Row = Record<string, unknown>

/** A folder for one test. Open to everybody by default, so that root's server needs no privileges. */
export async function temporaryFolder(t: Test, mode = 0o755): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-embedded-'))
  await chmod(folder, mode)
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

export async function temporaryDataDir(t: Test): Promise<string> {
  return join(await temporaryFolder(t), 'data')
}

export async function start(t: Test, options: EmbeddedOptions): Promise<EmbeddedServer> {
  const server = await startEmbedded(options)
  t.teardown(() => server.stop())
  return server
}

export async function query(url: string, text: string): Promise<Row[]> {
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
export async function superuserUrl(dataDir: string, server: EmbeddedServer): Promise<string> {
  const { superuser }: { superuser: string } = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8'))
  return `postgres://postgres:${superuser}@${new URL(server.url).host}/postgres`
}

export async function eventually(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + WAIT_TIMEOUT_MS; Date.now() < deadline; await sleep(20)) {
    if (await condition().catch(() => false)) return
  }
  throw new Error(`the expected state has not come within ${WAIT_TIMEOUT_MS} ms`)
}

/** Does not look at the pid: an adopted server may stay a zombie where nobody waits for orphans. */
export async function assertStopped(t: Test, dataDir: string, url: string): Promise<void> {
  t.equal(await findPostmaster(join(dataDir, 'postgres')), undefined)
  await t.rejects(query(url, 'SELECT'), { code: 'ECONNREFUSED' })
}

/** A process that runs an embedded server. */
export interface Service {
  readonly child: ChildProcess
  readonly url: string
  readonly pid: number
}

/** A process of its own that runs `body` with the module's exports in scope and the data directory as `dataDir`. */
export function spawnNode(t: Test, dataDir: string, body: string, wrapper: string[] = []): ChildProcess {
  const module = new URL('../../db/embedded.js', import.meta.url).href
  const code = `const { startEmbedded } = await import('${module}'); const dataDir = process.argv[1]; ${body}`
  const [file = process.execPath, ...args] = [...wrapper, process.execPath, '--input-type=module', '-e', code, dataDir]
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

export async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the child has no output')
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error('the child has said nothing')
}

export const RUN_SERVICE = `
  const { url, pid } = await startEmbedded({ dataDir })
  console.log(JSON.stringify({ url, pid }))
  setInterval(() => {}, 1000)`

export async function spawnService(t: Test, dataDir: string): Promise<Service> {
  const child = spawnNode(t, dataDir, RUN_SERVICE)
  const { url, pid }: { url: string; pid: number } = JSON.parse(await firstLine(child))
  t.teardown(() => {
    if (existsSync(join(dataDir, 'postgres', 'postmaster.pid'))) process.kill(pid, 'SIGQUIT')
  })
  return { child, url, pid }
}

export async function kill9(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
