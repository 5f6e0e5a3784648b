import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { startService, type TestUser } from '../helpers/app.js'
import { type Chat, chatOf, contents, startChat } from '../helpers/chat.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

async function newChat(t: Test): Promise<Chat & { firstId: string; user: TestUser }> {
  const { newUser } = await startService(t)
  const user = await newUser()
  return { ...(await startChat(user)), user }
}

t.test('an agent reports, asks, is answered and hears of it', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const chat = chatOf(user, await user.newAgent(), randomUUID())

  const step = await chat.post('Reading', { agent_type: 'Claude Code' })
  t.equal(step.status, 200)
  t.match(step.body, { success: true, agent_instance_id: chat.id, message_id: UUID })
  t.strictSame(step.body.queued_user_messages, [])

  const question = await chat.post('Deploy?', { requires_user_input: true })
  t.equal(question.status, 200)
  const waiting = await chat.detail()
  t.match(waiting.body, { status: 'AWAITING_INPUT', agent_type_name: 'claude code', messages: { length: 2 } })

  const answer = await chat.write('Yes')
  t.match(answer.body, { content: 'Yes', sender_type: 'USER', sender_user_email: user.email })

  t.match((await chat.poll(question.body.message_id)).body, {
    agent_instance_id: chat.id,
    status: 'ok',
    messages: [{ content: 'Yes', id: answer.body.id }],
  })
  t.match((await chat.poll(question.body.message_id)).body, { status: 'stale', messages: [] })
})

t.test('a message that is handed out has exactly the five fields that legacy clients take', async (t) => {
  const chat = await newChat(t)
  await chat.write('a')
  const looked = (await chat.poll()).body.messages
  const polled = (await chat.poll(chat.firstId)).body.messages
  await chat.write('b')
  const step = (await chat.post('step')).body
  await chat.write('c')
  const stepAgain = (await chat.post('step')).body
  await chat.write('d')
  const requested = (await chat.requestInput(stepAgain.message_id)).body.messages
  t.strictSame(looked, polled)
  for (const messages of [looked, polled, step.queued_user_messages, stepAgain.queued_user_messages, requested]) {
    t.equal(messages.length, 1)
    const keys = ['content', 'created_at', 'id', 'requires_user_input', 'sender_type']
    t.strictSame(Object.keys(messages[0]).sort(), keys)
    t.match(messages[0], {
      id: UUID,
      sender_type: 'USER',
      requires_user_input: false,
      created_at: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    })
  }
})

t.test('a new run needs to be told its kind, which is stored in lower case', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const chat = chatOf(user, await user.newAgent(), randomUUID())
  for (const fields of [{}, { agent_type: null }, { agent_type: '' }, { agent_type: ' \n' }]) {
    const { status, body } = await chat.post('step', fields)
    t.equal(status, 400)
    t.match(body, { code: 'agent_type_required', detail: /agent_type/ })
  }
  t.equal((await chat.detail()).status, 404, 'nothing was made')
  await chat.post('step', { agent_type: ' Claude CODE ' })
  await chatOf(user, chat.agent, randomUUID()).post('step', { agent_type: 'cLAUDE code' })
  const types = await user.call('GET', '/agent-types')
  t.match(types.body, [{ name: 'claude code', total_instances: 2 }])
  t.equal(types.body.length, 1)
})

t.test('the kind of a run stays what it was, whatever later posts say', async (t) => {
  const chat = await newChat(t)
  t.equal((await chat.post('step', { agent_type: 'other' })).status, 200)
  t.equal((await chat.detail()).body.agent_type_name, 'claude code')
})

t.test('a step makes a run active, a question makes it wait, and a person sets it going again', async (t) => {
  const chat = await newChat(t)
  const status = async () => (await chat.detail()).body.status
  t.equal(await status(), 'ACTIVE')
  await chat.post('question', { requires_user_input: true })
  t.equal(await status(), 'AWAITING_INPUT')
  await chat.post('step')
  t.equal(await status(), 'ACTIVE')
  await chat.post('question', { requires_user_input: true })
  await chat.write('answer')
  t.equal(await status(), 'ACTIVE')
  await chat.post('question', { requires_user_input: true })
  await chat.report('typed')
  t.equal(await status(), 'ACTIVE')
  await chat.user.call('PUT', `/agent-instances/${chat.id}/status`, { status: 'PAUSED' })
  await chat.post('step')
  t.equal(await status(), 'ACTIVE')
})

for (const finished of ['FAILED', 'KILLED']) {
  t.test(`a run that is ${finished} stays so, and still takes messages`, async (t) => {
    const chat = await newChat(t)
    await chat.user.call('PUT', `/agent-instances/${chat.id}/status`, { status: finished })
    const step = await chat.post('late step')
    const answers = [
      step,
      await chat.write('late words'),
      await chat.post('late question', { requires_user_input: true }),
      await chat.report('late typing', { mark_as_read: false }),
      await chat.requestInput(step.body.message_id),
    ]
    t.strictSame(
      answers.map((answer) => answer.status),
      [200, 200, 200, 200, 200],
    )
    t.strictSame(contents(answers[2]?.body.queued_user_messages), ['late words'])
    const { body } = await chat.detail()
    t.equal(body.status, finished)
    t.strictSame(contents(body.messages), ['start', 'late step', 'late words', 'late question', 'late typing'])
  })
}

