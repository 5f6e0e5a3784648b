import { execFile } from 'node:child_process'
import { readFileSync, unlinkSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hasCode } from '../errors.js'
import { ignoreMissing } from './errors.js'

/** A running server, as its own postmaster.pid describes it. */
export interface Postmaster {
  readonly pid: number
  /** TCP port on 127.0.0.1 */
  readonly port: number
  /** whether it has finished starting up, and is not shutting down */
  readonly ready: boolean
}

/**
 * The server that is running on the cluster in `dir`, if any. Removes a postmaster.pid whose pid now belongs to some
 * other process (usual after a container restart), because PostgreSQL would refuse to start.
 *
 * Two containers that share a data directory do not see each other's processes: neither this nor PostgreSQL's own
 * check protects from that.
 */
export async function findPostmaster(dir: string): Promise<Postmaster | undefined> {
  const file = join(dir, 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(ignoreMissing)
  if (text === undefined) return undefined
  const described = parsePidFile(text)
  if (described && (await isPostmaster(described.pid, dir))) return described
  if (described ? isAlive(described.pid) : await isForgotten(file)) removeIfUnchanged(file, text)
  return undefined
}

/** Lines: pid, data directory, start time, port, socket folder, address, shared memory, status (see pidfile.h). */
function parsePidFile(text: string): Postmaster | undefined {
  const lines = text.split('\n')
  const pid = Number(lines[0])
  const port = Number(lines[3])
  if (!(pid > 0) || !(port > 0)) return undefined
  return { pid, port, ready: lines[7]?.trim() === 'ready' }
}

/** A half-written file belongs to a server that is just starting, unless it stays so (a power failure truncated it). */
async function isForgotten(file: string): Promise<boolean> {
  const stats = await stat(file).catch(ignoreMissing)
  return stats !== undefined && Date.now() - stats.mtimeMs > 5000
}

/** Synchronous, to leave next to no time in which another start could put its own file there. */
function removeIfUnchanged(file: string, text: string): void {
  try {
    if (readFileSync(file, 'utf8') === text) unlinkSync(file)
  } catch (error) {
    ignoreMissing(error)
  }
}

/** Whether any process has this pid, including a zombie that was not reaped. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

/** Whether the pid is a PostgreSQL process that lives in `dir`: servers make it their working directory. */
export async function isPostmaster(pid: number, dir: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform === 'win32') return true
  const name = process.platform === 'linux' ? await nameOnLinux(pid) : await nameFromPs(pid)
  if (name !== 'postgres') return false
  return process.platform !== 'linux' || livesIn(pid, dir)
}

async function nameOnLinux(pid: number): Promise<string | undefined> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(ignoreUnreadable)
  return name?.trim()
}

async function nameFromPs(pid: number): Promise<string | undefined> {
  const result = await promisify(execFile)('/bin/ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => undefined)
  return result?.stdout.trim().split('/').at(-1)
}

/**
 * Compares inodes, since the path may have been a symbolic link. A zombie has no working directory. Root without the capability
 * sys_ptrace (as in Docker) may not read it, but may read the arguments that we started the server with.
 */
async function livesIn(pid: number, dir: string): Promise<boolean> {
  try {
    const [cwd, home] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(dir)])
    return cwd.dev === home.dev && cwd.ino === home.ino
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM')) return false
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(ignoreUnreadable)
    return args?.split('\0').includes(dir) ?? false
  }
}

/** The process may end, or belong to another user, in the meantime. */
function ignoreUnreadable(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) throw error
}
