import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createSignalboxClient,
  type InstanceEvent,
  type SignalboxClient,
  type StreamOptions,
  type StreamState,
  streamMessages,
} from 'signalbox/client'
import t, { type Test } from 'tap'
import { startOn, startService } from '../helpers/app.js'
import { cableTo, listen } from '../helpers/network.js'

interface Watching {
  readonly events: InstanceEvent[]
  readonly states: StreamState[]
  /** Rejects when the stream fails. */
  readonly ended: Promise<void>
  readonly abort: () => void
  /** Waits until so many events of a kind have come. */
  until(name: InstanceEvent['event'], count: number): Promise<void>
}

/** Collects what a stream brings. It is ended with the test. */
function watch(t: Test, client: SignalboxClient, instanceId: string, options: StreamOptions = {}): Watching {
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
  // Whoever wants to know of a failure awaits `ended`.
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

function contents(events: InstanceEvent[]): string[] {
  return events.flatMap((event) => (event.event === 'message' ? [event.data.content] : []))
}

function idsAscend(events: InstanceEvent[]): boolean {
  const ids = events.flatMap(({ event, id }) => (event === 'connected' || id === undefined ? [] : [Number(id)]))
  return ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? 0))
}

async function startRun(t: Test) {
  const service = await startService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const id = randomUUID()
  const say = async (content: string, more: object = {}) => {
    const answer = await agent('POST', '/messages/agent', { agent_instance_id: id, content, agent_type: 'ci', ...more })
    if (answer.status !== 200) throw new Error(`cannot post: ${JSON.stringify(answer.body)}`)
    return answer.body.message_id
  }
  await say('before')
  return { service, user, agent, id, say, baseUrl: await listen(service.app) }
}

