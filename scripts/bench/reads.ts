import { randomUUID } from 'node:crypto'
import { Database } from '../../db/client.js'
import * as instances from '../../src/modules/agent-instances/queries.js'
import * as messages from '../../src/modules/messages/queries.js'
import { signUp } from './accounts.js'
import type { BareRoutes } from './bare-routes.js'
import { benchmark } from './benchmark.js'
import { ask, launch } from './children.js'
import { closedLoop, type Lane, type Measured } from './load.js'
import { readOptions } from './options.js'
import { openConnections, rawRequest } from './raw-client.js'
import { fill, seededId } from './seed.js'
import { connectAs, POOL, type Superuser, startEmbeddedService } from './service.js'
import { median, quantile, rounded } from './statistics.js'

/**
 * Reads of a person, against a bare Fastify route that runs the same SQL by node-postgres, without row-level security, and
 * gives the same JSON; in turns.
 *
 *     node dist/scripts/bench/reads.js [--rounds 9] [--seconds 5] [--connections 32] [--instances 1000] [--small]
 */
const option = readOptions(
  { rounds: 9, seconds: 5, connections: 32, instances: 1000 },
  { rounds: 1, seconds: 0.5, instances: 60 },
)

const MESSAGES = 20
const INSTANCES = 50

/** The first page of the list; each of its chats is long enough for a page of its own. */
const FULL = INSTANCES

const READS = {
  [`a run with ${MESSAGES} messages`]: (n: number) => `/agent-instances/${seededId(n)}?message_limit=${MESSAGES}`,
  [`the list of ${INSTANCES} runs`]: () => `/agent-instances?limit=${INSTANCES}`,
}

interface Round {
  readonly name: string
  readonly bare: Measured
  readonly service: Measured
}

await benchmark('Reads', 30, async () => {
  const service = await startEmbeddedService()
  const { userId, token } = await signUp(service.url)
  const seeding = { userId, instances: option('instances'), messages: option('instances') * 40, full: FULL, page: 20 }
  await fill(await connectAs(service.superuser), seeding)
  const bare = await startBareRoutes(service.superuser, userId)
  const connections = {
    bare: await openConnections(bare, option('connections')),
    service: await openConnections(service.port, option('connections')),
  }
  const lanes = (of: 'bare' | 'service', request: (n: number) => Buffer) =>
    connections[of].map((connection, i) => ({ connection, request: request(1 + (i % FULL)) }))

  const rounds: Round[] = []
  for (const [name, path] of Object.entries(READS)) {
    const toBare = lanes('bare', (n) => rawRequest('GET', path(n)))
    const toService = lanes('service', (n) => rawRequest('GET', `/api/v1${path(n)}`, token))
    await assertSame(toBare, toService)
    // The first round warms up.
    for (let round = 0; round <= option('rounds'); round++) {
      const seconds = round === 0 ? Math.min(2, option('seconds')) : option('seconds')
      const measured = { bare: await closedLoop(toBare, seconds), service: await closedLoop(toService, seconds) }
      if (round > 0) rounds.push({ name, ...measured })
    }
  }
  report(rounds)
})

/** @returns the port */
async function startBareRoutes(superuser: Superuser, userId: string): Promise<number> {
  const placeholder = randomUUID()
  // Only compiles, so no connection is made.
  const tenant = new Database({ url: 'postgres://nobody_service@nowhere', poolMax: 1 }).tenant(userId)
  const captured = {
    detail: instances.detail(tenant, placeholder),
    messages: messages.lastPage(tenant, placeholder, MESSAGES),
    list: instances.firstPage(tenant, INSTANCES + 1),
  }
  const routes: BareRoutes = {
    superuser,
    pool: POOL,
    placeholder,
    detail: pick(captured.detail),
    messages: pick(captured.messages),
    list: pick(captured.list),
    listLength: INSTANCES,
  }
  const { port } = await ask(launch(new URL('./bare-routes.js', import.meta.url)), routes, isPort)
  return port
}

function pick({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) {
  return { sql, parameters }
}

function isPort(answer: unknown): answer is { port: number } {
  return typeof answer === 'object' && answer !== null && 'port' in answer && typeof answer.port === 'number'
}

/** Comparing different answers would mean nothing. */
async function assertSame(some: Lane[], others: Lane[]): Promise<void> {
  const answers = async (lanes: Lane[]) =>
    Promise.all(lanes.map(({ connection, request }) => connection.expect(request)))
  const [expected, given] = [await answers(some), await answers(others)]
  for (const [i, body] of expected.entries()) {
    const other = given[i] ?? Buffer.alloc(0)
    if (!body.equals(other)) throw new Error(`the two do not answer alike:\n${start(body)}\n${start(other)}`)
  }
}

function start(body: Buffer): string {
  return `${body.length} bytes: ${body.toString('utf8', 0, 500)}`
}

function report(rounds: Round[]): void {
  console.log(`Medians of ${option('rounds')} rounds, ${option('connections')} connections:`)
  console.table(
    Object.fromEntries(
      Object.keys(READS).flatMap((name) => {
        const mine = rounds.filter((round) => round.name === name)
        const row = (of: 'bare' | 'service') => ({
          'reads/s': Math.round(median(mine.map((round) => round[of].perSecond))),
          ratio: rounded(median(mine.map((round) => round[of].perSecond / round.bare.perSecond))),
          'p50 ms': rounded(median(mine.map((round) => quantile(round[of].latencies, 0.5)))),
          'p99 ms': rounded(median(mine.map((round) => quantile(round[of].latencies, 0.99)))),
        })
        return [
          [`${name}: bare route`, row('bare')],
          [`${name}: Signalbox`, row('service')],
        ]
      }),
    ),
  )
}
