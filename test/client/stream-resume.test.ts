import { setTimeout as sleep } from 'node:timers/promises'
import { createSignalboxClient, type InstanceEvent, type StreamState, streamMessages } from 'signalbox/client'
import t from 'tap'
import { startOn } from '../helpers/app.js'
import { cableTo, listen } from '../helpers/network.js'
import { contents, idsAscend, observe, startInstance } from '../helpers/observed-stream.js'

t.test('however often the connection is cut, in the middle of events too, each message comes once', async (t) => {
  const { user, id, say, baseUrl } = await startInstance(t)
  const cable = await cableTo(t, baseUrl)
  const client = createSignalboxClient({ baseUrl: cable.url, token: user.token })
  // The head of an answer takes about 900 bytes, a message about 500: most of these cut one in two.
  cable.cutAfter(2_100, 1_717, 950, 2_900)
  const { events, until, states } = observe(t, client, id)
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
  const { user, id, say, baseUrl } = await startInstance(t)
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
  const { service, user, id, baseUrl } = await startInstance(t)
  const token = await user.newKey()
  const otherProcess = await startOn(t, service.testDatabase)
  const say = async (content: string) => {
    const body = { agent_instance_id: id, content }
    t.equal((await otherProcess.request('POST', '/api/v1/messages/agent', { body, token })).status, 200)
  }
  const client = createSignalboxClient({ baseUrl, token: user.token })
  const { events, until, states } = observe(t, client, id)
  await until('connected', 1)
  await say('before the restart')
  await until('message', 1)

  await service.app.close()
  await say('meanwhile')
  const restarted = await startOn(t, service.testDatabase)
  await listen(restarted, Number(new URL(baseUrl).port))
  await until('message', 2)
  await say('afterwards')
  await until('message', 3)

  t.strictSame(contents(events), ['before the restart', 'meanwhile', 'afterwards'])
  const [reason] = states.flatMap((state) => (state.state === 'waiting' ? [state.reason] : []))
  t.match(reason, { message: /restarting/ })
})

t.test('a token that expires while watching is replaced, and nothing is missed', async (t) => {
  const { service, user, id, say, baseUrl } = await startInstance(t, { events: { streams: { lifetime: 4_000 } } })
  const shortLived = service.app.jwt.sign({ sub: user.id, sid: user.sessionId }, { expiresIn: 2 })
  const refusals: string[] = []
  let current = shortLived
  const token = (refused?: string) => {
    if (refused !== undefined) {
      refusals.push(refused)
      current = user.token
    }
    return current
  }
  const { events, until, states } = observe(t, createSignalboxClient({ baseUrl, token }), id)
  await until('connected', 1)
  await say('with the first token')
  while (!states.some(({ state }) => state === 'waiting')) await sleep(20)
  await say('without one')
  await until('message', 2)
  t.strictSame(contents(events), ['with the first token', 'without one'])
  t.strictSame(refusals, [shortLived])
})
