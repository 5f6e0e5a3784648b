import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbedded } from '../../db/embedded.js'
import { benchmark } from './benchmark.js'
import { end } from './children.js'
import { readOptions } from './options.js'
import { startService, temporaryFolder } from './service.js'
import { median, rounded } from './statistics.js'

/**
 * How long the service takes from the start of its process to the first 200 of /ready: on an empty data directory and on an
 * existing one. Beside it, measured in the same rounds, the unavoidable parts of a start.
 *
 *     node dist/scripts/bench/start.js [--rounds 5] [--small]
 */
const option = readOptions({ rounds: 5 }, { rounds: 1 })

/** A start on a data directory. @returns milliseconds */
type Start = (dataDir: string) => Promise<number>

/** A first run and the later one share a data directory; PostgreSQL alone has another one. */
const FIRST = 'PostgreSQL alone, first run (initdb, start)'
const LATER = 'PostgreSQL alone, later run (start)'
const STARTS: Record<string, { start: Start; floor?: string }> = {
  'node -e 0': { start: nodeAlone },
  [FIRST]: { start: postgresAlone },
  [LATER]: { start: postgresAlone },
  'Signalbox, first run': { start: service, floor: FIRST },
  'Signalbox, later run': { start: service, floor: LATER },
}

await benchmark('Start', 15, async () => {
  const results = new Map<string, number[]>(Object.keys(STARTS).map((name) => [name, []]))
  for (let round = 0; round < option('rounds'); round++) {
    const folder = await temporaryFolder()
    for (const [name, { start }] of Object.entries(STARTS)) {
      results.get(name)?.push(await start(join(folder, name.split(/[ ,]/)[0] ?? '')))
    }
  }
  report(results)
})

function report(results: Map<string, number[]>): void {
  console.log(`ms, of ${option('rounds')} rounds:`)
  const rows = Object.entries(STARTS).map(([name, { floor = name }]) => {
    const times = results.get(name) ?? []
    const ratio = median(times.map((time, round) => time / (results.get(floor)?.[round] ?? Number.NaN)))
    const [middle, best, worst] = [median(times), Math.min(...times), Math.max(...times)].map(Math.round)
    return [name, { median: middle, best, worst, ratio: rounded(ratio) }]
  })
  console.table(Object.fromEntries(rows))
}

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
  const { url, child } = await startService({ DATA_DIR: dataDir })
  while (!(await isReady(url))) await sleep(1)
  const elapsed = performance.now() - since
  await end(child)
  return elapsed
}

function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${url}/ready`, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.once('error', () => resolve(false))
  })
}
