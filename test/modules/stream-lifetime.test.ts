import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { LiveView, refusal, type ServerEvent } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { until } from '../helpers/wait-timeout.js'

async function newRun(t: Test, dependencies: Parameters<typeof startService>[2] = {}) {
  const service = await startService(t, {}, dependencies)
  const base = await listen(service)
  const user = await service.newUser()
  const chat = await startChat(user)
  const watch = (options: object = {}) => LiveView.open(t, base, chat.id, { token: user.token, ...options })
  return { service, base, user, chat, watch }
}

t.test('a deleted run says so to whoever watches, and ends', async (t) => {
  const { chat, user, watch } = await newRun(t)
  const views = [await watch(), await watch({ query: { last_event_id: '0' } })]
  await user.call('DELETE', `/agent-instances/${chat.id}`)
  for (const view of views) {
    await view.untilEnded()
    t.match(view.events.at(-1), { event: 'status_update', data: { instance_id: chat.id, status: 'DELETED' } })
  }
})

t.test('a run that goes with its kind says so as well', async (t) => {
  const { chat, user, watch } = await newRun(t)
  const view = await watch()
  const { agent_type_id } = (await chat.detail()).body
  t.equal((await user.call('DELETE', `/user-agents/${agent_type_id}`)).status, 200)
  await view.untilEnded()
  t.match(view.events.at(-1)?.data, { status: 'DELETED' })
})

t.test('a stream outlives its token, and ends with its session', async (t) => {
  const { service, base, chat, user, watch } = await newRun(t)
  const token = service.app.jwt.sign({ sub: user.id, sid: user.sessionId }, { expiresIn: 2 })
  const view = await watch({ token })
  await until('the token to expire', async () => {
    const { status, body } = await service.request('GET', '/api/v1/auth/me', { token })
    return status === 401 && body.code === 'token_expired'
  })
  await chat.post('step')
  await view.untilCount('message', 1)
  t.strictSame(view.contents, ['step'])
  t.equal(view.ended, false)
  t.match(await refusal(base, chat.id, { token }), { status: 401, body: { code: 'token_expired' } })
  await user.call('DELETE', `/auth/sessions/${user.sessionId}`)
  await view.untilEnded()
  t.match(view.events.at(-1), { event: 'error', id: undefined, data: { error: /session has ended/ } })
})

t.test('a stream has to be opened anew after its lifetime, however long its token is good for', async (t) => {
  const { service, chat, user, watch } = await newRun(t, { events: { streams: { lifetime: 1_000 } } })
  const token = service.app.jwt.sign({ sub: user.id, sid: user.sessionId }, { expiresIn: '60d' })
  const view = await watch({ token })
  await view.untilEnded()
  t.match(view.events.at(-1), { event: 'error', id: undefined, data: { error: /reconnect/ } })
  await chat.post('meanwhile')
  const id = view.events.findLast((event) => event.id !== undefined)?.id ?? ''
  const next = await watch({ token, headers: { 'last-event-id': id } })
  await next.untilCount('message', 1)
  t.strictSame(next.contents, ['meanwhile'])
})

t.test('readers at different positions each get their own rest', async (t) => {
  const { chat, watch } = await newRun(t)
  for (let i = 0; i < 5; i++) await chat.post(`step ${i}`)
  // The account's first revision is the run itself.
  const positions = [0, 1, 2, 3, 4, 5, 6]
  const views = await Promise.all(positions.map((id) => watch({ query: { last_event_id: String(1 + id) } })))
  await chat.post('last')
  const all = ['start', 'step 0', 'step 1', 'step 2', 'step 3', 'step 4', 'last']
  for (const [position, view] of views.entries()) {
    await view.until(({ data }) => data['content'] === 'last')
    t.strictSame(view.contents, all.slice(position), `from ${position}`)
  }
})

t.test('readers that come and go while messages pour in miss and repeat nothing', async (t) => {
  const { chat, watch } = await newRun(t)
  const total = 120
  let posted = 0
  const pour = async () => {
    for (let i = 0; i < total / 4; i++) {
      await Promise.all(['a', 'b', 'c', 'd'].map((name) => chat.post(`${name}${i}`)))
      posted += 4
    }
  }
  const hop = async (stay: number) => {
    const events: ServerEvent[] = []
    while (events.at(-1)?.data['content'] !== 'end') {
      const id = events.findLast((event) => event.id !== undefined)?.id ?? '2'
      const view = await watch({ headers: { 'last-event-id': id } })
      if (posted < total) await sleep(stay)
      else await view.until(({ data }) => data['content'] === 'end')
      view.leave()
      events.push(...view.events.filter(({ event }) => event === 'message'))
    }
    return events
  }
  const [, ...hoppers] = await Promise.all([pour().then(() => chat.post('end')), hop(0), hop(20), hop(90)])
  const { messages } = (await chat.agent('GET', `/agent-instances/${chat.id}?message_limit=200`)).body
  const expected = messages.slice(1).map(({ id }: { id: string }) => id)
  t.equal(expected.length, total + 1)
  for (const events of hoppers) {
    t.strictSame(
      events.map(({ data }) => data['id']),
      expected,
    )
  }
})

t.test('many hints at once, for something or nothing, deliver everything once', async (t) => {
  const { service, user, chat, watch } = await newRun(t)
  const view = await watch()
  const posts = Promise.all(Array.from({ length: 40 }, (_, i) => chat.post(`step ${i}`)))
  for (let i = 0; i < 500; i++) service.services.events.publishHint(service.database.tenant(i % 3 ? user.id : chat.id))
  await posts
  for (let i = 0; i < 500; i++) service.services.events.publishHint(service.database.tenant(user.id))
  await chat.post('last')
  await view.until(({ data }) => data['content'] === 'last')
  t.equal(view.contents.length, 41)
  t.equal(new Set(view.contents).size, 41)
})

t.test('a service that closes says so to its readers and ends their streams', async (t) => {
  const { service, watch } = await newRun(t)
  const views = [await watch(), await watch(), await watch()]
  await service.app.close()
  for (const view of views) {
    await view.untilEnded()
    t.match(view.events.at(-1), { event: 'error', data: { error: /restarting/ } })
  }
})

t.test('when the last reader has left, nothing looks at the account any more', async (t) => {
  const { service, user, watch } = await newRun(t)
  const views = await Promise.all([watch(), watch(), watch()])
  for (const view of views) view.leave()
  const { database } = service
  const compare = database.severalTenants.bind(database)
  let passes = 0
  database.severalTenants = (userIds) => {
    passes++
    return compare(userIds)
  }
  await until('the streams to be gone', async () => {
    passes = 0
    service.services.events.publishHint(database.tenant(user.id))
    // The reconcile pass lies in between: it looks at every account that somebody watches.
    await sleep(3_500)
    return passes === 0
  })
  t.equal(passes, 0)
})
