import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { type Chat, chatOf, startChat } from '../helpers/chat.js'
import { LiveView } from '../helpers/live-view.js'
import { connectAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'
import { startReceiver } from '../helpers/webhook-receiver.js'
import { startQuickService, subscribe } from '../helpers/webhooks.js'

const end = (chat: Chat) => chat.agent('POST', '/sessions/end', { agent_instance_id: chat.id })

/** What a batch has of one message. */
const backfilled = (chat: Chat, fields: object) => ({
  messages: [{ id: randomUUID(), agent_instance_id: chat.id, content: 'backfilled', ...fields }],
})

t.test('whatever is said in a completed run opens it again', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const step = await chat.post('step')
  const say: Record<string, [string, () => Promise<{ status: number }>]> = {
    'a person': ['ACTIVE', () => chat.write('words')],
    'a wrapper that reports what was typed': ['ACTIVE', () => chat.report('typed')],
    'a wrapper that reports what is to be handed out': ['ACTIVE', () => chat.report('typed', { mark_as_read: false })],
    'a step': ['ACTIVE', () => chat.post('late step')],
    'a batch': ['ACTIVE', () => chat.agent('POST', '/messages/agent/batch', backfilled(chat, {}))],
    'a question': ['AWAITING_INPUT', () => chat.post('late question', { requires_user_input: true })],
    'a step that becomes a question': ['AWAITING_INPUT', () => chat.requestInput(step.body.message_id)],
  }
  for (const [who, [status, speak]] of Object.entries(say)) {
    await end(chat)
    t.match((await chat.detail()).body, { status: 'COMPLETED', ended_at: String }, who)
    t.equal((await speak()).status, 200, who)
    t.match((await chat.detail()).body, { status, ended_at: null }, who)
  }
})

t.test('what nobody says now leaves a completed run as it is', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const stranger = chatOf(user, await user.newAgent(), chat.id)
  await end(chat)
  const { body: before } = await chat.detail()
  const quiet = [
    () => stranger.report('words of somebody who does not speak for the run'),
    () => chat.agent('POST', '/messages/agent/batch', backfilled(chat, { history: true })),
    () => chat.poll(),
    () => chat.poll(chat.firstId),
    () => chat.agent('POST', `/agents/instances/${chat.id}/heartbeat`),
    () => user.call('PATCH', `/agent-instances/${chat.id}`, { name: 'renamed' }),
    () => end(chat),
  ]
  for (const call of quiet) {
    t.equal((await call()).status, 200)
    t.match((await chat.detail()).body, { status: 'COMPLETED', ended_at: before.ended_at })
  }
})

t.test('agents that speak MCP open it again, and wait for the answer', async (t) => {
  const service = await startService(t)
  const url = await listen(service)
  const user = await service.newUser()
  const agent = await connectAgent(t, url, await user.newKey())
  const agent_instance_id = await agent.start()
  const status = async () => (await user.call('GET', `/agent-instances/${agent_instance_id}`)).body.status
  await agent.call('end_session', { agent_instance_id })
  t.equal(await status(), 'COMPLETED')
  await agent.call('log_step', { agent_instance_id, step_description: 'one thing more' })
  t.equal(await status(), 'ACTIVE')
  for (const again of ['asked', 'asked again with the same words']) {
    await agent.call('end_session', { agent_instance_id })
    await agent.call('ask_question', { agent_instance_id, question_text: 'Well?', timeout_seconds: 0 })
    t.equal(await status(), 'AWAITING_INPUT', again)
  }
})

t.test('streams and webhooks are told that a run is opened again, and once for each time', async (t) => {
  const service = await startQuickService(t)
  const base = await listen(service)
  const user = await service.newUser()
  const receiver = await startReceiver(t)
  const chat = await startChat(user)
  await subscribe(user, receiver, 'instance.status_changed', 'instance.ended')
  const view = await LiveView.open(t, base, chat.id, { token: user.token })
  await end(chat)
  await chat.write('One thing more')
  await chat.post('on it')
  await end(chat)
  await view.untilCount('status_update', 3)
  t.strictSame(
    view.named('status_update').map(({ status }) => status),
    ['COMPLETED', 'ACTIVE', 'COMPLETED'],
  )
  const received = await receiver.until(5)
  t.strictSame(
    received.map(({ body }) => [body.type, body.data.status]),
    [
      ['instance.status_changed', 'COMPLETED'],
      ['instance.ended', 'COMPLETED'],
      ['instance.status_changed', 'ACTIVE'],
      ['instance.status_changed', 'COMPLETED'],
      ['instance.ended', 'COMPLETED'],
    ],
  )
})

t.test('of a message and an end at the same time, the later one counts, whole', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  for (let round = 0; round < 10; round++) {
    const chat = await startChat(user)
    await Promise.all([end(chat), chat.write('words'), chat.post('step')])
    const { body } = await chat.detail()
    t.ok(['ACTIVE', 'COMPLETED'].includes(body.status), body.status)
    t.equal(body.ended_at !== null, body.status === 'COMPLETED', 'it has an end if it has ended')
  }
})
