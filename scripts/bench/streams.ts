import type { ChildProcess } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { signUpMany } from './accounts.js'
import { benchmark } from './benchmark.js'
import { ask, launch } from './children.js'
import { paced } from './load.js'
import { openFilesLimit, SETTLING, settledMemory } from './memory.js'
import { readOptions } from './options.js'
import { openConnections, type RawConnection, rawRequest } from './raw-client.js'
import { CONTENT } from './seed.js'
import { connectAs, POOL, startEmbeddedService } from './service.js'
import { median, quantile, rounded } from './statistics.js'
import type { Collected, Order, Reader } from './stream-readers.js'

/**
 * Many stream readers, each on a run of its own, while agents post: the latency of a message from the statement that stores it
 * to the reader, the memory of a stream, and the database connections of all streams. Beside it, in turns, a bare server of
 * Node.js with as many readers and the same messages, and no database.
 *
 *     node dist/scripts/bench/streams.js [--readers 10000] [--accounts 100] [--rate 1000] [--seconds 10] [--rounds 3] [--small]
 *
 * `rate`: messages a second; a half and a quarter of it are measured as well.
 */
const option = readOptions(
  { readers: 10_000, accounts: 100, rate: 1000, seconds: 10, rounds: 3 },
  { readers: 200, accounts: 4, rate: 100, seconds: 2, rounds: 1 },
)

const RATES = [1, 2, 4].map((part) => option('rate') / part)
const LIMIT = 100
const READER_PROCESSES = 2
const POSTERS = 64

/** Milliseconds after which a message that has not arrived is lost: longer than a reconcile pass. */
const MESSAGE_TIMEOUT_MS = 15_000

/** A server with readers, and the posts that they receive. */
interface Side {
  readonly name: string
  readonly port: number
  readonly child: ChildProcess
  readonly readers: readonly Reader[]
  readonly posts: readonly Buffer[]
}

interface Measured {
  readonly side: string
  readonly rate: number
  readonly reached: number
  readonly p50: number
  readonly p99: number
}

await benchmark('Streams', 30, async () => {
  await checkOpenFiles()
  const service = await startEmbeddedService(SETTLING)
  const sides = [await bareSide(), await serviceSide(service)]
  const observer = await connectAs(service.superuser)
  const connectionsBefore = await countConnections(observer)
  const processes = Array.from({ length: READER_PROCESSES }, () =>
    launch(new URL('./stream-readers.js', import.meta.url)),
  )

  const memory = new Map<string, number>()
  for (const side of sides) {
    const before = await settledMemory(side.child)
    await openStreams(processes, side)
    memory.set(side.name, ((await settledMemory(side.child)) - before) / side.readers.length)
  }

  const measured: Measured[] = []
  for (const rate of RATES) {
    for (let round = 0; round < option('rounds'); round++) {
      for (const side of sides) measured.push(await measure(processes, side, rate))
    }
  }
  report(measured, memory, connectionsBefore, await countConnections(observer))
})

/** Each process has streams of both servers. */
async function checkOpenFiles(): Promise<void> {
  const limit = await openFilesLimit()
  const needed = option('readers') + 500
  if (limit < needed) throw new Error(`ulimit -n is ${limit}; ${option('readers')} readers take ${needed}`)
}

async function bareSide(): Promise<Side> {
  const child = launch(new URL('./bare-streams.js', import.meta.url), { nodeOptions: SETTLING })
  const { port } = await ask(child, {}, (answer): answer is { port: number } => hasNumber(answer, 'port'))
  const ids = Array.from({ length: option('readers') }, () => randomUUID())
  return {
    name: 'bare Node.js server',
    port,
    child,
    readers: ids.map((id) => ({ path: `/${id}`, token: 'none' })),
    posts: ids.map((id) => rawRequest('POST', '/post', 'none', step(id))),
  }
}

async function serviceSide({ url, port, child }: { url: string; port: number; child: ChildProcess }): Promise<Side> {
  const accounts = await signUpMany(url, option('accounts'))
  const runs = Array.from({ length: option('readers') }, (_, i) => {
    const { token = '', key = '' } = accounts[i % accounts.length] ?? {}
    const id = randomUUID()
    return { token, path: `/api/v1/agent-instances/${id}/messages/stream`, post: rawPost(key, id) }
  })
  const posters = await openConnections(port, POSTERS)
  const posts = runs.map(({ post }) => post)
  const unmade = [...posts]
  // The first post to a run makes it.
  const makeNext = async (connection: RawConnection) => {
    for (let post = unmade.pop(); post; post = unmade.pop()) await connection.expect(post)
  }
  await Promise.all(posters.map(makeNext))
  return { name: 'Signalbox', port, child, readers: runs.map(({ path, token }) => ({ path, token })), posts }
}

