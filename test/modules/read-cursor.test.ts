import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'

async function newChat(t: Test) {
  const service = await startService(t)
  const user = await service.newUser()
  return { ...(await startChat(user)), user, service }
}

t.test('a step that becomes a question makes the run wait, and is answered like any other', async (t) => {
  const chat = await newChat(t)
  const { body } = await chat.requestInput(chat.firstId)
  t.strictSame(body, {
    success: true,
    message_id: chat.firstId,
    agent_instance_id: chat.id,
    messages: [],
    status: 'ok',
  })
  const waiting = (await chat.detail()).body
  t.match(waiting, { status: 'AWAITING_INPUT', messages: [{ requires_user_input: true }] })
  const answer = await chat.write('Yes')
  t.equal((await chat.detail()).body.status, 'ACTIVE')
  t.match((await chat.poll(chat.firstId)).body, { status: 'ok', messages: [{ id: answer.body.id }] })
})

t.test('answers that are there already come back at once, and the run does not wait', async (t) => {
  const chat = await newChat(t)
  for (const content of ['a', 'b']) await chat.write(content)
  const { body } = await chat.requestInput(chat.firstId)
  t.equal(body.status, 'ok')
  t.strictSame(contents(body.messages), ['a', 'b'])
  t.equal((await chat.detail()).body.status, 'ACTIVE')
  t.match((await chat.poll(chat.firstId)).body, { status: 'stale', messages: [] })
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])
})

t.test('when the agent has read on, the answers are left for whoever asks from the right place', async (t) => {
  const chat = await newChat(t)
  const next = await chat.post('step')
  await chat.write('a')
  const { body } = await chat.requestInput(chat.firstId)
  t.match(body, { status: 'stale', messages: [] })
  t.strictSame(contents((await chat.poll(next.body.message_id)).body.messages), ['a'])
})

t.test('a message that is a question already is refused with 400', async (t) => {
  const chat = await newChat(t)
  const question = await chat.post('question', { requires_user_input: true })
  await chat.requestInput(chat.firstId)
  for (const id of [question.body.message_id, chat.firstId]) {
    const { status, body } = await chat.requestInput(id)
    t.equal(status, 400)
    t.match(
      body,
      { code: 'already_requires_input', detail: 'already requires user input' },
      'the words wrappers look for',
    )
  }
})

t.test("what is no agent's message of one's own is not found", async (t) => {
  const chat = await newChat(t)
  const stranger = await startChat(await chat.service.newUser())
  const reported = await chat.report('typed')
  const written = await chat.write('words')
  for (const id of [written.body.id, reported.body.message_id, stranger.firstId, randomUUID()]) {
    const { status, body } = await chat.requestInput(id)
    t.equal(status, 404)
    t.equal(body.detail, 'Agent message not found')
  }
  t.equal((await stranger.detail()).body.messages[0].requires_user_input, false)
})

t.test('of several who ask for the same, one succeeds', async (t) => {
  const chat = await newChat(t)
  const answers = await Promise.all(Array.from({ length: 10 }, () => chat.requestInput(chat.firstId)))
  t.strictSame(answers.map(({ status }) => status).sort(), [200, ...Array(9).fill(400)])
})

t.test("a person's words that the agent knows are not handed to it, and its place moves to them", async (t) => {
  const chat = await newChat(t)
  const reported = await chat.report('typed')
  t.match(reported.body, { success: true, marked_as_read: true })
  t.strictSame((await chat.poll()).body.messages, [])
  t.match((await chat.poll(chat.firstId)).body, { status: 'stale', messages: [] })
  t.match((await chat.poll(reported.body.message_id)).body, { status: 'ok', messages: [] })
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])
  const { messages } = (await chat.detail()).body
  t.match(messages[1], { content: 'typed', sender_type: 'USER', sender_user_email: chat.user.email })
})

t.test('words that the agent has not read yet survive a report of others', async (t) => {
  const chat = await newChat(t)
  await chat.write('earlier')
  const reported = await chat.report('typed')
  await chat.write('later')
  t.strictSame(contents((await chat.poll()).body.messages), ['earlier', 'later'])
  t.strictSame(contents((await chat.poll(reported.body.message_id)).body.messages), ['earlier', 'later'])
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])
})

t.test('words that are not marked as read are handed out like any others', async (t) => {
  const chat = await newChat(t)
  const reported = await chat.report('typed', { mark_as_read: false })
  t.match(reported.body, { success: true, marked_as_read: false })
  const { body } = await chat.poll(chat.firstId)
  t.equal(body.status, 'ok', 'the place has not moved')
  t.strictSame(contents(body.messages), ['typed'])
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])
})

t.test('a place that was never, or is elsewhere, is stale and takes nothing', async (t) => {
  const chat = await newChat(t)
  const other = await startChat(chat.user)
  await chat.write('a')
  for (const readCursor of [randomUUID(), other.firstId]) {
    t.match((await chat.poll(readCursor)).body, { status: 'stale', messages: [] })
  }
  t.strictSame(contents((await chat.poll(chat.firstId)).body.messages), ['a'])
})

t.test('looking takes nothing and moves nothing, however often', async (t) => {
  const chat = await newChat(t)
  await chat.write('a')
  for (let i = 0; i < 3; i++) {
    const { body } = await chat.poll()
    t.equal(body.status, 'ok')
    t.strictSame(contents(body.messages), ['a'])
  }
  t.equal((await chat.detail()).body.last_read_message_id, chat.firstId)
  t.strictSame(contents((await chat.post('step')).body.queued_user_messages), ['a'])
})

t.test("another tenant's run does not exist, and the same id is free", async (t) => {
  const chat = await newChat(t)
  await chat.write('for mine only')
  const stranger = await chat.service.newUser()
  const agent = await stranger.newAgent()
  const query = { agent_instance_id: chat.id, last_read_message_id: chat.firstId }
  t.equal((await agent('GET', '/messages/pending', undefined, { query })).status, 400)
  t.equal((await agent('POST', '/messages/user', { agent_instance_id: chat.id, content: 'x' })).status, 400)
  t.equal((await stranger.call('POST', `/agent-instances/${chat.id}/messages`, { content: 'x' })).status, 404)
  const theirs = await startChat(stranger, chat.id)
  t.equal((await theirs.detail()).body.messages.length, 1)
  t.equal((await chat.detail()).body.messages.length, 2)
  t.strictSame(contents((await chat.poll(chat.firstId)).body.messages), ['for mine only'])
})
