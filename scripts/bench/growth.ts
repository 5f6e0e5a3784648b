import { randomInt } from 'node:crypto'
import { type Account, logIn, signUp } from './accounts.js'
import { benchmark } from './benchmark.js'
import { type BenchDatabase, databasesOn, startDatabases } from './database.js'
import { parseOptions } from './options.js'
import { openConnections, type RawConnection, rawRequest } from './raw-client.js'
import { CONTENT, fill, seededId } from './seed.js'
import { connectAs, type Service, startService } from './service.js'
import { median, quantile, rounded } from './statistics.js'

/**
 * Whether the cost of a request depends on the amount of data: the same requests, one at a time and in turns, to services on
 * databases that differ in size alone. `runs`: one account has 50, 1,000 and 100,000 runs of a message each, and its latest
 * runs a page of messages. `messages`: 1,000, 100,000 and 1,000,000 messages in 10,000 runs of one account.
 *
 * Each is measured twice: on tables that were just loaded and not analyzed, with autovacuum off, and on analyzed tables; with
 * new connections, so that no earlier plan is used.
 *
 *     node dist/scripts/bench/growth.js [--samples 400] [--most-runs 100000] [--most-messages 1000000] [--small]
 *       [--server postgres://postgres@host:port/postgres]
 *
 * @param server a superuser of another PostgreSQL server to run on, instead of an embedded one. Databases named `growth_…` are
 *   made there, and dropped at the end
 */
const { number: option, text } = parseOptions(
  { samples: 400, 'most-runs': 100_000, 'most-messages': 1_000_000 },
  { samples: 10, 'most-runs': 5000, 'most-messages': 20_000 },
  ['server'],
)

const PAGE = 20

/** Runs whose chats have a page of messages: the latest ones in every database, so that answers have one size. */
const FULL = 50

/** A database of some size. */
interface Size {
  readonly name: string
  readonly instances: number
  readonly messages: number
}

const dimensions: Record<string, Size[]> = {
  runs: [50, option('most-runs') / 100, option('most-runs')].map((instances) => ({
    name: `${instances} runs`,
    instances,
    messages: FULL * PAGE + instances,
  })),
  messages: [1000, 10, 1].map((part) => ({
    name: `${Math.max(option('most-messages') / part, FULL * PAGE)} messages`,
    instances: Math.min(10_000, option('most-messages') / 100),
    messages: Math.max(option('most-messages') / part, FULL * PAGE),
  })),
}

/** The ids and credentials that its requests need. */
interface GrowthTarget {
  readonly connection: RawConnection
  readonly token: string
  readonly key: string
  readonly instances: number
}

/** The measured requests. Posts and polls go to any run, reads to full ones. */
const OPERATIONS: Record<string, (target: GrowthTarget) => Buffer> = {
  'list of 50 runs': ({ token }) => rawRequest('GET', '/api/v1/agent-instances?limit=50', token),
  'run with 20 messages': ({ token }) =>
    rawRequest('GET', `/api/v1/agent-instances/${seededId(1 + randomInt(FULL))}?message_limit=${PAGE}`, token),
  'pending messages': ({ key, instances }) =>
    rawRequest('GET', `/api/v1/messages/pending?agent_instance_id=${anyRun(instances)}`, key),
  'post of a step': ({ key, instances }) =>
    rawRequest('POST', '/api/v1/messages/agent', key, { agent_instance_id: anyRun(instances), content: CONTENT }),
}

/** One of 50, spread over all: of each database as many are used, as the first poll of a run for a while is noted. */
function anyRun(instances: number): string {
  return seededId(1 + Math.floor((randomInt(FULL) * instances) / FULL))
}

await benchmark('Growth', 60, async () => {
  for (const [dimension, sizes] of Object.entries(dimensions)) {
    const names = sizes.map((_, i) => `growth_${dimension}_${i}`)
    const server = text('server')
    const databases = server === undefined ? await startDatabases(names) : await databasesOn(server, names)
    const filled: Filled[] = []
    for (const [i, size] of sizes.entries()) {
      const database = databases[i]
      if (database) filled.push(await fillDatabase(database, size))
    }
    for (const state of ['nobody has analyzed', 'analyzed'] as const) {
      if (state === 'analyzed') for (const { database } of filled) await analyze(database)
      await measure(`${dimension}, ${state}`, filled)
    }
  }
})

interface Filled {
  readonly database: BenchDatabase
  readonly size: Size
  readonly service: Service
  readonly account: Account
}

async function fillDatabase(database: BenchDatabase, size: Size): Promise<Filled> {
  const service = await startService({ DATABASE_URL: database.ownerUrl })
  const account = await signUp(service.url)
  const client = await connectAs(database.superuser)
  const { instances, messages } = size
  await fill(client, { userId: account.userId, instances, messages, full: FULL, page: PAGE, analyzes: false })
  return { database, size, service, account }
}

async function analyze(database: BenchDatabase): Promise<void> {
  const client = await connectAs(database.superuser)
  await client.query('vacuum (analyze)')
  await client.query('checkpoint')
}

async function measure(title: string, filled: readonly Filled[]): Promise<void> {
  const services: Service[] = []
  const targets: GrowthTarget[] = []
  for (const { database, account, size } of filled) {
    const service = await startService({ DATABASE_URL: database.ownerUrl })
    services.push(service)
    const { token, key } = await logIn(service.url, account)
    const [connection] = await openConnections(service.port, 1)
    if (!connection) throw new Error('there is no connection')
    targets.push({ connection, token, key, instances: size.instances })
  }
  const latencies = new Map(Object.keys(OPERATIONS).map((name) => [name, targets.map((): number[] => [])]))
  const warmUp = Math.ceil(option('samples') / 5)
  for (let sample = -warmUp; sample < option('samples'); sample++) {
    for (const [name, request] of Object.entries(OPERATIONS)) {
      for (const [i, target] of targets.entries()) {
        const elapsed = await timed(target.connection, request(target))
        if (sample >= 0) latencies.get(name)?.[i]?.push(elapsed)
      }
    }
  }
  for (const { child } of services) child.kill()
  report(title, filled, latencies)
}

/** @returns milliseconds */
async function timed(connection: RawConnection, request: Buffer): Promise<number> {
  const start = performance.now()
  await connection.expect(request)
  return performance.now() - start
}

function report(title: string, filled: readonly Filled[], latencies: Map<string, number[][]>): void {
  console.log(`${title}: median ms of ${option('samples')} requests each; p90 of the largest:`)
  const rows = [...latencies].map(([name, bySize]) => {
    const medians = bySize.map(median)
    const cells = filled.map(({ size }, i) => [size.name, rounded(medians[i] ?? Number.NaN)])
    const ratio = rounded((medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN))
    return [
      name,
      { ...Object.fromEntries(cells), 'last / first': ratio, p90: rounded(quantile(bySize.at(-1) ?? [], 0.9)) },
    ]
  })
  console.table(Object.fromEntries(rows))
}
