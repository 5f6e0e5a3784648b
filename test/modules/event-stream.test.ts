import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { type Chat, startChat } from '../helpers/chat.js'
import { LiveView, refusal, type ServerEvent } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const DIFF = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n'

async function newRun(t: Test) {
  const service = await startService(t)
  const base = await listen(service)
  const user = await service.newUser()
  const chat = await startChat(user)
  const watch = (query: Record<string, string> = {}) => LiveView.open(t, base, chat.id, { token: user.token, query })
  return { service, base, user, chat, watch }
}

/** Everything that can happen to a run. */
async function live(chat: Chat): Promise<void> {
  const step = await chat.post('step', { message_metadata: { a: 1 } })
  await chat.post('question', { requires_user_input: true })
  await chat.write('answer')
  await chat.requestInput(step.body.message_id)
  await chat.post('with a diff', { git_diff: DIFF })
  await chat.report('typed')
  const last = await chat.post('later a question')
  await chat.post('diff gone', { git_diff: '' })
  await chat.requestInput(last.body.message_id)
  await chat.agent('POST', '/sessions/end', { agent_instance_id: chat.id })
  await chat.post('after the end')
}

/** What makes a message event: a resumed reader must get the very same ones. */
function messageEvents(events: ServerEvent[]): ServerEvent[] {
  return events.filter(({ event }) => event === 'message' || event === 'message_update')
}

t.test('each kind of event comes with the fields that legacy clients know', async (t) => {
  const { chat, user, watch } = await newRun(t)
  const view = await watch()
  await live(chat)
  await view.until(({ data }) => data['content'] === 'after the end')
  await chat.agent('POST', `/agents/instances/${chat.id}/heartbeat`)
  await view.untilCount('agent_heartbeat', 1)

  t.match(view.events[0], { event: 'connected', id: /^\d+$/, data: { instance_id: chat.id } })
  const [step, , answer] = view.named('message')
  t.match(step?.['created_at'], TIME)
  t.strictSame(
    { ...step, id: 0, created_at: 0 },
    {
      event_type: 'message_insert',
      agent_instance_id: chat.id,
      id: 0,
      content: 'step',
      sender_type: 'AGENT',
      sender_user_id: null,
      sender_user_email: null,
      sender_user_display_name: null,
      reported_by_agent: false,
      created_at: 0,
      requires_user_input: false,
      message_metadata: { a: 1 },
    },
  )
  t.match(answer, { sender_type: 'USER', sender_user_id: user.id, sender_user_email: user.email })
  const [update] = view.named('message_update')
  t.strictSame(update, {
    ...step,
    event_type: 'message_update',
    requires_user_input: true,
    old_requires_user_input: false,
  })
  const statuses = view.named('status_update')
  const ofRun = { event_type: 'status_update', instance_id: chat.id, timestamp: TIME }
  t.match(statuses.slice(-2), [
    { ...ofRun, status: 'COMPLETED' },
    { ...ofRun, status: 'ACTIVE' },
  ])
  const diffs = view.named('git_diff_update')
  t.match(diffs[0], { event_type: 'git_diff_update', instance_id: chat.id, timestamp: TIME })
  t.equal(diffs.at(-1)?.['git_diff'], null)
  t.match(view.named('agent_heartbeat')[0], {
    event_type: 'agent_heartbeat',
    instance_id: chat.id,
    last_heartbeat_at: TIME,
  })
})

t.test('each status and each diff is seen by whoever watches when it comes', async (t) => {
  const { chat, user, watch } = await newRun(t)
  const view = await watch()
  const seen = async (name: string, fields: object) => {
    const count = view.named(name).length
    await view.untilCount(name, count + 1)
    t.match(view.named(name).at(-1), fields)
  }
  const [asked] = await Promise.all([
    chat.post('question', { requires_user_input: true }),
    seen('status_update', { status: 'AWAITING_INPUT' }),
  ])
  t.equal(asked.status, 200)
  await Promise.all([chat.write('answer'), seen('status_update', { status: 'ACTIVE' })])
  await Promise.all([chat.post('step', { git_diff: DIFF }), seen('git_diff_update', { git_diff: DIFF })])
  await Promise.all([chat.post('step', { git_diff: '' }), seen('git_diff_update', { git_diff: null })])
  const pause = user.call('PUT', `/agent-instances/${chat.id}/status`, { status: 'PAUSED' })
  await Promise.all([pause, seen('status_update', { status: 'PAUSED' })])
  await Promise.all([chat.post('step', { git_diff: '' }), seen('status_update', { status: 'ACTIVE' })])
  t.equal(view.named('git_diff_update').length, 2, 'clearing what is clear is no change')
})