t.test('what happens to a run arrives live, typed by its name', async (t) => {
  const { user, agent, id, say, baseUrl } = await startRun(t)
  const client = createSignalboxClient({ baseUrl, token: user.token })
  const { events, until, ended, abort, states } = watch(t, client, id)
  await until('connected', 1)

  const step = await say('Reading')
  await until('message', 1)
  await agent('PATCH', `/messages/${step}/request-input`)
  await until('message_update', 1)
  await user.call('POST', `/agent-instances/${id}/messages`, { content: 'Go on' })
  await until('message', 2)
  await say('Done', { git_diff: 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n' })
  await until('git_diff_update', 1)
  await agent('POST', `/agents/instances/${id}/heartbeat`)
  await until('agent_heartbeat', 1)

  t.strictSame(contents(events), ['Reading', 'Go on', 'Done'])
  t.ok(idsAscend(events))
  const [update] = events.flatMap((event) => (event.event === 'message_update' ? [event.data] : []))
  t.match(update, { id: step, requires_user_input: true, old_requires_user_input: false })
  t.strictSame(
    events.flatMap((event) => (event.event === 'status_update' ? [event.data.status] : [])),
    ['AWAITING_INPUT', 'ACTIVE'],
  )
  abort()
  await ended
  t.strictSame(
    states.map(({ state }) => state),
    ['connecting', 'open', 'closed'],
  )
})

t.test('from the id 0 on, everything that was ever said comes first', async (t) => {
  const { user, id, say, baseUrl } = await startRun(t)
  await say('and')
  const client = createSignalboxClient({ baseUrl, token: user.token })
  const { events, until } = watch(t, client, id, { lastEventId: '0' })
  await until('message', 2)
  await say('after')
  await until('message', 3)
  t.strictSame(contents(events), ['before', 'and', 'after'])
})

t.test('however often the connection is cut, in the middle of events too, each message comes once', async (t) => {
  const { user, id, say, baseUrl } = await startRun(t)
  const cable = await cableTo(t, baseUrl)
  const client = createSignalboxClient({ baseUrl: cable.url, token: user.token })
  // The head of an answer takes about 900 bytes, a message about 500: most of these cut one in two.
  cable.cutAfter(2_100, 1_717, 950, 2_900)
  const { events, until, states } = watch(t, client, id)
  await until('connected', 1)

  const expected: string[] = []
  for (let i = 1; i <= 40; i++) {
    expected.push(`Schritt ${i} – größer 👍`)
    await say(`Schritt ${i} – größer 👍`)
    if (i % 10 === 0) await sleep(400)
  }
  await until('message', 20)
  cable.cut()
  await until('message', 40)
  expected.push('the last')
  await say('the last')
  await until('message', 41)

  t.strictSame(contents(events), expected)
  t.ok(idsAscend(events))
  const drops = states.filter(({ state }) => state === 'waiting')
  t.ok(drops.length >= 5, `it was cut ${drops.length} times`)
})

t.test('a backlog that is larger than what the service holds ready arrives whole, on one connection', async (t) => {
  const { user, id, say, baseUrl } = await startRun(t)
  const expected = ['before']
  const lines = '+a line of the working tree that is some characters long\n'.repeat(30_000)
  const sayMuch = async (from: number, to: number) => {
    for (let i = from; i <= to; i++) {
      const content = `${i} ${'x'.repeat(150_000)}`
      expected.push(content)
      await say(
        content,
        i === 3 ? { git_diff: `diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1,30000 @@\n${lines}` } : {},
      )
    }
  }
  await sayMuch(1, 20)

  const states: string[] = []
  const events: InstanceEvent[] = []
  const onState = ({ state }: StreamState) => states.push(state)
  const client = createSignalboxClient({ baseUrl, token: user.token })
  for await (const event of streamMessages(client, id, { lastEventId: '0', onState })) {
    events.push(event)
    // A reader that is busy for a while, as much goes on.
    if (contents(events).length === 10 && event.event === 'message') await sayMuch(21, 40)
    if (contents(events).length === 41) break
  }
  t.ok(idsAscend(events))
  t.strictSame(
    contents(events).map((content) => content.length),
    expected.map((content) => content.length),
  )
  t.ok(contents(events).every((content, i) => content === expected[i]))
  const [diff] = events.flatMap((event) => (event.event === 'git_diff_update' ? [event.data.git_diff] : []))
  t.ok(diff?.endsWith(lines))
  t.strictSame(states, ['connecting', 'open', 'closed'])
})

t.test('a service that restarts is found again, and what happened meanwhile is made up for', async (t) => {
  const { service, user, id, baseUrl } = await startRun(t)
  const token = await user.newKey()
  const otherProcess = await startOn(t, service.testDatabase)
  const say = async (content: string) => {
    const body = { agent_instance_id: id, content }
    t.equal((await otherProcess.request('POST', '/api/v1/messages/agent', { body, token })).status, 200)
  }
  const client = createSignalboxClient({ baseUrl, token: user.token })
  const { events, until, states } = watch(t, client, id)
  await until('connected', 1)
  await say('before the restart')
  await until('message', 1)

  await service.app.close()
  await say('meanwhile')
  const restarted = await startOn(t, service.testDatabase)
  await listen(restarted.app, Number(new URL(baseUrl).port))
  await until('message', 2)
  await say('afterwards')
  await until('message', 3)

  t.strictSame(contents(events), ['before the restart', 'meanwhile', 'afterwards'])
  const [reason] = states.flatMap((state) => (state.state === 'waiting' ? [state.reason] : []))
  t.match(reason, { message: /restarting/ })
})

t.test('a token that expires while watching is replaced, and nothing is missed', async (t) => {
  const { service, user, id, say, baseUrl } = await startRun(t)
  const shortLived = service.app.jwt.sign({ sub: user.id }, { expiresIn: 2 })
  const refusals: string[] = []
  let current = shortLived
  const token = (refused?: string) => {
    if (refused !== undefined) {
      refusals.push(refused)
      current = user.token
    }
    return current
  }
  const { events, until, states } = watch(t, createSignalboxClient({ baseUrl, token }), id)
  await until('connected', 1)
  await say('with the first token')
  while (!states.some(({ state }) => state === 'waiting')) await sleep(20)
  await say('without one')
  await until('message', 2)
  t.strictSame(contents(events), ['with the first token', 'without one'])
  t.strictSame(refusals, [shortLived])
})

t.test('the stream of a run that is deleted ends', async (t) => {
  const { user, id, baseUrl } = await startRun(t)
  const { events, until, ended, states } = watch(t, createSignalboxClient({ baseUrl, token: user.token }), id)
  await until('connected', 1)
  await user.call('DELETE', `/agent-instances/${id}`)
  await ended
  t.match(events.at(-1), { event: 'status_update', data: { status: 'DELETED', instance_id: id } })
  t.equal(states.at(-1)?.state, 'closed')
})

t.test('what trying again does not heal is thrown, with the problem', async (t) => {
  const { service, user, id, agent, baseUrl } = await startRun(t)
  t.equal((await agent('GET', `/agent-instances/${id}`)).status, 200)
  const key = await user.newKey()
  const other = await service.newUser()
  for (const { token, instance, status, code } of [
    { token: user.token, instance: randomUUID(), status: 404, code: 'not_found' },
    { token: other.token, instance: id, status: 404, code: 'not_found' },
    { token: user.token, instance: 'not-a-uuid', status: 400, code: 'invalid_request' },
    { token: key, instance: id, status: 403, code: 'wrong_credential_kind' },
    { token: 'not.a.token', instance: id, status: 401, code: 'invalid_token' },
  ]) {
    const client = createSignalboxClient({ baseUrl, token })
    await t.rejects(watch(t, client, instance).ended, { name: 'SignalboxError', status, code })
  }
})

t.test('an abort, or leaving the loop, ends the stream and its connection', async (t) => {
  const { service, user, id, say, baseUrl } = await startRun(t)
  const client = createSignalboxClient({ baseUrl, token: user.token })
  let streams = 0
  service.app.server.on('request', (_request, response) => {
    streams++
    response.on('close', () => streams--)
  })

  const { until, ended, abort } = watch(t, client, id)
  await until('connected', 1)
  abort()
  await ended
  while (streams > 0) await sleep(20)

  for await (const { event } of streamMessages(client, id)) {
    if (event === 'connected') await say('one')
    if (event === 'message') break
  }
  while (streams > 0) await sleep(20)

  const aborted: string[] = []
  for await (const { event } of streamMessages(client, id, { signal: AbortSignal.abort() })) aborted.push(event)
  t.strictSame(aborted, [])
})
