import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { findPostmaster } from '../../db/embedded/pidfile.js'
import { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from '../../db/embedded.js'
import { query } from './database.js'

export async function start(t: Test, options: EmbeddedOptions): Promise<EmbeddedServer> {
  const server = await startEmbedded(options)
  t.teardown(() => server.stop())
  return server
}

/** The superuser's URL, which the service never reveals. */
export async function superuserUrl(dataDir: string, server: EmbeddedServer): Promise<string> {
  const { superuser }: { superuser: string } = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8'))
  return `postgres://postgres:${superuser}@${new URL(server.url).host}/postgres`
}

/** Does not check the pid: an adopted server may stay a zombie where no process reaps orphans. */
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
