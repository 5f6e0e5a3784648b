import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { emptyDatabase } from '../helpers/database.js'
import { type Account, newAccount, step } from '../helpers/http.js'
import { LiveView, type ServerEvent } from '../helpers/live-view.js'
import { roundRobin } from '../helpers/network.js'
import { kill9, startService } from '../helpers/process.js'
import { eventually } from '../helpers/wait-timeout.js'

const READERS = 6
const AGENTS = 8

/** Posts until told to stop; what fails is forgotten. */
function post({ agent }: Account, runs: readonly string[]) {
  const acknowledged = new Set<string>()
  let stopped = false
  const work = async (run: string) => {
    while (!stopped) {
      const answer = await agent('POST', '/messages/agent', step(run, randomUUID())).catch(() => undefined)
      if (answer?.status === 200) acknowledged.add(answer.body.message_id)
      else await sleep(50)
    }
  }
  const done = Promise.all(Array.from({ length: AGENTS }, (_, i) => work(runs[i % runs.length] ?? '')))
  const stop = () => {
    stopped = true
    return done
  }
  return { acknowledged, stop }
}

/** Reads as a browser does: whenever the connection breaks it comes back with the last id that it saw. */
async function follow(t: Test, base: string, token: string, first: string): Promise<Reader> {
  const reader: Reader = { events: [], reconnects: -1, isComplete: false }
  const read = async () => {
    while (!reader.isComplete) {
      const id = reader.events.findLast((event) => event.id !== undefined)?.id ?? first
      const view = await LiveView.connect(t, base, 'account', { token, headers: { 'last-event-id': id } }).catch(
        () => {},
      )
      if (!view) await sleep(50)
      if (!view) continue
      reader.reconnects++
      view.read()
      while (!view.ended && !reader.isComplete) {
        await sleep(20)
        reader.events.push(...view.events.splice(0))
        reader.isComplete = reader.events.some(({ data }) => data['content'] === 'end')
      }
      reader.events.push(...view.events.splice(0))
      view.leave()
    }
  }
  read().catch((error) => t.fail(error.message))
  return reader
}

interface Reader {
  readonly events: ServerEvent[]
  reconnects: number
  isComplete: boolean
}

t.test(
  'of two replicas behind a load balancer one is killed: its readers go on at the other and miss nothing',
  async (t) => {
    const { url } = await emptyDatabase(t)
    const settings = { DATABASE_URL: url, JWT_SECRET: '0123456789 0123456789 0123456789', LOG_LEVEL: 'error' }
    const replicas = await Promise.all([startService(t, settings), startService(t, settings)])
    const base = await roundRobin(
      t,
      replicas.map((replica) => replica.url),
    )
    const account = await newAccount(base)
    const runs = [randomUUID(), randomUUID(), randomUUID()]
    const first = await LiveView.open(t, replicas[1].url, 'account', { token: account.token })
    const start = first.events[0]?.id ?? ''
    const readers = await Promise.all(Array.from({ length: READERS }, () => follow(t, base, account.token, start)))
    await eventually(async () => readers.every(({ reconnects }) => reconnects === 0))
    const agents = post(account, runs)
    await eventually(async () => agents.acknowledged.size >= 100)

    await kill9(replicas[0])
    const before = agents.acknowledged.size
    await eventually(async () => agents.acknowledged.size >= before + 100)
    await agents.stop()
    const end = await account.agent('POST', '/messages/agent', step(runs[0] ?? '', 'end'))
    t.equal(end.status, 200)
    await first.until(({ data }) => data['content'] === 'end')
    await eventually(async () => readers.every(({ isComplete }) => isComplete))

    const record = (events: readonly ServerEvent[]) =>
      events.filter(({ event, id }) => id !== undefined && event !== 'connected')
    const expected = record(first.events)
    t.strictSame(
      [...agents.acknowledged].filter((id) => !expected.some(({ data }) => data['id'] === id)),
      [],
      'each message that was acknowledged came',
    )
    t.strictSame(
      expected.map(({ id }) => Number(id)),
      expected.map((_, i) => Number(start) + 1 + i),
      'once and in order',
    )
    for (const reader of readers) t.strictSame(record(reader.events), expected)
    t.ok(
      readers.some(({ reconnects }) => reconnects > 0),
      'some were at the one that was killed',
    )
    t.ok(
      readers.some(({ reconnects }) => reconnects === 0),
      'and some were not',
    )
  },
)
