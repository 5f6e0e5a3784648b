import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, logIn, signUpMany } from './accounts.js'
import { benchmark } from './benchmark.js'
import { readOptions } from './options.js'
import { openConnections, type RawConnection, rawRequest } from './raw-client.js'
import { CONTENT } from './seed.js'
import { startEmbeddedService } from './service.js'
import { median, quantile, rounded } from './statistics.js'

/**
 * Agents that have asked and hold a poll, and people that answer: the latency of an answer to its agent. Beside it, on the same
 * connections and in turns, a plain request: a poll that does not wait.
 *
 *     node dist/scripts/bench/wake-up.js [--agents 500] [--accounts 10] [--rate 50] [--seconds 20] [--rounds 5] [--small]
 *
 * `rate`: answers a second.
 */
const option = readOptions(
  { agents: 500, accounts: 10, rate: 50, seconds: 20, rounds: 5 },
  { agents: 20, accounts: 2, rate: 10, seconds: 2, rounds: 1 },
)

/** Seconds that a poll is held. Agents poll again after an empty answer. */
const WAIT = 30

/** An agent that asks, holds a poll until the answer comes, and asks again. */
interface Agent {
  readonly connection: RawConnection
  readonly account: Account
  readonly instanceId: string
  /** Called when the answer is there. */
  onAnswer?: (at: number) => void
}

/** Milliseconds, of one answer. */
interface WakeUp {
  readonly fromSending: number
  /** Below zero where the agent had the answer before the person had the 200. */
  readonly fromAccepted: number
  readonly accepted: number
}

/** Milliseconds after which an answer is lost: longer than a reconcile pass. */
const ANSWER_TIMEOUT_MS = 15_000

/** Connections that answers are sent over. */
const PEOPLE = 16

/** Milliseconds. An agent that asks anew right after its answer holds its next poll by then. */
const BREATH = 200

await benchmark('Wake-up', 30, async () => {
  const service = await startEmbeddedService()
  const accounts = await signUpMany(service.url, option('accounts'))
  const agents: Agent[] = (await openConnections(service.port, option('agents'))).flatMap((connection, i) => {
    const account = accounts[i % accounts.length]
    return account ? [{ connection, account, instanceId: randomUUID() }] : []
  })
  const [first] = agents
  if (!first) throw new Error('there is nobody to answer')
  const waiting = new Set<Agent>()
  const lives = Promise.all(agents.map((agent) => live(agent, waiting)))

  const polls: number[][] = []
  const wakeUps: WakeUp[][] = []
  const rounds = async () => {
    while (waiting.size < agents.length) await sleep(BREATH)
    for (let round = 0; round < option('rounds'); round++) {
      // The agents go on holding their polls in the meantime.
      polls.push(await pacePolls(service.port, first))
      wakeUps.push(await paceAnswers(service, accounts, waiting))
    }
  }
  await Promise.race([rounds(), lives])
  report(polls, wakeUps)
})

/** @returns the question's id */
async function ask({ connection, account, instanceId }: Agent): Promise<string> {
  const question = {
    agent_instance_id: instanceId,
    agent_type: 'benchmark',
    content: CONTENT,
    requires_user_input: true,
  }
  const answer = await connection.expect(rawRequest('POST', '/api/v1/messages/agent', account.key, question))
  const { message_id }: { message_id: string } = JSON.parse(answer.toString())
  return message_id
}

function poll({ account, instanceId }: Agent, more: Record<string, string>): Buffer {
  const query = new URLSearchParams({ agent_instance_id: instanceId, ...more })
  return rawRequest('GET', `/api/v1/messages/pending?${query}`, account.key)
}

/** Never ends, unless the service misbehaves. */
async function live(agent: Agent, waiting: Set<Agent>): Promise<never> {
  for (;;) {
    const question = await ask(agent)
    const held = poll(agent, { last_read_message_id: question, wait: String(WAIT) })
    setTimeout(() => waiting.add(agent), BREATH)
    for (let answers = 0; answers === 0; ) {
      const start = performance.now()
      const body = await agent.connection.expect(held)
      const at = performance.now()
      answers = answersIn(body)
      if (answers > 0) agent.onAnswer?.(at)
      else if (at - start < WAIT * 500) throw new Error('the service does not hold polls: it knows no `wait`')
    }
  }
}