t.test("each way to hand out takes what is there once, and the agent's place moves with it", async (t) => {
  const chat = await newChat(t)
  const handedOut: string[] = []
  let readCursor = chat.firstId
  const hand = (messages: { id: string; content: string }[]) => handedOut.push(...contents(messages))
  const post = async () => {
    const { body } = await chat.post('step')
    readCursor = body.message_id
    hand(body.queued_user_messages)
  }
  const poll = async () => {
    const { body } = await chat.poll(readCursor)
    t.equal(body.status, 'ok')
    readCursor = body.messages.at(-1)?.id ?? readCursor
    hand(body.messages)
  }
  const turn = async () => {
    await post()
    await chat.write(`between ${handedOut.length}`)
    const { body } = await chat.requestInput(readCursor)
    t.equal(body.status, 'ok')
    readCursor = body.messages.at(-1)?.id ?? readCursor
    hand(body.messages)
  }
  const look = async () => t.strictSame((await chat.poll()).status, 200)
  const ways = [post, poll, turn, look]
  const written: string[] = []
  for (const [i, first] of ways.entries()) {
    for (const [j, second] of ways.entries()) {
      await chat.write(`${i}${j}a`)
      await first()
      await chat.write(`${i}${j}b`)
      await second()
      written.push(`${i}${j}a`, `${i}${j}b`)
    }
  }
  await post()
  t.strictSame(
    handedOut.filter((content) => !content.startsWith('between')),
    written,
  )
  t.equal(new Set(handedOut).size, handedOut.length)
})

t.test('several messages come at once, oldest first', async (t) => {
  const chat = await newChat(t)
  for (const content of ['a', 'b', 'c']) await chat.write(content)
  t.strictSame(contents((await chat.post('step')).body.queued_user_messages), ['a', 'b', 'c'])
  for (const content of ['d', 'e']) await chat.write(content)
  const { body } = await chat.detail()
  t.strictSame(contents((await chat.poll(body.last_read_message_id)).body.messages), ['d', 'e'])
})

t.test('an identifier is the same in upper case', async (t) => {
  const chat = await newChat(t)
  const upper = chatOf(chat.user, chat.agent, chat.id.toUpperCase())
  const step = await upper.post('step')
  t.equal(step.body.agent_instance_id, chat.id)
  t.equal((await upper.write('words')).status, 200)
  t.strictSame(contents((await upper.poll(step.body.message_id.toUpperCase())).body.messages), ['words'])
  const next = await upper.post('step')
  t.equal((await upper.requestInput(next.body.message_id.toUpperCase())).body.status, 'ok')
  t.equal((await upper.report('typed')).status, 200)
  t.strictSame(contents((await upper.detail()).body.messages), ['start', 'step', 'words', 'step', 'typed'])
})

t.test("legacy clients' extra fields and nulls are taken, and metadata comes back", async (t) => {
  const chat = await newChat(t)
  const metadata = { tool: 'x', list: [1, null, { deep: true }], ü: '😀' }
  const extras = { send_push: true, send_email: false, send_sms: null, requires_user_input: null, git_diff: null }
  const posted = await chat.post('step', { ...extras, agent_type: null, message_metadata: metadata, unheard_of: [1] })
  t.equal(posted.status, 200)
  t.equal((await chat.post('step', { message_metadata: null })).status, 200)
  t.equal((await chat.report('typed', { mark_as_read: null, unheard_of: 1 })).body.marked_as_read, true)
  const { messages } = (await chat.detail()).body
  t.strictSame(
    messages.map((message: { message_metadata: unknown }) => message.message_metadata),
    [null, metadata, null, null],
  )
})

t.test('bad input is refused with a text that says where', async (t) => {
  const chat = await newChat(t)
  const bad = {
    'an empty text': await chat.post(''),
    'a text that is a number': await chat.post('x', { content: 1 }),
    'an id that is none': await chat.post('x', { agent_instance_id: 'nonsense' }),
    'a question that is a text': await chat.post('x', { requires_user_input: 'yes' }),
    'metadata that is a list': await chat.post('x', { message_metadata: [] }),
    'a lone surrogate in a name': await chat.post('x', { agent_type: 'a\ud800b' }),
    'a place that is no id': await chat.poll('nonsense'),
    'a report to no run': await chatOf(chat.user, chat.agent, randomUUID()).report('x'),
    'a poll of no run': await chatOf(chat.user, chat.agent, randomUUID()).poll(),
  }
  for (const [name, { status, body }] of Object.entries(bad)) {
    t.match({ status, body }, { status: 400, body: { detail: /.+/, code: /.+/ } }, name)
  }
  t.equal((await chat.detail()).body.messages.length, 1, 'nothing was stored')
})
