import t, { type Test } from 'tap'
import { startOn, startService } from '../helpers/app.js'
import { type Chat, startChat } from '../helpers/chat.js'
import { LiveView } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { superuser } from '../helpers/superuser.js'
import { until } from '../helpers/wait-timeout.js'

const SETTINGS = { HEARTBEAT_TIMEOUT: 1 }
const LONG_AGO = "now() - interval '1 hour'"

/** Two processes that look for silent runs, and somebody who watches. */
async function twoSweepers(t: Test) {
  const service = await startService(t, SETTINGS)
  const other = await startOn(t, service.testDatabase, SETTINGS)
  const user = await service.newUser()
  const bases = [await listen(service), await listen(other)]
  const views = await Promise.all(bases.map((base) => LiveView.open(t, base, 'account', { token: user.token })))
  const admin = await superuser(t, service.testDatabase)
  const statusOf = async (chat: Chat): Promise<string> => (await chat.detail()).body.status
  return { service, other, user, views, admin, statusOf }
}

const heartbeat = (chat: Chat) => chat.agent('POST', `/agents/instances/${chat.id}/heartbeat`)

t.test('a run that falls silent is marked once, and any sign of its agent makes it what it was', async (t) => {
  const { user, views, statusOf } = await twoSweepers(t)
  const asking = await startChat(user)
  const step = await asking.post('step')
  const paused = await startChat(user)
  const silentBefore = await startChat(user)
  await asking.requestInput(step.body.message_id)
  await user.call('PUT', `/agent-instances/${paused.id}/status`, { status: 'PAUSED' })
  for (const chat of [asking, paused]) await heartbeat(chat)
  const told = (chat: Chat) =>
    views.map((view) => view.named('status_update').filter(({ instance_id }) => instance_id === chat.id))
  const untilTold = (chat: Chat, status: string, count: number) =>
    until(`${count} × ${status}`, () =>
      told(chat).every((updates) => updates.filter((update) => update['status'] === status).length === count),
    )
  await untilTold(asking, 'STALE', 1)
  await untilTold(paused, 'STALE', 1)
  t.strictSame([await statusOf(asking), await statusOf(paused)], ['STALE', 'STALE'])
  t.equal(await statusOf(silentBefore), 'ACTIVE', 'one that never sent a heartbeat is left alone')

  await paused.write('are you there?')
  t.equal(await statusOf(paused), 'STALE', "a person's words wake nobody")
  await heartbeat(asking)
  await untilTold(asking, 'AWAITING_INPUT', 2)
  await untilTold(asking, 'STALE', 2)
  await asking.post('back')
  await paused.post('back')
  for (const chat of [asking, paused]) await untilTold(chat, 'ACTIVE', 1)
  for (const updates of told(asking)) {
    t.strictSame(updates.map(({ status }) => status).slice(0, 5), [
      'AWAITING_INPUT',
      'STALE',
      'AWAITING_INPUT',
      'STALE',
      'ACTIVE',
    ])
  }
})

t.test('turning a step into a question is a sign of life, and the past is none', async (t) => {
  const { user, admin, statusOf } = await twoSweepers(t)
  const [asking, imported] = [await startChat(user), await startChat(user)]
  for (const chat of [asking, imported]) await heartbeat(chat)
  for (const chat of [asking, imported]) await until('it to be stale', async () => (await statusOf(chat)) === 'STALE')
  await admin.query(`update agent_instances set silent_since = ${LONG_AGO}`)
  await asking.requestInput(asking.firstId)
  const item = { id: user.id, agent_instance_id: imported.id, content: 'long ago', history: true }
  t.match((await imported.agent('POST', '/messages/agent/batch', { messages: [item] })).body.results, [
    { status: 'created' },
  ])
  const { rows } = await admin.query(`select id from agent_instances where silent_since > now() - interval '5 minutes'`)
  t.strictSame(rows, [{ id: asking.id }])
  t.equal(await statusOf(imported), 'STALE')
})

