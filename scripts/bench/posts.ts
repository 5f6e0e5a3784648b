import { randomUUID } from 'node:crypto'
import { signUp, signUpMany } from './accounts.js'
import { benchmark } from './benchmark.js'
import { closedLoop, type Lane, type Measured } from './load.js'
import { prepareYardstick } from './one-message.js'
import { readOptions } from './options.js'
import { openConnections, rawRequest } from './raw-client.js'
import { CONTENT } from './seed.js'
import { connectAs, startEmbeddedService } from './service.js'
import { median, quantile, rounded } from './statistics.js'

/**
 * Posts of agents, through the whole service, against the same message as a single prepared statement by pgbench, on the same
 * server, in turns.
 *
 *     node dist/scripts/bench/posts.js [--rounds 5] [--seconds 10] [--accounts 1] [--instances 1000] [--small]
 *
 * `accounts`: how many the connections are spread over; `instances`: how many runs pgbench writes to.
 */
const option = readOptions(
  { rounds: 5, seconds: 10, accounts: 1, instances: 1000 },
  { rounds: 1, seconds: 1, instances: 20 },
)

/** Each connection is an agent that posts steps to a run of its own, one at a time. */
const CONNECTIONS = [64, 256]

interface Round {
  readonly connections: number
  readonly yardstick: number
  readonly posts: Measured
}

await benchmark('Posts', 30, async () => {
  const service = await startEmbeddedService()
  const accounts = await signUpMany(service.url, option('accounts'))
  const lanes = await openLanes(
    service.port,
    accounts.map(({ key }) => key),
  )
  const { userId } = await signUp(service.url)
  const yardstick = await prepareYardstick(service.superuser, userId, option('instances'))
  const observer = await connectAs(service.superuser)
  // Both start right after a checkpoint, so that neither triggers one for the other.
  const afterCheckpoint = async <T>(work: () => Promise<T>): Promise<T> => {
    await observer.query('checkpoint')
    return work()
  }

  const rounds: Round[] = []
  // The first round warms up.
  for (let round = 0; round <= option('rounds'); round++) {
    for (const connections of CONNECTIONS) {
      const seconds = round === 0 ? Math.min(3, option('seconds')) : option('seconds')
      const reference = await afterCheckpoint(() => yardstick.measure(seconds))
      const posts = await afterCheckpoint(() => closedLoop(lanes.slice(0, connections), seconds))
      if (round > 0) rounds.push({ connections, yardstick: reference, posts })
    }
  }
  report(yardstick.name, rounds)
})

async function openLanes(port: number, keys: string[]): Promise<Lane[]> {
  const connections = await openConnections(port, Math.max(...CONNECTIONS))
  return connections.map((connection, i) => {
    const body = { agent_instance_id: randomUUID(), agent_type: 'benchmark', content: CONTENT }
    return { connection, request: rawRequest('POST', '/api/v1/messages/agent', keys[i % keys.length], body) }
  })
}

function report(yardstick: string, rounds: Round[]): void {
  console.log(`Medians of ${option('rounds')} rounds, ${option('accounts')} account(s):`)
  console.table({
    [yardstick]: { 'posts/s': Math.round(median(rounds.map((round) => round.yardstick))), ratio: 1 },
    ...Object.fromEntries(
      CONNECTIONS.map((connections) => [`Signalbox, ${connections} connections`, row(connections)]),
    ),
  })

  function row(connections: number) {
    const mine = rounds.filter((round) => round.connections === connections)
    return {
      'posts/s': Math.round(median(mine.map(({ posts }) => posts.perSecond))),
      ratio: rounded(median(mine.map(({ posts, yardstick }) => posts.perSecond / yardstick))),
      'p50 ms': rounded(median(mine.map(({ posts }) => quantile(posts.latencies, 0.5)))),
      'p99 ms': rounded(median(mine.map(({ posts }) => quantile(posts.latencies, 0.99)))),
    }
  }
}
