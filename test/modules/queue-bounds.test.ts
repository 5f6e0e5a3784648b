import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { type Chat, chatOf, contents, startChat } from '../helpers/chat.js'
import { connectAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'
import { connectAsOwner } from '../helpers/owner.js'
import { fillQueue } from '../helpers/queues.js'

const MEGABYTE = 1_000_000
const QUEUE_BYTES = 8 * 1024 * 1024

async function newChat(t: Test) {
  const service = await startService(t)
  const user = await service.newUser()
  const owner = await connectAsOwner(t, service.testDatabase)
  return { service, user, owner, chat: await startChat(user) }
}

/** The numbers that messages of a filled queue end in. */
const numbers = (messages: { content: string }[]) => contents(messages).map((content) => Number(content.split(' ')[1]))
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, n) => from + n)

t.test('of what an agent does not read, 1,000 messages wait; more are refused until it reads', async (t) => {
  const { user, owner, chat } = await newChat(t)
  await fillQueue(owner, chat.id, 999)
  t.equal((await chat.write('x 1000')).status, 200)
  const refused = await chat.write('x 1001')
  t.match(refused, { status: 409, body: { code: 'queue_full', detail: String } })
  t.match(await chat.report('typed', { mark_as_read: false }), { status: 409, body: { code: 'queue_full' } })
  t.equal((await chat.report('typed')).status, 200, 'what is not to be handed out takes no room')
  const stranger = chatOf(user, await user.newAgent(), chat.id)
  t.equal((await stranger.report('of another agent', { mark_as_read: false })).status, 200)
  t.equal((await user.call('GET', `/agent-instances/${chat.id}`)).body.messages.at(-1).content, 'of another agent')
  t.strictSame(numbers((await chat.post('step')).body.queued_user_messages), upTo(1000))
  t.equal((await chat.write('now')).status, 200)
  t.strictSame(contents((await chat.post('step')).body.queued_user_messages), ['now'])
})

t.test('and 8 MiB of them, which are handed out at once', async (t) => {
  const { owner, chat } = await newChat(t)
  const largeQueues = async () => (await owner.query('select id from agent_instances where has_large_queue')).rowCount
  for (let n = 0; n < 8; n++) t.equal((await chat.write('x'.repeat(MEGABYTE))).status, 200)
  t.equal((await chat.write('x'.repeat(MEGABYTE))).status, 409)
  t.equal((await chat.write('x'.repeat(QUEUE_BYTES - 8 * MEGABYTE))).status, 200)
  t.equal((await chat.write('x')).body.code, 'queue_full')
  t.equal(await largeQueues(), 1, 'the next post is stored alone')
  const { queued_user_messages: queued } = (await chat.post('step')).body
  t.equal(contents(queued).join('').length, QUEUE_BYTES)
  t.equal(await largeQueues(), 0)
  t.equal((await chat.write('x')).status, 200)
})

t.test('a queue that is over the bound is handed out in parts, each message once, whichever way', async (t) => {
  const { owner, chat } = await newChat(t)
  await fillQueue(owner, chat.id, 4500)
  let readCursor = chat.firstId
  const parts: number[][] = []
  const looked = await chat.poll()
  t.strictSame(numbers(looked.body.messages), upTo(1000), 'looking shows the first part')
  t.equal((await chat.write('x 0')).status, 409)
  const poll = async () => {
    const { body } = await chat.poll(readCursor)
    readCursor = body.messages.at(-1)?.id ?? readCursor
    return body.messages
  }
  const post = async () => {
    const { body } = await chat.post('step')
    readCursor = body.message_id
    return body.queued_user_messages
  }
  const turn = async () => {
    const { body } = await chat.requestInput(readCursor)
    readCursor = body.messages.at(-1)?.id ?? readCursor
    return body.messages
  }
  for (const way of [poll, post, turn, poll, post, poll]) parts.push(numbers(await way()))
  t.strictSame(
    parts.map(({ length }) => length),
    [1000, 1000, 1000, 1000, 500, 0],
  )
  t.strictSame(parts.flat(), upTo(4500))
  t.equal((await chat.write('x 1')).status, 200)
  t.strictSame(contents(await post()), ['x 1'])
})