t.test('an agent that waits, by a poll or for an answer to its question, is alive all the time', async (t) => {
  const { service, user, views } = await twoSweepers(t)
  const [polling, asking, unexpected] = [await startChat(user), await startChat(user), await startChat(user)]
  for (const chat of [polling, asking]) await heartbeat(chat)
  const { keyId, secretHash } = await service.services.apiKeys.authenticate(await user.newKey())
  const waitOptions = { seconds: 120, keyId, secretHash, signal: new AbortController().signal }
  const tenant = service.database.tenant(user.id)
  const waits = [polling, unexpected].map((chat) =>
    service.services.messages.awaitPending(tenant, chat.id, chat.firstId, waitOptions),
  )
  const question = { instanceId: asking.id, content: 'Which?', options: [], keyId }
  const answer = service.services.questions.askAndWait(tenant, question, waitOptions)
  const signs = (chat: Chat) =>
    views.map((view) => view.named('agent_heartbeat').filter(({ instance_id }) => instance_id === chat.id).length)
  for (const chat of [polling, asking, unexpected]) {
    await until('signs of life on every process', () => signs(chat).every((count) => count >= 5))
  }
  t.equal((await unexpected.detail()).body.status, 'ACTIVE', 'waiting does not begin what only heartbeats begin')
  for (const chat of [polling, asking, unexpected]) await chat.write('over')
  await Promise.all([...waits, answer])
})

t.test('an agent that polls is alive', async (t) => {
  const { user, admin, views, statusOf } = await twoSweepers(t)
  const chat = await startChat(user)
  await heartbeat(chat)
  await until('it to be stale', async () => (await statusOf(chat)) === 'STALE')
  t.equal((await chat.poll(chat.firstId)).body.instance_status, 'ACTIVE')
  for (const view of views) {
    await until('word of it', () => view.named('status_update').some(({ status }) => status === 'ACTIVE'))
    t.strictSame(
      view
        .named('status_update')
        .map(({ status }) => status)
        .slice(0, 2),
      ['STALE', 'ACTIVE'],
    )
  }
  const silent = await startChat(user)
  await silent.poll(silent.firstId)
  const { rows } = await admin.query('select sends_heartbeats from agent_instances where id = $1', [silent.id])
  t.strictSame(rows, [{ sends_heartbeats: false }], 'polling does not begin what only heartbeats begin')
})

t.test('setting a status and reporting what a person said are signs of life', async (t) => {
  const { user, admin, statusOf } = await twoSweepers(t)
  const [setting, reporting, unexpected] = [await startChat(user), await startChat(user), await startChat(user)]
  for (const chat of [setting, reporting]) await heartbeat(chat)
  for (const chat of [setting, reporting]) await until('it to be stale', async () => (await statusOf(chat)) === 'STALE')
  await admin.query(`update agent_instances set silent_since = ${LONG_AGO}`)
  const statusPath = (chat: Chat) => `/agent-instances/${chat.id}/status`
  const heard = async () => {
    const recently = `silent_since > now() - interval '5 minutes'`
    return (await admin.query(`select id from agent_instances where ${recently} order by id`)).rows.map(({ id }) => id)
  }
  await user.call('PUT', statusPath(setting), { status: 'PAUSED' })
  t.strictSame(await heard(), [], 'what a person sets is no sign of the agent')
  for (const chat of [setting, unexpected]) await chat.agent('PUT', statusPath(chat), { status: 'PAUSED' })
  for (const { agent, id } of [reporting, unexpected]) {
    await agent('POST', '/messages/user', { agent_instance_id: id, content: 'go on', mark_as_read: false })
  }
  t.strictSame(await heard(), [setting.id, reporting.id, unexpected.id].sort())
})

