import { randomInt } from 'node:crypto'
import { type Account, logIn, signUp } from './accounts.js'
import { benchmark } from './benchmark.js'
import { type BenchDatabase, startDatabases } from './database.js'
import { readOptions } from './options.js'
import { openConnections, type RawConnection, rawRequest } from './raw-client.js'
import { CONTENT, fill, seededId } from './seed.js'
import { connectAs, type Service, startService } from './service.js'
import { median, quantile, rounded } from './statistics.js'

/**
 * Whether what a request costs depends on how much there is: the same requests, one at a time and in turns, to three
 * services on databases of 10³, 10⁵ and 10⁶ messages in 10⁴ runs of one account.
 *
 *     node dist/scripts/bench/growth.js [--samples 1000] [--instances 10000] [--most 1000000] [--small]
 *
 * `most`: the messages of the largest database; the others have a tenth and a thousandth of them.
 */
const option = readOptions(
  { samples: 1000, instances: 10_000, most: 1_000_000 },
  { samples: 20, instances: 500, most: 100_000 },
)

const PAGE = 20
const SIZES = [1000, 10, 1].map((part) => Math.round(option('most') / part))

/** Runs whose chats have a page of messages even in the smallest database: the answers have to be of one size. */
const FULL = Math.floor(Math.min(...SIZES) / PAGE)

/** A service, and what its requests need. */
interface GrowthTarget {
  readonly connection: RawConnection
  readonly token: string
  readonly key: string
}

/** What is measured. Posts and polls go to any run, reads to full ones. */
const OPERATIONS: Record<string, (target: GrowthTarget) => Buffer> = {
  'list of 50 runs': ({ token }) => rawRequest('GET', '/api/v1/agent-instances?limit=50', token),
  'run with 20 messages': ({ token }) =>
    rawRequest('GET', `/api/v1/agent-instances/${seededId(1 + randomInt(FULL))}?message_limit=${PAGE}`, token),
  'pending messages': ({ key }) => rawRequest('GET', `/api/v1/messages/pending?agent_instance_id=${anyRun()}`, key),
  'post of a step': ({ key }) =>
    rawRequest('POST', '/api/v1/messages/agent', key, { agent_instance_id: anyRun(), content: CONTENT }),
}

function anyRun(): string {
  return seededId(1 + randomInt(option('instances')))
}

await benchmark('Growth', 30, async () => {
  const databases = await startDatabases(SIZES.map((size) => `messages_${size}`))
  const filled: Filled[] = []
  for (const [i, database] of databases.entries()) filled.push(await fillDatabase(database, SIZES[i] ?? 0))
  const targets: GrowthTarget[] = []
  for (const each of filled) targets.push(await open(each))

  const latencies = new Map(Object.keys(OPERATIONS).map((name) => [name, targets.map((): number[] => [])]))
  const warmUp = Math.ceil(option('samples') / 10)
  for (let sample = -warmUp; sample < option('samples'); sample++) {
    for (const [name, request] of Object.entries(OPERATIONS)) {
      for (const [i, target] of targets.entries()) {
        const elapsed = await timed(target.connection, request(target))
        if (sample >= 0) latencies.get(name)?.[i]?.push(elapsed)
      }
    }
  }
  report(latencies)
})

interface Filled {
  readonly service: Service
  readonly account: Account
}

async function fillDatabase({ ownerUrl, superuser }: BenchDatabase, messages: number): Promise<Filled> {
  const service = await startService({ DATABASE_URL: ownerUrl })
  const account = await signUp(service.url)
  const client = await connectAs(superuser)
  await fill(client, { userId: account.userId, instances: option('instances'), messages, full: FULL, page: PAGE })
  return { service, account }
}

/** With a token of its own: filling the others may have taken longer than the first one lasts. */
async function open({ service, account }: Filled): Promise<GrowthTarget> {
  const { token, key } = await logIn(service.url, account)
  const [connection] = await openConnections(service.port, 1)
  if (!connection) throw new Error('there is no connection')
  return { connection, token, key }
}

/** @returns milliseconds */
async function timed(connection: RawConnection, request: Buffer): Promise<number> {
  const start = performance.now()
  await connection.expect(request)
  return performance.now() - start
}

function report(latencies: Map<string, number[][]>): void {
  console.log(`Median ms of ${option('samples')} requests each, ${option('instances')} runs; p90 of the largest:`)
  const rows = [...latencies].map(([name, bySize]) => {
    const medians = bySize.map(median)
    const cells = SIZES.map((size, i) => [`${size} messages`, rounded(medians[i] ?? Number.NaN)])
    const ratio = rounded((medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN))
    return [
      name,
      { ...Object.fromEntries(cells), 'last / first': ratio, p90: rounded(quantile(bySize.at(-1) ?? [], 0.9)) },
    ]
  })
  console.table(Object.fromEntries(rows))
}
