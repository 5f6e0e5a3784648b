import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSignalboxClient, streamMessages } from 'signalbox/client'
import t from 'tap'
import { contents, idsAscend, observe, startInstance } from '../helpers/observed-stream.js'

t.test('what happens to a run arrives live, typed by its name', async (t) => {
  const { user, agent, id, say, baseUrl } = await startInstance(t)
  const client = createSignalboxClient({ baseUrl, token: user.token })
  const { events, until, ended, abort, states } = observe(t, client, id)
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
  const { user, id, say, baseUrl } = await startInstance(t)
  await say('and')
  const client = createSignalboxClient({ baseUrl, token: user.token })
  const { events, until } = observe(t, client, id, { lastEventId: '0' })
  await until('message', 2)
  await say('after')
  await until('message', 3)
  t.strictSame(contents(events), ['before', 'and', 'after'])
})

t.test('the stream of a run that is deleted ends', async (t) => {
  const { user, id, baseUrl } = await startInstance(t)
  const { events, until, ended, states } = observe(t, createSignalboxClient({ baseUrl, token: user.token }), id)
  await until('connected', 1)
  await user.call('DELETE', `/agent-instances/${id}`)
  await ended
  t.match(events.at(-1), { event: 'status_update', data: { status: 'DELETED', instance_id: id } })
  t.equal(states.at(-1)?.state, 'closed')
})

t.test('what trying again does not heal is thrown, with the problem', async (t) => {
  const { service, user, id, agent, baseUrl } = await startInstance(t)
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
    await t.rejects(observe(t, client, instance).ended, { name: 'SignalboxError', status, code })
  }
})

t.test('an abort, or leaving the loop, ends the stream and its connection', async (t) => {
  const { service, user, id, say, baseUrl } = await startInstance(t)
  const client = createSignalboxClient({ baseUrl, token: user.token })
  let streams = 0
  service.app.server.on('request', (_request, response) => {
    streams++
    response.on('close', () => streams--)
  })

  const { until, ended, abort } = observe(t, client, id)
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