function rawPost(key: string, id: string): Buffer {
  return rawRequest('POST', '/api/v1/messages/agent', key, step(id))
}

function step(id: string) {
  return { agent_instance_id: id, agent_type: 'benchmark', content: CONTENT }
}

async function openStreams(processes: readonly ChildProcess[], { name, port, readers }: Side): Promise<void> {
  const shares = processes.map((_, process) => readers.filter((_, i) => i % processes.length === process))
  await Promise.all(
    processes.map((process, i) =>
      ask(process, { open: shares[i] ?? [], port, name } satisfies Order, (answer) => hasField(answer, 'done')),
    ),
  )
}

/** @throws Error when a message is lost or duplicated, or a stream ends */
async function measure(processes: readonly ChildProcess[], side: Side, rate: number): Promise<Measured> {
  const pick = () => side.posts[randomInt(side.posts.length)] ?? Buffer.alloc(0)
  // Opened now: servers close idle connections.
  const posters = await openConnections(side.port, POSTERS)
  const posted = await paced(posters, { perSecond: rate, seconds: option('seconds') }, pick)
  const expected = posted.latencies.length
  for (const poster of posters) poster.close()
  const latencies: number[] = []
  for (
    const deadline = Date.now() + MESSAGE_TIMEOUT_MS;
    latencies.length < expected && Date.now() < deadline;
    await sleep(200)
  ) {
    latencies.push(...(await collect(processes, side)))
  }
  // A duplicate may come a little later.
  await sleep(500)
  latencies.push(...(await collect(processes, side)))
  if (latencies.length !== expected) throw new Error(`${side.name}: of ${expected} messages ${latencies.length} came`)
  const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
  return { side: side.name, rate, reached: posted.perSecond, p50, p99 }
}

async function collect(processes: readonly ChildProcess[], { name }: Side): Promise<number[]> {
  const latencies: number[] = []
  for (const process of processes) {
    const isCollected = (answer: unknown): answer is Collected => hasField(answer, 'latencies')
    const collected = await ask(process, { collect: name } satisfies Order, isCollected)
    if (collected.ended > 0) throw new Error(`${name}: ${collected.ended} streams have ended`)
    for (const latency of collected.latencies) latencies.push(latency)
  }
  return latencies
}

interface Connections {
  readonly listening: number
  readonly others: number
}

async function countConnections(observer: pg.Client): Promise<Connections> {
  const { rows } = await observer.query<Connections>(`
    select count(*) filter (where application_name = 'signalbox listen')::integer as listening,
      count(*) filter (where application_name = 'signalbox')::integer as others
    from pg_stat_activity where backend_type = 'client backend'`)
  return rows[0] ?? { listening: 0, others: 0 }
}

function report(measured: Measured[], memory: Map<string, number>, before: Connections, after: Connections): void {
  console.log(`${option('readers')} readers, medians of ${option('rounds')} rounds of ${option('seconds')} s:`)
  const names = [...memory.keys()]
  const rows = RATES.flatMap((rate) =>
    names.map((name) => {
      const [yardstick, mine] = [names[0], name].map((side) =>
        measured.filter((m) => m.side === side && m.rate === rate),
      )
      const of = (what: 'reached' | 'p50' | 'p99') => median(mine?.map((m) => m[what]) ?? [])
      const ratio = median(mine?.map((m, i) => m.p99 / Math.max(1, yardstick?.[i]?.p99 ?? Number.NaN)) ?? [])
      const row = {
        'posts/s': Math.round(of('reached')),
        'p50 ms': of('p50'),
        'p99 ms': of('p99'),
        ratio: rounded(ratio),
      }
      return { name, rate, row }
    }),
  )
  console.table(Object.fromEntries(rows.map(({ name, rate, row }) => [`${rate}/s: ${name}`, row])))
  const held = rows.find(({ name, row }) => name === 'Signalbox' && row['p99 ms'] <= LIMIT)
  console.log(`Highest load with p99 <= ${LIMIT} ms: ${held ? `${held.row['posts/s']} posts/s` : 'none of these'}`)
  for (const [name, kilobytes] of memory) console.log(`Memory a stream, ${name}: ${rounded(kilobytes, 1)} KB`)
  console.log(
    `Database connections: ${after.listening} to listen for all streams (${before.listening} before there were any), ` +
      `${after.others} of at most ${POOL} for queries`,
  )
}

function hasField(answer: unknown, name: string): answer is object {
  return typeof answer === 'object' && answer !== null && name in answer
}

function hasNumber(answer: unknown, name: string): boolean {
  return hasField(answer, name) && Object.entries(answer).some(([key, value]) => key === name && value > 0)
}
