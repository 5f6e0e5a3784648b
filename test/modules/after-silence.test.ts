import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { type Chat, chatOf, contents, startChat } from '../helpers/chat.js'
import { LiveView } from '../helpers/live-view.js'
import { listen } from '../helpers/network.js'
import { superuser } from '../helpers/superuser.js'

/** A service whose runs fall silent when the test says so. */
async function start(t: Test) {
  const service = await startService(t)
  const user = await service.newUser()
  const tenant = service.database.tenant(user.id)
  const admin = await superuser(t, service.testDatabase)
  const statusOf = async (chat: Chat): Promise<string> => (await chat.detail()).body.status
  const silence = async (chat: Chat) => {
    await admin.query(`update agent_instances set silent_since = now() - interval '1 hour' where id = $1`, [chat.id])
    const { rows } = await admin.query('select sends_heartbeats from agent_instances where id = $1', [chat.id])
    const silent = { sendsHeartbeats: rows[0].sends_heartbeats, since: new Date() }
    t.ok(await service.services.agentInstances.markStale(tenant, chat.id, silent))
    t.equal(await statusOf(chat), 'STALE')
  }
  const heartbeat = async (chat: Chat): Promise<string> =>
    (await chat.agent('POST', `/agents/instances/${chat.id}/heartbeat`)).body.instance_status
  return { service, user, tenant, admin, statusOf, silence, heartbeat }
}

t.test('a question that was open is open when its agent comes back, unless a person wrote meanwhile', async (t) => {
  const { user, silence, heartbeat, statusOf } = await start(t)
  const chat = await startChat(user)
  const stranger = chatOf(user, await user.newAgent(), chat.id)
  await chat.post('Shall I?', { requires_user_input: true })
  const past = (sender_type: string) => {
    const item = { id: randomUUID(), agent_instance_id: chat.id, content: 'long ago', history: true, sender_type }
    return chat.agent('POST', '/messages/agent/batch', { messages: [item] })
  }
  for (const [what, speak] of Object.entries({
    'a step of the past': () => past('AGENT'),
    "a person's words of the past": () => past('USER'),
    'words that a stranger to the run reports': () => stranger.report('aside'),
  })) {
    await silence(chat)
    t.equal((await speak()).status, 200, what)
    t.equal(await statusOf(chat), 'STALE', what)
    t.equal(await heartbeat(chat), 'AWAITING_INPUT', what)
  }
  await silence(chat)
  await chat.write('Yes')
  t.equal(await statusOf(chat), 'STALE')
  t.equal(await heartbeat(chat), 'ACTIVE')
})

t.test('asking a question again is a sign of life', async (t) => {
  const { service, user, tenant, admin, silence, statusOf } = await start(t)
  const chat = await startChat(user)
  const { keyId } = await service.services.apiKeys.authenticate(await user.newKey())
  const ask = () =>
    service.services.questions.ask(tenant, { instanceId: chat.id, content: 'Which?', options: [], keyId })
  const id = await ask()
  await silence(chat)
  t.equal(await ask(), id)
  t.equal(await statusOf(chat), 'AWAITING_INPUT')
  const { rows } = await admin.query(`
    select silent_since > now() - interval '10 minutes' as was_heard from agent_instances where id = '${chat.id}'`)
  t.strictSame(rows, [{ was_heard: true }], 'the next look finds it silent no longer')
})

t.test('a step that is turned into a question and has its answer lets the run go on', async (t) => {
  const { service, user, silence, statusOf } = await start(t)
  const view = await LiveView.open(t, await listen(service), 'account', { token: user.token })
  const end = async (chat: Chat) => {
    await chat.agent('POST', '/sessions/end', { agent_instance_id: chat.id })
    t.equal(await statusOf(chat), 'COMPLETED')
  }
  for (const stop of [silence, end]) {
    const chat = await startChat(user)
    await chat.write('the answer')
    await stop(chat)
    t.strictSame(contents((await chat.requestInput(chat.firstId)).body.messages), ['the answer'])
    t.match((await chat.detail()).body, { status: 'ACTIVE', ended_at: null })
    await view.until(({ data }) => data['instance_id'] === chat.id && data['status'] === 'ACTIVE')
  }
  const killed = await startChat(user)
  const paused = await startChat(user)
  for (const [chat, status] of [
    [killed, 'KILLED'],
    [paused, 'PAUSED'],
  ] as const) {
    await chat.write('the answer')
    await user.call('PUT', `/agent-instances/${chat.id}/status`, { status })
    await chat.requestInput(chat.firstId)
    t.equal(await statusOf(chat), status, 'others keep their status')
  }
})
