import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Test } from 'tap'
import { findPostmaster } from '../../db/embedded/pidfile.js'
import { temporaryFolder } from './folders.js'
import { eventually, Fatal, WAIT_TIMEOUT_MS } from './wait-timeout.js'

const SERVER = new URL('../../src/server.js', import.meta.url).pathname

export type Exit = [code: number | null, signal: NodeJS.Signals | null]

/** `node dist/src/server.js`, as an operator starts it. */
export interface ServiceProcess {
  readonly child: ChildProcess
  readonly exit: Promise<Exit>
  /** Its output so far. */
  readonly stdout: () => string
  readonly stderr: () => string
}

export interface RunningProcess extends ServiceProcess {
  /** The address in its banner. */
  readonly url: string
}

/** Leftovers if this process ends before its teardowns have run, as after a timeout. */
const children = new Set<ChildProcess>()
const dataDirs = new Set<string>()
// tap sends SIGALRM to a file that takes too long, and a second later SIGKILL.
process.once('exit', killEverything)
process.once('SIGALRM', () => setTimeout(() => process.exit(1), 300))

function killEverything(): void {
  for (const child of children) child.kill('SIGKILL')
  for (const dataDir of dataDirs) killServer(dataDir)
}

/** Synchronous, for the last moment. The pid's owner is not checked: the file is gone when the server is. */
function killServer(dataDir: string): void {
  try {
    const pid = Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10)
    if (pid > 0) process.kill(pid, 'SIGQUIT')
  } catch {
    // There is no server, or it has ended by now.
  }
}

/** A data directory of the test's own. A server that still runs in it is ended with the test. */
export async function temporaryDataDir(t: Test): Promise<string> {
  const dataDir = join(await temporaryFolder(t), 'data')
  dataDirs.add(dataDir)
  t.teardown(async () => {
    const left = await findPostmaster(join(dataDir, 'postgres'))
    if (left) process.kill(left.pid, 'SIGQUIT')
    dataDirs.delete(dataDir)
  })
  return dataDir
}

/** Starts the service with these settings and no others; killed with the test. */
export function spawnService(t: Test, settings: Record<string, string>, options: { group?: boolean } = {}) {
  const { PATH = '', HOME = '', NODE_V8_COVERAGE } = process.env
  const coverage = NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE }
  const child = spawn(process.execPath, [SERVER], {
    env: { PATH, HOME, ...coverage, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.group ?? false,
  })
  children.add(child)
  t.teardown(() => child.kill('SIGKILL'))
  const exit: Promise<Exit> = new Promise((resolve) => child.once('exit', (...how) => resolve(how)))
  exit.then(() => children.delete(child))
  return { child, exit, stdout: collect(child.stdout), stderr: collect(child.stderr) } satisfies ServiceProcess
}

/** Starts the service and waits for its banner. */
export async function startService(t: Test, settings: Record<string, string>): Promise<RunningProcess> {
  const service = spawnService(t, settings)
  const url = await eventually(async () => {
    if (service.child.exitCode !== null) throw new Fatal(`the service has ended: ${service.stderr()}`)
    return /listens on (\S+)/.exec(service.stdout())?.[1]
  })
  return { ...service, url }
}

/** @returns how the process ended @throws when it does not */
export async function ended({ exit, stderr }: ServiceProcess): Promise<Exit> {
  const abort = new AbortController()
  const late = sleep(WAIT_TIMEOUT_MS, undefined, { signal: abort.signal }).then(() => {
    throw new Error(`the service has not ended: ${stderr()}`)
  })
  late.catch(() => {})
  return Promise.race([exit, late]).finally(() => abort.abort())
}

export async function kill9({ child }: { readonly child: ChildProcess }): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** @returns the error code of a new connection, undefined if it is taken */
export async function connectionError(url: string): Promise<string | undefined> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''))
  try {
    await once(socket, 'connect')
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  } finally {
    socket.destroy()
  }
}

/** A session of the embedded server's superuser, which bypasses row-level security. */
export async function superuser(t: Test, dataDir: string, database = 'signalbox'): Promise<pg.Client> {
  const server = await findPostmaster(join(dataDir, 'postgres'))
  if (!server) throw new Error('there is no server')
  const { superuser: password }: { superuser: string } = JSON.parse(
    await readFile(join(dataDir, 'postgres.json'), 'utf8'),
  )
  const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', password, database })
  client.on('error', () => {})
  await client.connect()
  t.teardown(() => client.end().catch(() => {}))
  return client
}

/** Fails unless the embedded server is down without leftovers. */
export async function assertServerStopped(t: Test, dataDir: string): Promise<void> {
  t.equal(await findPostmaster(join(dataDir, 'postgres')), undefined, 'no server is left')
  t.notOk(existsSync(join(dataDir, 'postgres', 'postmaster.pid')), 'no postmaster.pid is left')
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text
}
