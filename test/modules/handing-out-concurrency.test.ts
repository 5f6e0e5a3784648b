import t from 'tap'
import { startOn, startService } from '../helpers/app.js'
import { type Chat, contents, startChat } from '../helpers/chat.js'

const numbers = (length: number) => Array.from({ length }, (_, i) => i)

/** Polls from the place that it knows, and learns the place anew when another one has moved it. */
async function pollUntil(chat: Chat, done: () => boolean, hand: (contents: string[]) => void): Promise<void> {
  let readCursor: string | undefined
  while (!done()) {
    readCursor ??= (await chat.detail()).body.last_read_message_id
    const { body } = await chat.poll(readCursor)
    hand(contents(body.messages))
    readCursor = body.messages.at(-1)?.id ?? (body.status === 'stale' ? undefined : readCursor)
  }
}

t.test('100 messages are handed out exactly once to several pollers and posters, in order to each', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  const written = numbers(100).map(String)
  const handedOut: string[] = []
  let unordered = 0
  const hand = (batch: string[]) => {
    if (batch.some((content, i) => i > 0 && Number(content) < Number(batch[i - 1]))) unordered++
    handedOut.push(...batch)
  }
  let writing = true
  let turning = chat.firstId
  const write = async () => {
    for (const content of written) await chat.write(content)
    writing = false
  }
  const post = async () => {
    while (writing) {
      const { body } = await chat.post('step')
      turning = body.message_id
      hand(contents(body.queued_user_messages))
    }
  }
  const turn = async () => {
    while (writing) hand(contents((await chat.requestInput(turning)).body.messages ?? []))
  }
  const report = async () => {
    while (writing) await chat.report('typed')
  }
  const poll = () => pollUntil(chat, () => !writing, hand)
  await Promise.all([write(), poll(), poll(), poll(), post(), post(), turn(), report()])
  hand(contents((await chat.post('last step')).body.queued_user_messages))
  t.equal(unordered, 0)
  t.strictSame(
    handedOut.sort((a, b) => Number(a) - Number(b)),
    written,
  )
})

t.test('of ten pollers at the same place one gets the messages, the others hear that they are stale', async (t) => {
  const service = await startService(t)
  const other = await startOn(t, service.testDatabase)
  const user = await service.newUser()
  const chat = await startChat(user)
  const token = await user.newKey()
  await chat.write('a')
  const query = { agent_instance_id: chat.id, last_read_message_id: chat.firstId }
  const answers = await Promise.all(
    numbers(10).map((i) => (i % 2 ? service : other).request('GET', '/api/v1/messages/pending', { query, token })),
  )
  t.equal(answers.filter(({ body }) => body.messages.length === 1).length, 1)
  t.equal(answers.flatMap(({ body }) => body.messages).length, 1)
})
