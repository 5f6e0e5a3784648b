import t from 'tap'
import { startService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'

t.test('a question with options is answered by the index of one', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const answer = (body: object) => user.call('POST', `/agent-instances/${chat.id}/messages`, body)
  const ask = (content: string, options?: unknown) =>
    chat.post(content, { requires_user_input: true, message_metadata: { options, mine: 1 } })

  t.match(await answer({ option_index: 0 }), { status: 409, body: { code: 'no_open_question' } })
  const question = await ask('Which?', ['Red', 'Green'])
  for (const option_index of [2, -1, 0.5, 1000, '1']) t.equal((await answer({ option_index })).status, 400)
  t.equal((await answer({})).status, 400)
  const given = await answer({ option_index: 1 })
  t.match(given, { status: 200, body: { content: 'Green', sender_type: 'USER' } })
  t.strictSame(contents((await chat.poll(question.body.message_id)).body.messages), ['Green'])
  t.equal((await answer({ option_index: 1 })).status, 409, 'it is answered')

  await ask('Plain?')
  t.equal((await answer({ option_index: 0 })).status, 400, 'a question without options has none')
  await ask('Again?', ['Yes', 'No'])
  t.equal((await answer({ option_index: 0, content: 'but slowly' })).body.content, 'Yes\n\nbut slowly')
  t.equal((await answer({ content: 'words' })).status, 200)
  t.equal((await answer({ option_index: 0 })).status, 409, 'each message answers the latest question that is open')
  await ask('Last?', ['Yes'])
  t.equal((await answer({ option_index: 0, content: 'Yes' })).body.content, 'Yes')
  await ask('By another way?', ['Yes'])
  await chat.report('Yes')
  t.equal((await answer({ option_index: 0 })).status, 409, 'what the agent reports counts')
})

t.test('options are part of the contract, and shown as they are', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const ask = (options: unknown) => chat.post('?', { requires_user_input: true, message_metadata: { options } })
  for (const options of ['Yes', [1], [''], Array(101).fill('x'), ['x'.repeat(1001)]]) {
    t.equal((await ask(options)).status, 400)
  }
  await ask(['A', 'B'])
  const { body } = await user.call('GET', `/agent-instances/${chat.id}/messages`)
  t.strictSame(body.at(-1).message_metadata, { options: ['A', 'B'] })
  t.strictSame((await chat.detail()).body.messages.at(-1).message_metadata, { options: ['A', 'B'] })

  const legacy = 'Which one?\n[OPTIONS]\n1. Red\n2. Green\n[/OPTIONS]\n'
  for (const content of [legacy, 'Deploy? [YES/NO]']) {
    await chat.post(content, { requires_user_input: true })
    const page = await user.call('GET', `/agent-instances/${chat.id}/messages`)
    t.equal(page.body.at(-1).content, content, 'to the byte')
  }
})

t.test('a step that is turned into a question is open unless the answer was there', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const answer = () => user.call('POST', `/agent-instances/${chat.id}/messages`, { option_index: 0 })
  const metadata = { message_metadata: { options: ['Yes'] } }
  const first = await chat.post('a step', metadata)
  await chat.write('early')
  await chat.requestInput(first.body.message_id)
  t.equal((await answer()).status, 409)
  const second = await chat.post('another', metadata)
  await chat.requestInput(second.body.message_id)
  t.equal((await answer()).status, 200)
})

t.test('backfilled questions of the past are not open, nor those with an answer', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const answer = () => user.call('POST', `/agent-instances/${chat.id}/messages`, { option_index: 0 })
  const item = (n: number, fields: object) => ({
    ...{ id: `0199b1a6-3b1c-7e0d-8f25-00000000000${n}`, agent_instance_id: chat.id, content: String(n) },
    ...fields,
  })
  const question = { requires_user_input: true, message_metadata: { options: ['Yes'] } }
  const messages = [
    item(1, { ...question, history: true }),
    item(2, question),
    item(3, { sender_type: 'USER', content: 'Yes' }),
  ]
  t.equal((await chat.agent('POST', '/messages/agent/batch', { messages })).status, 200)
  t.equal((await answer()).status, 409)
  await chat.agent('POST', '/messages/agent/batch', { messages: [item(4, question)] })
  t.equal((await answer()).status, 200)
})