t.test('parts are bounded in bytes as well, and one message goes out whatever its size', async (t) => {
  const { owner, chat } = await newChat(t)
  await fillQueue(owner, chat.id, 12, 3 * 1024 * 1024)
  await fillQueue(owner, chat.id, 2, QUEUE_BYTES + 1)
  await owner.query(`update agent_instances set has_large_queue = true`)
  const lengths: number[] = []
  for (let posts = 0; posts < 9; posts++) lengths.push((await chat.post('step')).body.queued_user_messages.length)
  t.strictSame(lengths, [2, 2, 2, 2, 2, 2, 1, 1, 0])
})

t.test('log_step hands out the parts too, and what does not arrive comes again', async (t) => {
  const { service, user, owner } = await newChat(t)
  const key = await user.newKey()
  const agent = await connectAgent(t, await listen(service), key)
  const id = await agent.start()
  await fillQueue(owner, id, 2500)
  const given = async () => {
    const { result } = await agent.call('log_step', { agent_instance_id: id, step_description: 'step' })
    return numbers(result.user_feedback.map((content: string) => ({ content })))
  }
  const { keyId } = await service.services.apiKeys.authenticate(key)
  const post = { instanceId: id, agentType: null, requiresUserInput: false, gitDiff: null, metadata: null, keyId }
  const tenant = service.database.tenant(user.id)
  const lost = await service.services.messages.postByAgent(tenant, { ...post, content: 'lost', offersQueue: true })
  t.strictSame(numbers(lost.queued), upTo(1000), 'by a process that ends before it is sent')
  t.strictSame(await given(), upTo(1000))
  t.strictSame(await given(), upTo(1000, 1001))

  t.strictSame(await given(), upTo(500, 2001))
  t.strictSame(await given(), [])
})

t.test('an answer behind more than is handed out at once comes with the last part', async (t) => {
  const { service, user, owner } = await newChat(t)
  const agent = await connectAgent(t, await listen(service), await user.newKey())
  const id = await agent.start()
  const question = { agent_instance_id: id, question_text: 'Which?' }
  t.equal((await agent.call('ask_question', { ...question, timeout_seconds: 0 })).result.answer, null)
  await fillQueue(owner, id, 1500)
  await answerPastTheBound(owner, id)
  const first = await agent.call('ask_question', { ...question, timeout_seconds: 20 })
  t.strictSame([first.result.answer, first.result.user_feedback.length], [null, 1000])
  const second = await agent.call('ask_question', { ...question, timeout_seconds: 20 })
  t.strictSame([second.result.answer, second.result.user_feedback.length], ['This one', 500])
  const step = await agent.call('log_step', { agent_instance_id: id, step_description: 'on' })
  t.strictSame(step.result.user_feedback, [])
})

/** The person answers although the queue is over its bound: as before there was one. */
async function answerPastTheBound(
  owner: Awaited<ReturnType<typeof connectAsOwner>>,
  instanceId: string,
): Promise<void> {
  await fillQueue(owner, instanceId, 1)
  await owner.query(
    `with last as (
       update messages set content = 'This one' where agent_instance_id = $1
         and seq = (select message_count from agent_instances where id = $1) returning seq
     )
     update messages set answer_seq = (select seq from last) where agent_instance_id = $1 and requires_user_input`,
    [instanceId],
  )
}

t.test('agents with queues of any size who post at once each get their own, once', async (t) => {
  const { user, owner } = await newChat(t)
  const chats: Chat[] = []
  for (let n = 0; n < 12; n++) chats.push(await startChat(user))
  for (const [n, { id }] of chats.entries()) if (n % 2) await fillQueue(owner, id, n, 20_000)
  await owner.query(`update agent_instances set has_large_queue = id = $1`, [chats[11]?.id])
  const answers = await Promise.all(chats.flatMap((chat) => [chat.post('one'), chat.post('two')]))
  const queued = answers.map(({ body }) => body.queued_user_messages.length)
  t.strictSame(
    chats.map((_, n) => (queued[2 * n] ?? 0) + (queued[2 * n + 1] ?? 0)),
    chats.map((_, n) => (n % 2 ? n : 0)),
  )
})
