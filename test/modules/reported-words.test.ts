import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { type Chat, chatOf, contents, startChat } from '../helpers/chat.js'
import { LiveView } from '../helpers/live-view.js'
import { connectAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'
import { startReceiver } from '../helpers/webhook-receiver.js'
import { startQuickService, subscribe } from '../helpers/webhooks.js'

const GO_AHEAD = 'Yes, go ahead'

/** A run of one agent of a person, and the same run as another agent of that person reaches it. */
async function twoAgents(t: Test) {
  const service = await startQuickService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  const other = chatOf(user, await user.newAgent(), chat.id)
  return { service, user, chat, other }
}

/** Asks. @returns the question's id */
async function ask(chat: Chat, fields: object = {}): Promise<string> {
  return (await chat.post('Deploy?', { requires_user_input: true, ...fields })).body.message_id
}

for (const mark_as_read of [true, false]) {
  const how = mark_as_read ? 'as read' : 'to be handed out'

  t.test(
    `another agent that reports an answer ${how} answers nothing, and the asking agent is not given it`,
    async (t) => {
      const { chat, other } = await twoAgents(t)
      const question = await ask(chat)
      const reported = await other.report(GO_AHEAD, { mark_as_read })
      t.match(reported, { status: 200, body: { success: true, marked_as_read: true } })
      t.equal(reported.body.warnings?.length, mark_as_read ? undefined : 1)
      const { body } = await chat.detail()
      t.equal(body.status, 'AWAITING_INPUT')
      t.match(body.messages.at(-1), { content: GO_AHEAD, sender_type: 'USER', reported_by_agent: true })
      t.match((await chat.poll(question)).body, { status: 'ok', messages: { length: 0 } }, 'its place has not moved')
      const answer = await chat.write('No')
      t.strictSame(contents((await chat.poll(question)).body.messages), ['No'])
      t.equal(answer.body.reported_by_agent, false)
      t.strictSame((await chat.post('step')).body.queued_user_messages, [])
    },
  )

  t.test(`what was reported ${how} before the question is none of its answers either`, async (t) => {
    const { chat, other } = await twoAgents(t)
    await other.report(GO_AHEAD, { mark_as_read })
    const asked = await chat.post('Deploy?', { requires_user_input: true })
    t.strictSame(asked.body.queued_user_messages, [])
    t.equal((await chat.detail()).body.status, 'AWAITING_INPUT')
    t.strictSame((await chat.poll(asked.body.message_id)).body.messages, [])
  })

  t.test(`who begins to post after the question does not come to speak for the run, reporting ${how}`, async (t) => {
    const { chat, other } = await twoAgents(t)
    const question = await ask(chat, { message_metadata: { options: ['Yes', 'No'] } })
    await other.post('I am here as well')
    await other.report(GO_AHEAD, { mark_as_read })
    t.strictSame((await chat.post('step')).body.queued_user_messages, [])
    const answer = await chat.write('No')
    t.match((await chat.detail()).body.messages.at(-1), { id: answer.body.id })
    t.equal((await chat.requestInput(question)).body.code, 'already_requires_input')
  })

  t.test(`the agent that asked answers by what it reports ${how}`, async (t) => {
    const { chat } = await twoAgents(t)
    const question = await ask(chat)
    const reported = await chat.report(GO_AHEAD, { mark_as_read })
    t.strictSame(reported.body, { success: true, message_id: reported.body.message_id, marked_as_read: mark_as_read })
    const { body } = await chat.detail()
    t.equal(body.status, 'ACTIVE')
    t.equal(body.messages.at(-1).reported_by_agent, true)
    const polled = (await chat.poll(question)).body
    t.strictSame([polled.status, ...contents(polled.messages)], mark_as_read ? ['stale'] : ['ok', GO_AHEAD])
  })
}

t.test('an agent that had posted to the run before the question answers it by what it reports', async (t) => {
  const { chat, other } = await twoAgents(t)
  await other.post('I am here as well')
  const question = await ask(chat)
  await other.report(GO_AHEAD, { mark_as_read: false })
  t.equal((await chat.detail()).body.status, 'ACTIVE')
  t.strictSame(contents((await chat.poll(question)).body.messages), [GO_AHEAD])
})

t.test('the agent that registered the run speaks for it, before it posts and after another has asked', async (t) => {
  const { user, chat } = await twoAgents(t)
  const id = randomUUID()
  const registered = chatOf(user, await user.newAgent(), id)
  await registered.agent('POST', '/agent-instances', { agent_type: 'claude code', agent_instance_id: id })
  await registered.report('Begin', { mark_as_read: false })
  t.strictSame(contents((await registered.poll()).body.messages), ['Begin'])
  const asking = chatOf(user, chat.agent, id)
  t.strictSame(contents((await asking.post('Deploy?', { requires_user_input: true })).body.queued_user_messages), [
    'Begin',
  ])
  await registered.report(GO_AHEAD)
  t.equal((await registered.detail()).body.status, 'ACTIVE')
})

t.test('a key that was rotated since it asked answers by its new secret', async (t) => {
  const { service, user } = await twoAgents(t)
  const { id: keyId, api_key } = (await user.call('POST', '/auth/api-keys', { name: 'rotated' })).body
  const callWith = (token: string) => (method: 'GET' | 'HEAD' | 'POST' | 'PATCH', path: string, body?: unknown) =>
    service.request(method, `/api/v1${path}`, { token, body })
  const id = randomUUID()
  const run = { agent_instance_id: id, agent_type: 'claude code' }
  await callWith(api_key)('POST', '/messages/agent', { ...run, content: 'Deploy?', requires_user_input: true })
  const rotated = (await user.call('POST', `/auth/api-keys/${keyId}/rotate`, {})).body.api_key
  await callWith(rotated)('POST', '/messages/user', { ...run, content: GO_AHEAD })
  t.equal((await user.call('GET', `/agent-instances/${id}`)).body.status, 'ACTIVE')
})

t.test('a question by MCP is answered by the person, not by what another agent reports', async (t) => {
  const { service, user } = await twoAgents(t)
  const agent = await connectAgent(t, await listen(service), await user.newKey())
  const id = await agent.start()
  const other = chatOf(user, await user.newAgent(), id)
  const question = { agent_instance_id: id, question_text: 'Deploy?', timeout_seconds: 0 }
  t.equal((await agent.call('ask_question', question)).result.answer, null)
  for (const mark_as_read of [true, false]) await other.report(GO_AHEAD, { mark_as_read })
  const { result } = await agent.call('ask_question', question)
  t.strictSame([result.answer, result.user_feedback], [null, undefined])
  await other.write('No')
  t.equal((await agent.call('ask_question', { ...question, timeout_seconds: 20 })).result.answer, 'No')
})

t.test('a backfilled message of a person answers only who may be answered, and is marked', async (t) => {
  const { user, chat, other } = await twoAgents(t)
  const question = await ask(chat)
  const words = (agent: Chat) => {
    const message = { id: randomUUID(), agent_instance_id: chat.id, content: GO_AHEAD, sender_type: 'USER' }
    return agent.agent('POST', '/messages/agent/batch', { messages: [message] })
  }
  t.match((await words(other)).body, { results: [{ status: 'created' }] })
  const { body } = await chat.detail()
  t.equal(body.status, 'AWAITING_INPUT')
  t.match(body.messages.at(-1), { content: GO_AHEAD, reported_by_agent: true })
  t.match((await chat.poll(question)).body, { status: 'ok', messages: { length: 0 } })
  const option = { option_index: 0 }
  const answer = () => user.call('POST', `/agent-instances/${chat.id}/messages`, option)
  t.equal((await answer()).status, 400, 'it is open, and has no options')
  await words(chat)
  t.equal((await chat.detail()).body.status, 'ACTIVE')
  t.equal((await answer()).body.code, 'no_open_question')
})

t.test('a step that becomes a question is not answered by what another agent reported before', async (t) => {
  const { user, chat, other } = await twoAgents(t)
  await other.report(GO_AHEAD, { mark_as_read: false })
  const { body } = await chat.requestInput(chat.firstId)
  t.match(body, { status: 'ok', messages: { length: 0 } })
  await chat.write('earlier')
  t.equal((await user.call('GET', `/agent-instances/${chat.id}`)).body.status, 'ACTIVE')

  const next = await chat.post('step')
  await other.report(GO_AHEAD)
  await chat.write('Mine')
  const turned = await chat.requestInput(next.body.message_id)
  t.strictSame(contents(turned.body.messages), ['Mine'])
})

t.test('streams, webhooks and callbacks say that words were reported, and call only who may be answered', async (t) => {
  const { service, user, chat, other } = await twoAgents(t)
  const hook = await startReceiver(t)
  await subscribe(user, hook, 'message.created')
  const base = await listen(service)
  const view = await LiveView.open(t, base, chat.id, { token: user.token })
  const flow = await startReceiver(t)
  await ask(chat, { message_metadata: { webhook_url: flow.url } })
  await other.report('from another')
  await chat.report('from the terminal')
  await chat.write('from the person')
  const expected = [
    ['Deploy?', false],
    ['from another', true],
    ['from the terminal', true],
    ['from the person', false],
  ]
  const shown = (message: Record<string, unknown>) => [message['content'], message['reported_by_agent']]
  await view.untilCount('message', 4)
  t.strictSame(view.named('message').map(shown), expected)
  const again = await LiveView.open(t, base, chat.id, { token: user.token, query: { last_event_id: '0' } })
  await again.untilCount('message', 5)
  t.strictSame(again.named('message').slice(1).map(shown), expected, 'and what the log gives says the same')
  const events = await hook.until(4)
  t.strictSame(new Set(events.map(({ body }) => shown(body.data.message))), new Set(expected))
  const [callback, ...more] = await flow.until(1)
  t.match(callback?.body, { user_message: 'from the terminal', reported_by_agent: true })
  t.strictSame(more, [])
  const page = await user.call('GET', `/agent-instances/${chat.id}/messages`)
  t.strictSame(page.body.slice(1).map(shown), expected)
})

t.test("a launch's prompt is the person's own, and its key speaks for the run before it posts", async (t) => {
  const { service, user } = await twoAgents(t)
  const receiver = await startReceiver(t)
  const webhook = { webhook_type: 'DEFAULT', webhook_config: { url: receiver.url } }
  const agent = (await user.call('POST', '/user-agents', { name: 'launched', ...webhook })).body
  const launched = await user.call('POST', `/user-agents/${agent.id}/instances`, { prompt: 'Find out' })
  t.equal(launched.status, 200)
  const run = launched.body.agent_instance_id
  const { messages } = (await user.call('GET', `/agent-instances/${run}`)).body
  t.match(messages, [{ content: 'Find out', reported_by_agent: false, sender_user_id: user.id }])
  const token = receiver.received[0]?.body.omnara_api_key
  const bound = (path: string, body: object) => service.request('POST', `/api/v1${path}`, { token, body })
  await bound('/messages/user', { agent_instance_id: run, content: 'typed', mark_as_read: false })
  const posted = await bound('/messages/agent', { agent_instance_id: run, content: 'step' })
  t.strictSame(contents(posted.body.queued_user_messages), ['typed'])
})
