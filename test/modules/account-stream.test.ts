import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startOn, startService, type TestUser } from '../helpers/app.js'
import { type Chat, chatOf, startChat } from '../helpers/chat.js'
import { LiveView, refusal, type ServerEvent, type WatchOptions } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { superuser } from '../helpers/superuser.js'

const DIFF = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n'

/** Two processes of the service on one database, and somebody's account. */
async function newAccount(t: Test) {
  const service = await startService(t)
  const other = await startOn(t, service.testDatabase)
  const bases = [await listen(service), await listen(other)] as const
  const user = await service.newUser()
  const watch = (options: WatchOptions = {}, base: string = bases[0]) =>
    LiveView.open(t, base, 'account', { token: user.token, ...options })
  return { service, other, bases, user, watch }
}

/** A run that is not there yet. */
async function newChat(user: TestUser): Promise<Chat> {
  return chatOf(user, await user.newAgent(), randomUUID())
}

const heartbeat = (chat: Chat) => chat.agent('POST', `/agents/instances/${chat.id}/heartbeat`)

/**
 * What a resumed reader must be told again: everything with an id, but the first event of each connection. A run that has
 * got its name since is told of with it.
 */
function record(events: readonly ServerEvent[]): ServerEvent[] {
  return events
    .filter(({ event, id }) => id !== undefined && event !== 'connected')
    .map((told) => (told.event === 'instance_created' ? { ...told, data: { ...told.data, name: null } } : told))
}

const idsOf = (events: readonly ServerEvent[]) => events.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]))

function neverBackwards(ids: readonly number[]): boolean {
  return ids.every((id, i) => i === 0 || id >= (ids[i - 1] ?? 0))
}

t.test('everything of the account comes on one connection, from both processes', async (t) => {
  const { user, bases, watch } = await newAccount(t)
  const old = await startChat(user)
  const views = [await watch(), await watch({}, bases[1])]
  const born = await newChat(user)
  const step = await born.post('first', { agent_type: 'Born Later', git_diff: DIFF })
  await born.requestInput(step.body.message_id)
  await born.write('answer')
  await old.post('question', { requires_user_input: true })
  await heartbeat(born)
  await user.call('PUT', `/agent-instances/${old.id}/status`, { status: 'PAUSED' })
  // With a run goes what was logged of it: who has not seen it by then need not see it any more.
  for (const view of views) await view.until(({ data }) => data['status'] === 'PAUSED')
  await user.call('DELETE', `/agent-instances/${old.id}`)
  const { agent_type_id } = (await born.detail()).body
  for (const view of views)
    await view.until(({ data }) => data['instance_id'] === old.id && data['status'] === 'DELETED')
  await user.call('DELETE', `/user-agents/${agent_type_id}`)

  for (const view of views) {
    await view.until(({ data }) => data['status'] === 'DELETED' && data['instance_id'] === born.id)
    await view.untilCount('agent_heartbeat', 1)
    t.equal(view.named('agent_heartbeat').length, 1, 'also where it came in, and its hint came back')
    t.match(view.events[0], { event: 'connected', id: /^\d+$/, data: { user_id: user.id } })
    const seen = record(view.events).map(({ event, data }) => {
      const run = (data['instance_id'] ?? data['agent_instance_id']) === born.id ? 'born' : 'old'
      return `${run} ${event} ${data['content'] ?? data['status'] ?? ''}`.trim()
    })
    t.strictSame(seen, [
      'born instance_created ACTIVE',
      'born git_diff_update',
      'born message first',
      'born status_update AWAITING_INPUT',
      'born message_update first',
      'born status_update ACTIVE',
      'born message answer',
      'old status_update AWAITING_INPUT',
      'old message question',
      'old status_update PAUSED',
      'old status_update DELETED',
      'born status_update DELETED',
    ])
    t.match(view.named('instance_created')[0], { instance_id: born.id, agent_type_name: 'born later', name: null })
    for (const { event, data } of view.events) {
      t.equal(typeof data['event_type'], event === 'connected' ? 'undefined' : 'string', event)
    }
    t.ok(neverBackwards(idsOf(view.events)))
    t.equal(view.ended, false, 'it goes on after a deletion')
  }
})

t.test('whoever comes back with the id of any event gets exactly the rest, then what is new', async (t) => {
  const { user, bases, watch } = await newAccount(t)
  const whole = await watch()
  const chats = [await newChat(user), await newChat(user)]
  for (const [i, chat] of chats.entries()) {
    const step = await chat.post('step', { agent_type: `kind ${i}`, git_diff: DIFF })
    await chat.post('question', { requires_user_input: true })
    await chat.write('answer')
    await chat.requestInput(step.body.message_id)
    await heartbeat(chat)
  }
  await chats[0]?.agent('POST', '/sessions/end', { agent_instance_id: chats[0].id })
  await whole.until(({ data }) => data['status'] === 'COMPLETED')
  const events = whole.events.filter(({ id }) => id !== undefined)
  t.ok(events.length >= 17)
  const views = await Promise.all(
    events.map(({ id = '' }, i) => watch({ headers: { 'last-event-id': id } }, bases[i % 2 ? 1 : 0])),
  )
  await chats[1]?.post('now')
  await whole.until(({ data }) => data['content'] === 'now')
  for (const [i, view] of views.entries()) {
    await view.until(({ data }) => data['content'] === 'now')
    t.equal(view.events[0]?.id, events[i]?.id, 'connected has the id that was given')
    t.strictSame(record(view.events), record(whole.events).slice(i), `from ${events[i]?.event} ${events[i]?.id}`)
  }
})

