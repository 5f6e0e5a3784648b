import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbedded } from '../../db/embedded.js'

/**
 * How long the service takes from the start of its process to the first 200 of /ready: on an empty data directory and on
 * one that is there. Beside it, measured in the same rounds, what no start can do without.
 *
 *     node dist/scripts/bench/start.js [rounds]
 */
const ROUNDS = Number(process.argv[2] ?? 5)
const SERVER = new URL('../../src/server.js', import.meta.url).pathname
const LIMIT = 60_000

const measures: Record<string, (dataDir: string) => Promise<number>> = {
  'node -e 0': nodeAlone,
  'PostgreSQL alone, first run (initdb, start)': postgresAlone,
  'PostgreSQL alone, later run (start)': postgresAlone,
  'Signalbox, first run': service,
  'Signalbox, later run': service,
}

const results = new Map<string, number[]>(Object.keys(measures).map((name) => [name, []]))
for (let round = 0; round < ROUNDS; round++) {
  // A first run and the later one after it share a data directory; PostgreSQL alone has another one.
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'))
  await chmod(folder, 0o755)
  for (const [name, measure] of Object.entries(measures)) {
    results.get(name)?.push(await measure(join(folder, name.split(/[ ,]/)[0] ?? '')))
  }
  await rm(folder, { recursive: true, maxRetries: 5 })
}

console.log(`ms, of ${ROUNDS} rounds:`)
console.table(Object.fromEntries([...results].map(([name, times]) => [name, summary(times)])))

async function nodeAlone(): Promise<number> {
  const since = performance.now()
  await once(spawn(process.execPath, ['-e', '0']), 'exit')
  return performance.now() - since
}

async function postgresAlone(dataDir: string): Promise<number> {
  const since = performance.now()
  const server = await startEmbedded({ dataDir })
  const elapsed = performance.now() - since
  await server.stop()
  return elapsed
}

async function service(dataDir: string): Promise<number> {
  const since = performance.now()
  const child = spawn(process.execPath, [SERVER], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const url = await banner(child)
    while (!(await isReady(url))) await sleep(1)
    return performance.now() - since
  } finally {
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
  }
}

/** @returns where it listens, as soon as it says so */
async function banner({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the service has no output')
  let text = ''
  for await (const chunk of stdout) {
    text += chunk
    const url = /listens on (\S+)/.exec(text)?.[1]
    if (url) return url
  }
  throw new Error(`the service has ended: ${text}`)
}

function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${url}/ready`, { timeout: LIMIT }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.once('error', () => resolve(false))
  })
}

function summary(times: number[]) {
  const sorted = times.toSorted((a, b) => a - b).map(Math.round)
  return { median: sorted[Math.floor(sorted.length / 2)], best: sorted[0], worst: sorted.at(-1) }
}