t.test('two processes mark each of many runs of many accounts once, and leave those that have ended', async (t) => {
  const { service, user, views, admin } = await twoSweepers(t)
  const ended = await startChat(user)
  await ended.agent('POST', '/sessions/end', { agent_instance_id: ended.id })
  const stranger = await service.newUser()
  const theirs = await startChat(stranger)
  const kind = (await ended.detail()).body.agent_type_id
  await admin.query(
    `insert into agent_instances (user_id, id, user_agent_id, silent_since, sends_heartbeats)
     select $1, gen_random_uuid(), $2, ${LONG_AGO}, true from generate_series(1, 700)`,
    [user.id, kind],
  )
  await admin.query(`update agent_instances set silent_since = ${LONG_AGO}, sends_heartbeats = true`)
  for (const view of views) {
    await view.until(({ data }) => data['status'] === 'STALE')
    await until('all', () => view.named('status_update').filter(({ status }) => status === 'STALE').length >= 700)
  }
  await until('the other account', async () => (await theirs.detail()).body.status === 'STALE')
  const { rows } = await admin.query(
    `select count(*)::integer as events, count(distinct agent_instance_id)::integer as runs
     from account_events where status = 'STALE'`,
  )
  t.strictSame(rows, [{ events: 701, runs: 701 }])
  t.equal((await ended.detail()).body.status, 'COMPLETED')
})

t.test('a run that sends no heartbeats has the longer time, from its beginning on', async (t) => {
  const { user, admin, statusOf } = await twoSweepers(t)
  const [gone, launched, lately] = [await startChat(user), await startChat(user), await startChat(user)]
  const age = (chat: Chat, heard: string | null, started: string) =>
    admin.query(
      `update agent_instances set silent_since = ${heard ?? started}, was_heard = ${heard !== null}, started_at = ${started} where id = $1`,
      [chat.id],
    )
  await age(gone, "now() - interval '25 hours'", LONG_AGO)
  await age(launched, null, "now() - interval '25 hours'")
  await age(lately, "now() - interval '23 hours'", "now() - interval '30 hours'")
  for (const chat of [gone, launched]) await until('it to be stale', async () => (await statusOf(chat)) === 'STALE')
  t.equal(await statusOf(lately), 'ACTIVE')
  t.equal((await gone.poll(gone.firstId)).body.instance_status, 'ACTIVE', 'any sign wakes it')
  await launched.post('here')
  t.equal(await statusOf(launched), 'ACTIVE')
})

t.test('without a time for silence only those that send heartbeats fall silent', async (t) => {
  const service = await startService(t, { ...SETTINGS, SILENCE_TIMEOUT: 0 })
  const user = await service.newUser()
  const admin = await superuser(t, service.testDatabase)
  const [gone, beating] = [await startChat(user), await startChat(user)]
  await admin.query(`update agent_instances set silent_since = now() - interval '1 year'`)
  await heartbeat(beating)
  await until('the other one to be stale', async () => (await beating.detail()).body.status === 'STALE')
  t.equal((await gone.detail()).body.status, 'ACTIVE')
})

t.test('the last sign of an agent is shown, whichever it was', async (t) => {
  const { user, service } = await twoSweepers(t)
  const registered = await service.request('POST', '/api/v1/agent-instances', {
    token: await user.newKey(),
    body: { agent_type: 'x' },
  })
  const path = `/agent-instances/${registered.body.agent_instance_id}`
  t.equal((await user.call('GET', path)).body.last_heartbeat_at, null)
  const chat = await startChat(user)
  const shown = async () => (await chat.detail()).body.last_heartbeat_at
  const { body } = await chat.detail()
  t.equal(await shown(), body.messages.at(-1).created_at, 'its message')
  const { body: beat } = await heartbeat(chat)
  t.equal(await shown(), beat.last_heartbeat_at, 'its heartbeat')
  t.ok(beat.last_heartbeat_at >= body.messages.at(-1).created_at)
  await chat.write('words of a person')
  t.equal(await shown(), beat.last_heartbeat_at)
})