t.test(
  "an id that is too high goes on live, one that is none gets 400, another account's events never come",
  async (t) => {
    const { service, bases, user, watch } = await newAccount(t)
    const chat = await startChat(user)
    const stranger = await startChat(await service.newUser(), chat.id)
    const views = [await watch({ query: { last_event_id: '9999999999999999' } }), await watch({}, bases[1])]
    await stranger.post('of another account')
    await chat.post('of this account')
    await stranger.post('of another account')
    await chat.post('last')
    for (const view of views) {
      await view.until(({ data }) => data['content'] === 'last')
      t.strictSame(view.contents, ['of this account', 'last'])
    }
    for (const id of ['x', '-1', '1.5', '12345678901234567', '1e3']) {
      for (const position of [{ query: { last_event_id: id } }, { headers: { 'last-event-id': id } }]) {
        t.equal(
          (await refusal(bases[0], 'account', { token: user.token, ...position })).status,
          400,
          JSON.stringify(position),
        )
      }
    }
    t.equal((await refusal(bases[0], 'account', { token: await user.newKey() })).status, 403, 'it is for people')
  },
)

t.test('a transaction that commits long after others that began later is not missed', async (t) => {
  const { service, user, watch } = await newAccount(t)
  const chats = await Promise.all([startChat(user), startChat(user)])
  const view = await watch()
  const admin = await superuser(t, service.testDatabase)
  await admin.query('begin')
  await admin.query('select from agent_instances where id = $1 for update', [chats[0].id])
  const held = chats[0].post('held up')
  for (const content of ['a', 'b', 'c']) await chats[1].post(content)
  await view.untilCount('message', 3)
  await admin.query('commit')
  t.equal((await held).status, 200)
  await chats[1].post('last')
  await view.untilCount('message', 5)
  t.strictSame(view.contents, ['a', 'b', 'c', 'held up', 'last'])
})

t.test('readers that come and go while two processes commit at once miss and repeat nothing', async (t) => {
  const { service, other, bases, user, watch } = await newAccount(t)
  const token = await user.newKey()
  const runs = Array.from({ length: 8 }, () => randomUUID())
  const first = await watch()
  const start = first.events[0]?.id ?? ''
  let done = false
  const post = async (process: typeof service, name: string) => {
    for (let round = 0; round < 12; round++) {
      const answers = await Promise.all(
        runs.map((run, i) =>
          process.request('POST', '/api/v1/messages/agent', {
            token,
            body: {
              agent_instance_id: run,
              agent_type: 'x',
              content: `${name}${round}`,
              requires_user_input: (round + i) % 3 === 0,
            },
          }),
        ),
      )
      t.ok(answers.every(({ status }) => status === 200))
    }
  }
  const hop = async (n: number) => {
    const events: ServerEvent[] = []
    const isComplete = () => events.some(({ data }) => data['content'] === 'end')
    for (let i = n; !isComplete(); i++) {
      const id = idsOf(events).at(-1) ?? Number(start)
      const view = await watch({ headers: { 'last-event-id': String(id) } }, bases[i % 2 ? 1 : 0])
      if (done) await view.until(({ data }) => data['content'] === 'end')
      else await sleep(Math.random() * 60)
      view.leave()
      events.push(...record(view.events))
    }
    return events
  }
  const posting = async () => {
    await Promise.all([post(service, 'a'), post(other, 'b')])
    await chatOf(user, await user.newAgent(), runs[0] ?? '').post('end')
    done = true
  }
  const [, ...readers] = await Promise.all([posting(), hop(0), hop(1), hop(2), hop(3)])
  await first.until(({ data }) => data['content'] === 'end')

  const admin = await superuser(t, service.testDatabase)
  const { rows } = await admin.query<{ revision: string }>(
    `select created_revision as revision from messages where user_id = $1
     union select revision from account_events where user_id = $1 order by revision`,
    [user.id],
  )
  const revisions = rows.map(({ revision }) => Number(revision))
  t.strictSame(
    revisions,
    revisions.map((_, i) => i + 1),
    'the clock has no gap',
  )
  const expected = revisions.filter((revision) => revision > Number(start))
  for (const events of [record(first.events), ...readers]) t.strictSame(idsOf(events), expected)
  for (const events of readers) t.strictSame(events, record(first.events))
})