t.test('ids only grow, and each message event has one of its own', async (t) => {
  const { chat, watch } = await newRun(t)
  const view = await watch()
  await live(chat)
  await view.until(({ data }) => data['content'] === 'after the end')
  const ids = messageEvents(view.events).map(({ id }) => Number(id))
  t.equal(ids.length, 10)
  t.ok(ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? 0)))
  const all = view.events.filter(({ id }) => id !== undefined).map(({ id }) => Number(id))
  t.strictSame(
    all,
    [...all].sort((a, b) => a - b),
  )
})

/** An event without the moment it is dated: whoever saw it live and whoever missed it were told at different times. */
function stateOf({ event, id, data: { timestamp: _, ...data } }: ServerEvent) {
  return { event, id, data }
}

t.test('whoever comes back with any id gets exactly the rest, in order, then what is new', async (t) => {
  const { chat, base, user, watch } = await newRun(t)
  const whole = await watch({ last_event_id: '0' })
  await live(chat)
  await whole.until(({ data }) => data['content'] === 'after the end')
  const record = [...whole.events]
  const views: { from: ServerEvent; view: LiveView; rest: ServerEvent[] }[] = []
  for (const [i, from] of record.entries()) {
    if (from.id === undefined) continue
    const headers = { 'last-event-id': from.id }
    const options = i % 2 ? { headers } : { query: { last_event_id: from.id } }
    const view = await LiveView.open(t, base, chat.id, { token: user.token, ...options })
    views.push({ from, view, rest: record.slice(i + 1) })
  }
  t.ok(views.length >= 15)
  await chat.post('now')
  await whole.until(({ data }) => data['content'] === 'now')
  const now = messageEvents(whole.events).at(-1)
  for (const { from, view, rest } of views) {
    const name = `from ${from.event} ${from.id}`
    await view.until(({ data }) => data['content'] === 'now')
    t.equal(view.events[0]?.id, from.id, name)
    t.strictSame(messageEvents(view.events), [...messageEvents(rest), now], name)
    const statuses = (events: ServerEvent[]) => events.filter(({ event }) => event === 'status_update').map(stateOf)
    t.strictSame(statuses(view.events), statuses(rest), `statuses ${name}`)
    // Of diffs, those that were overtaken meanwhile are left out; the last one is what counts.
    const diffs = (events: ServerEvent[]) => events.filter(({ event }) => event === 'git_diff_update').map(stateOf)
    t.strictSame(diffs(view.events), diffs(rest).slice(-1), `diffs ${name}`)
  }
})

t.test('a step that became a question while the reader was away comes as a step, then as its update', async (t) => {
  const { chat, watch } = await newRun(t)
  const before = await watch()
  before.leave()
  const step = await chat.post('step')
  await chat.requestInput(step.body.message_id)
  const view = await watch({ last_event_id: before.events[0]?.id ?? '' })
  await view.untilCount('message_update', 1)
  t.match(messageEvents(view.events), [
    { event: 'message', data: { id: step.body.message_id, requires_user_input: false } },
    { event: 'message_update', data: { id: step.body.message_id, requires_user_input: true } },
  ])
})

t.test('more than the service reads at once is caught up on completely and in order', async (t) => {
  const { chat, watch } = await newRun(t)
  const posted: string[] = []
  for (let round = 0; round < 9; round++) {
    const steps = await Promise.all(Array.from({ length: 50 }, (_, i) => chat.post(`step ${round}-${i}`)))
    for (const { body } of steps.slice(0, 3)) {
      await chat.requestInput(body.message_id)
      posted.push(body.message_id)
    }
  }
  const view = await watch({ last_event_id: '0' })
  await view.untilCount('message', 451)
  await view.untilCount('message_update', posted.length)
  const ids = messageEvents(view.events).map(({ id }) => Number(id))
  t.strictSame(
    ids,
    [...ids].sort((a, b) => a - b),
  )
  t.equal(new Set(ids).size, 451 + posted.length)
  t.strictSame(
    view.named('message_update').map(({ id }) => id),
    posted,
  )
})

t.test('a first connection begins with what is new', async (t) => {
  const { chat, watch } = await newRun(t)
  await chat.post('old')
  const view = await watch()
  await chat.post('new')
  await view.untilCount('message', 1)
  t.strictSame(view.contents, ['new'])
  t.strictSame(
    view.events.map(({ event }) => event),
    ['connected', 'message'],
  )
})

t.test('an id that is too high goes on live', async (t) => {
  const { chat, watch } = await newRun(t)
  const view = await watch({ last_event_id: '9999999999' })
  await chat.post('new')
  await view.untilCount('message', 1)
  t.strictSame(view.contents, ['new'])
  t.ok(Number(view.events[0]?.id) < 100)
})

