import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { open } from 'node:fs/promises'
import { createServer } from 'node:net'
import { parse } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode } from '../errors.js'
import { runToEnd } from './account.js'
import type { Cluster } from './cluster.js'
import { isPostmaster } from './pidfile.js'

/** A server process we have started and that may still fail to come up. */
export interface Launched {
  readonly port: number
  isRunning(): boolean
  /** the last lines of its log so far */
  log(): Promise<string>
  /** stops it in any state, and waits for its end */
  abandon(): Promise<void>
}

/**
 * Starts a server on the cluster, in a session of its own: Ctrl-C in our terminal must not stop it before the service
 * has drained. It outlives us if we are killed; the next start adopts it.
 *
 * @throws Error when the program cannot be executed.
 */
export async function launchPostmaster(
  cluster: Cluster,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<Launched> {
  const args = ['-D', cluster.dir, ...toArguments({ ...DEFAULTS, ...settings, ...FIXED, port: String(port) })]
  const { file, args: all, options } = cluster.launcher(cluster.binaries.postgres, args)
  // To append: the log is cut off while the server writes to it.
  const log = await open(cluster.logFile, 'a', 0o600)
  try {
    const { size } = await log.stat()
    const child = spawn(file, all, {
      ...options,
      cwd: cluster.dir,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
    })
    await started(child)
    child.unref()
    return {
      port,
      isRunning: () => isRunning(child),
      log: () => tail(cluster.logFile, size),
      abandon: () => end(child),
    }
  } finally {
    await log.close()
  }
}

/**
 * Sized for a small host. Everything else is PostgreSQL's default, durability included. Failing statements are not logged: the
 * service has their text in its own code, and it may be long.
 */
const DEFAULTS = { max_connections: '200', log_checkpoints: 'off', log_min_error_statement: 'fatal' }

/** Settings that the supervision relies on. */
const FIXED = { listen_addresses: '127.0.0.1', unix_socket_directories: '', logging_collector: 'off' }

function toArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  child.ref()
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await ended
}

const TAIL_LINES = 15
const TAIL_BYTES = 8192

async function tail(file: string, from: number): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const start = Math.max(from, size - TAIL_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start)
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
  } finally {
    await handle.close()
  }
}

/**
 * A TCP port that is free on 127.0.0.1 now. It is below the ports that systems hand out to outgoing connections: in that range,
 * another program could take it while our server restarts, and clients that retry a port without a listener can even connect to
 * themselves (TCP simultaneous open).
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(15_432, 32_768)
    if (await isFree(port)) return port
  }
  throw new Error('found no free TCP port on 127.0.0.1 between 15432 and 32767')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

const STOP_LIMIT_MS = 30_000

/**
 * Stops the server in PostgreSQL's fast mode: open transactions are rolled back, a checkpoint is written.
 *
 * @throws Error when it is still there after 30 s.
 */
export async function stopPostmaster(cluster: Cluster, pid: number): Promise<void> {
  if (!(await isPostmaster(pid, cluster.dir))) return
  await requestShutdown(cluster, pid)
  for (const deadline = Date.now() + STOP_LIMIT_MS; Date.now() < deadline; await sleep(10)) {
    if (!(await isPostmaster(pid, cluster.dir))) return
  }
  throw new Error(`PostgreSQL (pid ${pid}) has not stopped within 30 s; see ${cluster.logFile}`)
}

/** Windows has no signals: only pg_ctl can request a stop there. */
async function requestShutdown({ dir, binaries, launcher }: Cluster, pid: number): Promise<void> {
  if (process.platform === 'win32') {
    await runToEnd(launcher(binaries.pg_ctl, ['stop', '-D', dir, '-m', 'fast', '-W']), parse(dir).root)
    return
  }
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}
