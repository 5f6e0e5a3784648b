import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type InstanceEvent,
  type SignalboxClient,
  type StreamOptions,
  type StreamState,
  streamMessages,
} from 'signalbox/client'
import type { Test } from 'tap'
import { startService } from './app.js'
import { listen } from './network.js'

export interface ObservedStream {
  readonly events: InstanceEvent[]
  readonly states: StreamState[]
  /** Rejects when the stream fails. */
  readonly ended: Promise<void>
  readonly abort: () => void
  /** Waits for a number of events of a kind. */
  until(name: InstanceEvent['event'], count: number): Promise<void>
}

/** Collects the events of a stream. It is ended with the test. */
export function observe(
  t: Test,
  client: SignalboxClient,
  instanceId: string,
  options: StreamOptions = {},
): ObservedStream {
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  const events: InstanceEvent[] = []
  const states: StreamState[] = []
  const onState = (state: StreamState) => states.push(state)
  const ended = (async () => {
    for await (const event of streamMessages(client, instanceId, { signal: controller.signal, onState, ...options })) {
      events.push(event)
    }
  })()
  // Tests that check for a failure await `ended`.
  ended.catch(() => {})
  const until = async (name: InstanceEvent['event'], count: number) => {
    const all = () => events.filter(({ event }) => event === name).length >= count
    const tooEarly = ended.then(() => {
      if (!all()) throw new Error(`the stream ended before ${count} × ${name}`)
    })
    while (!all()) await Promise.race([sleep(20), tooEarly])
  }
  return { events, states, ended, until, abort: () => controller.abort() }
}

/** The texts, in the order of the events. */
export function contents(events: InstanceEvent[]): string[] {
  return events.flatMap((event) => (event.event === 'message' ? [event.data.content] : []))
}

export function idsAscend(events: InstanceEvent[]): boolean {
  const ids = events.flatMap(({ event, id }) => (event === 'connected' || id === undefined ? [] : [Number(id)]))
  return ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? 0))
}

/** The service, listening, with a run whose chat has one message: 'before'. */
export async function startInstance(t: Test, dependencies: Parameters<typeof startService>[2] = {}) {
  const service = await startService(t, {}, dependencies)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const id = randomUUID()
  const say = async (content: string, more: object = {}) => {
    const answer = await agent('POST', '/messages/agent', { agent_instance_id: id, content, agent_type: 'ci', ...more })
    if (answer.status !== 200) throw new Error(`cannot post: ${JSON.stringify(answer.body)}`)
    return answer.body.message_id
  }
  await say('before')
  return { service, user, agent, id, say, baseUrl: await listen(service) }
}
