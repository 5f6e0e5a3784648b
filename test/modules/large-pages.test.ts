import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Call, startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { connectAsOwner } from '../helpers/owner.js'
import { fillQueue } from '../helpers/queues.js'

const PAGE_BYTES = 4 * 1024 * 1024
const METADATA_BYTES = 64 * 1024

interface Shown {
  readonly content: string
}

/** Follows the links of a chat from its end to its beginning. @returns the pages, oldest message first in each */
async function walk(call: Call, path: string, messagesOf: (body: never) => Shown[]): Promise<Shown[][]> {
  const pages: Shown[][] = []
  for (let next: string | undefined = path; next; ) {
    const { body, headers } = await call('GET', next)
    pages.unshift(messagesOf(body as never))
    next = /^<\/api\/v1([^>]+)>; rel="next"$/.exec(String(headers['link']))?.[1]
  }
  return pages
}

t.test('pages of a chat and of a detail are bounded in bytes, and link to what lies before', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const owner = await connectAsOwner(t, testDatabase)
  await fillQueue(owner, chat.id, 10, 900_000)
  await fillQueue(owner, chat.id, 1, 2 * PAGE_BYTES)
  await fillQueue(owner, chat.id, 3)
  const expected = ['start', ...Array(10).fill(900_000), 2 * PAGE_BYTES, 10, 10, 10]
  const shape = (messages: Shown[]) => messages.map(({ content }) => (content === 'start' ? content : content.length))
  const run = `/agent-instances/${chat.id}`
  const agent = await user.newAgent()
  const walks = [
    await walk(user.call, `${run}/messages?limit=50`, (body: Shown[]) => body),
    await walk(user.call, `${run}?message_limit=50`, (body: { messages: Shown[] }) => body.messages),
    await walk(agent, run, (body: { messages: Shown[] }) => body.messages),
  ]
  for (const pages of walks) {
    t.strictSame(shape(pages.flat()), expected, 'each message once, in order')
    for (const page of pages) {
      const bytes = page.reduce((sum, { content }) => sum + content.length, 0)
      t.ok(bytes <= PAGE_BYTES || page.length === 1, `a page of ${page.length} messages`)
    }
    t.strictSame(
      pages.map(({ length }) => length),
      [3, 4, 4, 1, 3],
    )
  }
  const whole = await user.call('GET', `${run}/messages?limit=3`)
  t.match(whole.headers['link'], new RegExp(`limit=3&before_message_id=${whole.body[0].id}>; rel="next"`))
  t.notOk((await user.call('GET', `${run}?message_limit=0`)).headers['link'], 'nothing was asked for')
})

t.test('what is attached to messages counts', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  const owner = await connectAsOwner(t, testDatabase)
  await fillQueue(owner, chat.id, 8)
  const large = JSON.stringify({ text: 'x'.repeat(1_000_000) })
  await owner.query(`update messages set message_metadata = $1 where sender_type = 'USER'`, [large])
  const { body } = await user.call('GET', `/agent-instances/${chat.id}/messages`)
  t.equal(body.length, 4)
})

t.test('three who read large pages at once cost three pages', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const chat = await startChat(user)
  await fillQueue(await connectAsOwner(t, testDatabase), chat.id, 60, 1_000_000)
  const path = `/agent-instances/${chat.id}/messages?limit=200`
  const answers = await Promise.all([1, 2, 3].map(() => user.call('GET', path)))
  for (const { raw } of answers) t.ok(raw.rawPayload.length < PAGE_BYTES * 1.1)
})

/** An object that is so many bytes long as JSON. */
const metadata = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) })

t.test('of a legacy message the metadata that is too large is left out, and the answer says so', async (t) => {
  const { newUser } = await startService(t)
  const chat = await startChat(await newUser())
  const kept = await chat.post('kept', { message_metadata: metadata(METADATA_BYTES) })
  t.notOk(kept.body.warnings)
  const dropped = await chat.post('dropped', { message_metadata: metadata(METADATA_BYTES + 1) })
  t.equal(dropped.status, 200)
  t.match(dropped.body.warnings, [/message_metadata/])
  const { messages } = (await chat.detail()).body
  t.strictSame(messages[1].message_metadata, metadata(METADATA_BYTES))
  t.match(messages[2], { content: 'dropped', message_metadata: null })
})

t.test('a batch with metadata that is too large is refused with 413, naming it, and nothing is stored', async (t) => {
  const { newUser } = await startService(t)
  const chat = await startChat(await newUser())
  const item = () => ({ id: randomUUID(), agent_instance_id: chat.id, content: 'x' })
  const fits = { ...item(), message_metadata: metadata(METADATA_BYTES) }
  const messages = [fits, { ...item(), message_metadata: metadata(METADATA_BYTES + 1) }]
  const refused = await chat.agent('POST', '/messages/agent/batch', { messages })
  t.match(refused, {
    status: 413,
    body: { code: 'body_too_large', errors: [{ path: 'body.messages.1.message_metadata' }] },
  })
  t.equal((await chat.detail()).body.messages.length, 1)
  t.equal((await chat.agent('POST', '/messages/agent/batch', { messages: [fits] })).status, 200)
})