t.test('an id that is none is refused with 400', async (t) => {
  const { base, user, chat } = await newRun(t)
  for (const id of ['x', '-1', '1.5', '1 2', '12345678901234567', '1e3', '0x1']) {
    for (const position of [{ query: { last_event_id: id } }, { headers: { 'last-event-id': id } }]) {
      const { status, body } = await refusal(base, chat.id, { token: user.token, ...position })
      t.match({ status, body }, { status: 400, body: { code: 'invalid_request' } }, JSON.stringify(position))
    }
  }
})

t.test('an empty id is none', async (t) => {
  const { base, user, chat } = await newRun(t)
  await chat.post('before')
  const empty = { query: { last_event_id: '', lastEventId: '' }, headers: { 'last-event-id': '' } }
  const view = await LiveView.open(t, base, chat.id, { token: user.token, ...empty })
  const resuming = { query: { last_event_id: '0' }, headers: { 'last-event-id': '' } }
  const resumed = await LiveView.open(t, base, chat.id, { token: user.token, ...resuming })
  await resumed.untilCount('message', 2)
  await chat.post('after')
  await view.untilCount('message', 1)
  t.strictSame(view.contents, ['after'], 'it begins with what is new')
})

t.test('the query may call the id as the header does, or as a browser calls it', async (t) => {
  const { base, user, chat } = await newRun(t)
  await chat.post('a')
  for (const name of ['last_event_id', 'Last-Event-ID', 'lastEventId']) {
    const view = await LiveView.open(t, base, chat.id, { token: user.token, query: { [name]: '0' } })
    await view.untilCount('message', 2)
    t.match((await refusal(base, chat.id, { token: user.token, query: { [name]: 'x' } })).body, {
      errors: [{ path: `query.${name}` }],
    })
  }
})

t.test('the header of a browser that reconnects wins over the query of its first connection', async (t) => {
  const { base, user, chat } = await newRun(t)
  const first = await chat.post('a')
  t.equal(first.status, 200)
  const options = { token: user.token, query: { last_event_id: '0' }, headers: { 'last-event-id': '2' } }
  const view = await LiveView.open(t, base, chat.id, options)
  await view.untilCount('message', 1)
  t.strictSame(view.contents, ['a'])
})

t.test('the token may come in the query, and is in no line of the log', async (t) => {
  const { service, base, user, chat } = await newRun(t)
  const view = await LiveView.open(t, base, chat.id, { query: { token: user.token, last_event_id: '0' } })
  await view.untilCount('message', 1)
  t.equal((await refusal(base, chat.id, { query: { last_event_id: 'x', token: user.token } })).status, 400)
  const encoded = `${base}/api/v1/agent-instances/${chat.id}/messages/stream?%74oken=${user.token}&last_event_id=x`
  t.equal((await service.request('GET', encoded)).status, 400)
  view.leave()
  await service.app.close()
  t.ok(service.logged.some((line) => line.includes('messages/stream?token=[redacted]')))
  t.ok(service.logged.some((line) => line.includes('last_event_id=0')))
  const secret = user.token.split('.')[2] ?? user.token
  t.strictSame(
    service.logged.filter((line) => line.includes(secret)),
    [],
  )
})

t.test('who may not watch is told so', async (t) => {
  const { service, base, user, chat } = await newRun(t)
  const stranger = await service.newUser()
  const key = await user.newKey(['agent', 'read'])
  const answers = {
    'no credentials': [await refusal(base, chat.id, {}), 401],
    'a forged token': [await refusal(base, chat.id, { token: `${user.token}x` }), 401],
    'a key': [await refusal(base, chat.id, { token: key }), 403],
    'a key in the query': [await refusal(base, chat.id, { query: { token: key } }), 403],
    'a stranger': [await refusal(base, chat.id, { token: stranger.token }), 404],
    'no such run': [await refusal(base, randomUUID(), { token: user.token }), 404],
    'no id at all': [await refusal(base, 'nonsense', { token: user.token }), 400],
  } as const
  for (const [name, [answer, status]] of Object.entries(answers)) {
    t.match(answer, { status, contentType: /application\/problem\+json/, body: { detail: /.+/ } }, name)
  }
})

t.test('the id of a run may be in upper case', async (t) => {
  const { base, user, chat } = await newRun(t)
  const view = await LiveView.open(t, base, chat.id.toUpperCase(), { token: user.token })
  await chat.post('new')
  await view.untilCount('message', 1)
  t.match(view.events[0]?.data, { instance_id: chat.id })
})

t.test('the answer is what event streams need to pass through proxies', async (t) => {
  const { watch } = await newRun(t)
  const { headers } = (await watch()).response
  t.match(headers, {
    'content-type': /^text\/event-stream/,
    'cache-control': /no-store/,
    'x-accel-buffering': 'no',
  })
})

t.test('HEAD, which would leave a stream open that nobody reads, is not possible', async (t) => {
  const { base, user, chat } = await newRun(t)
  const { status } = await refusal(base, chat.id, { token: user.token, method: 'HEAD' })
  t.equal(status, 405)
})