function answersIn(body: Buffer): number {
  const { messages, status }: { messages: object[]; status: string } = JSON.parse(body.toString())
  if (status !== 'ok' || messages.length > 1) throw new Error(`an agent got ${body.toString()}`)
  return messages.length
}

/** @returns milliseconds of each poll that does not wait */
async function pacePolls(port: number, agent: Agent): Promise<number[]> {
  const [connection] = await openConnections(port, 1)
  if (!connection) throw new Error('there is no connection')
  const request = poll(agent, {})
  const latencies: number[] = []
  await pace(async () => {
    const start = performance.now()
    await connection.expect(request)
    latencies.push(performance.now() - start)
  })
  return latencies
}

/** Answers waiting agents, each by its own person. */
async function paceAnswers(
  { url, port }: { url: string; port: number },
  accounts: Account[],
  waiting: Set<Agent>,
): Promise<WakeUp[]> {
  // A token lasts 15 minutes.
  const tokens = new Map<Account, string>()
  for (const account of accounts) tokens.set(account, (await logIn(url, account)).token)
  // The connections take turns: the service closes idle ones.
  const idle = await openConnections(port, PEOPLE)
  const wakeUps: WakeUp[] = []
  const running: Promise<void>[] = []
  await pace(async () => {
    const agent = [...waiting][randomInt(Math.max(1, waiting.size))]
    const person = idle.shift()
    if (!agent || !person) return
    waiting.delete(agent)
    const path = `/api/v1/agent-instances/${agent.instanceId}/messages`
    const request = rawRequest('POST', path, tokens.get(agent.account), { content: 'Yes, go on.' })
    running.push(
      wakeUp(agent, person, request).then((measured) => {
        wakeUps.push(measured)
        idle.push(person)
      }),
    )
  })
  await Promise.all(running)
  return wakeUps
}

/** @throws Error when the agent does not get the answer */
async function wakeUp(agent: Agent, person: RawConnection, request: Buffer): Promise<WakeUp> {
  let late: NodeJS.Timeout | undefined
  const woken = new Promise<number>((resolve, reject) => {
    agent.onAnswer = resolve
    late = setTimeout(() => reject(new Error('an agent has not got its answer')), ANSWER_TIMEOUT_MS)
  })
  const sent = performance.now()
  const accepted = person.expect(request).then(() => performance.now())
  const [acceptedAt, wokenAt] = await Promise.all([accepted, woken])
  clearTimeout(late)
  return { fromSending: wokenAt - sent, fromAccepted: wokenAt - acceptedAt, accepted: acceptedAt - sent }
}

/** Runs an operation at the rate, for the length of a round. */
async function pace(work: () => Promise<void>): Promise<void> {
  const start = performance.now()
  const interval = 1000 / option('rate')
  for (let next = start; next < start + option('seconds') * 1000; next += interval) {
    await sleep(Math.max(0, next - performance.now()))
    await work()
  }
}

function report(polls: number[][], wakeUps: WakeUp[][]): void {
  const count = wakeUps.flat().length
  console.log(`${option('agents')} agents, medians of ${option('rounds')} rounds, ${count} answers in all:`)
  const row = (rounds: number[][]) => ({
    'p50 ms': rounded(median(rounds.map((round) => quantile(round, 0.5)))),
    'p99 ms': rounded(median(rounds.map((round) => quantile(round, 0.99)))),
    ratio: rounded(median(rounds.map((round, i) => quantile(round, 0.5) / quantile(polls[i] ?? [], 0.5)))),
  })
  const of = (what: keyof WakeUp) => row(wakeUps.map((round) => round.map((wakeUp) => wakeUp[what])))
  console.table({
    'a poll that does not wait': row(polls),
    'an answer: sent, to its 200': of('accepted'),
    'an answer: sent, to the agent': of('fromSending'),
    'an answer: its 200, to the agent': of('fromAccepted'),
  })
}
