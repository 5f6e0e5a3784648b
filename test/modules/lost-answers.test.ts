import { randomUUID } from 'node:crypto'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startOn, startService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { listen, until } from '../helpers/live-view.js'
import { connectAgent } from '../helpers/mcp.js'

/** More than sockets take while nobody reads: in JSON, each of these characters has six. */
const LARGE = Array.from({ length: 12 }, (_, n) => `${n}${'\u0001'.repeat(160_000)}`)

/** Two processes of the service on one database, and a run. */
async function newRun(t: Test) {
  const service = await startService(t)
  const other = await startOn(t, service.testDatabase)
  const bases = [await listen(service), await listen(other)] as const
  const user = await service.newUser()
  const chat = await startChat(user)
  const key = await user.newKey()
  const tenant = service.database.tenant(user.id)
  const poll = async (base: string, place: string, more: Record<string, string> = {}) => {
    const query = new URLSearchParams({ agent_instance_id: chat.id, last_read_message_id: place, ...more })
    const response = await fetch(`${base}/api/v1/messages/pending?${query}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    return response.json()
  }
  /** Takes what waits, and does not say what becomes of it. */
  const take = async (place: string, { app } = service) => {
    const { keyId, secretHash } = await app.apiKeys.authenticate(key)
    const patience = { seconds: 0, keyId, secretHash, signal: new AbortController().signal }
    return app.messages.awaitPending(app.database.tenant(user.id), chat.id, place, patience)
  }
  /** Takes what waits, as a process does that ends before it has sent it. */
  const takeAndDie = async (place: string) => {
    const dying = await startOn(t, service.testDatabase)
    const taken = await take(place, dying)
    await dying.app.close()
    return taken
  }
  const placeOf = async () => (await chat.detail()).body.last_read_message_id
  return { service, other, bases, user, chat, key, tenant, poll, take, takeAndDie, placeOf }
}

/** Asks, and hangs up when the answer has begun. */
function breakOff(base: string, token: string, query: Record<string, string>): Promise<void> {
  const url = new URL(`${base}/api/v1/messages/pending?${new URLSearchParams(query)}`)
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { headers: { authorization: `Bearer ${token}` }, agent: false })
    sent.once('error', reject)
    sent.once('response', (response) => {
      response.on('error', () => {})
      response.once('close', resolve)
      response.destroy()
    })
    sent.end()
  })
}

t.test('an answer whose connection is closed before it was written out whole was not handed out', async (t) => {
  const { service, bases, chat, key, poll, placeOf } = await newRun(t)
  for (const content of LARGE) await chat.write(content)
  const place = { agent_instance_id: chat.id, last_read_message_id: chat.firstId }
  await breakOff(bases[0], key, { ...place, wait: '50' })
  await until('the loss to be noted', async () => (await placeOf()) === chat.firstId)
  await breakOff(bases[0], key, place)
  const answer = await poll(bases[1], chat.firstId)
  t.equal(answer.status, 'ok')
  t.ok(contents(answer.messages).join() === LARGE.join(), 'on whatever process')
  t.match(await poll(bases[0], chat.firstId), { status: 'stale', messages: [] }, 'and once')
  t.equal(await placeOf(), answer.messages.at(-1).id)
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])
  t.notOk(service.logged.some((line) => line.includes('"level":50')))
})

t.test("what is still being written is nobody else's, however long that takes", async (t) => {
  const { bases, chat, key, poll, placeOf } = await newRun(t)
  for (const content of LARGE) await chat.write(content)
  const query = new URLSearchParams({ agent_instance_id: chat.id, last_read_message_id: chat.firstId })
  const slow = await new Promise<IncomingMessage>((resolve, reject) => {
    const url = `${bases[0]}/api/v1/messages/pending?${query}`
    const sent = httpRequest(url, { headers: { authorization: `Bearer ${key}` }, agent: false }, resolve)
    sent.once('error', reject)
    sent.end()
  })
  const others = Promise.all([poll(bases[0], chat.firstId), poll(bases[1], chat.firstId)])
  t.strictSame((await chat.poll()).body.messages, [], 'nor given back by somebody who looks')
  await sleep(2500)
  const texts: string[] = []
  for await (const text of slow.setEncoding('utf8')) texts.push(text)
  const answer = JSON.parse(texts.join(''))
  t.ok(contents(answer.messages).join() === LARGE.join())
  for (const { status, messages } of await others) t.strictSame([status, messages.length], ['stale', 0])
  t.equal(await placeOf(), answer.messages.at(-1).id)
})

t.test('neither was one whose connection is closed before anything of it is written', async (t) => {
  const { service, bases, chat, key, poll } = await newRun(t)
  await chat.write('not lost')
  const { messages, server } = service.app
  const awaitPending = messages.awaitPending.bind(messages)
  const place = { agent_instance_id: chat.id, last_read_message_id: chat.firstId }
  const sent = httpRequest(`${bases[0]}/api/v1/messages/pending?${new URLSearchParams(place)}`, {
    headers: { authorization: `Bearer ${key}` },
    agent: false,
  })
  sent.on('error', () => {})
  const connections = () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))
  const handedOut = new Promise<string[]>((resolve) => {
    messages.awaitPending = async (...given) => {
      const pending = await awaitPending(...given)
      sent.destroy()
      await until('the connection to be gone', async () => (await connections()) === 0)
      messages.awaitPending = awaitPending
      resolve(contents(pending.messages))
      return pending
    }
  })
  sent.end()
  t.strictSame(await handedOut, ['not lost'])
  t.strictSame(contents((await poll(bases[1], chat.firstId)).messages), ['not lost'])
})

t.test('what is lost comes with the next post as well, and nothing comes twice', async (t) => {
  const { bases, chat, key } = await newRun(t)
  for (const content of LARGE) await chat.write(content)
  await breakOff(bases[0], key, { agent_instance_id: chat.id, last_read_message_id: chat.firstId })
  t.ok(contents((await chat.post('step')).body.queued_user_messages).join() === LARGE.join())
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])
})

t.test('what a process leaves behind that ends before it has sent it is handed out again', async (t) => {
  const { bases, chat, poll, takeAndDie, placeOf } = await newRun(t)
  const first = await chat.write('first')
  t.strictSame(contents((await takeAndDie(chat.firstId)).messages), ['first'])
  const [answer, late] = await Promise.all([poll(bases[1], chat.firstId), chat.poll()])
  t.strictSame([answer.status, contents(answer.messages)], ['ok', ['first']])
  t.ok(['first', ''].includes(contents(late.body.messages).join()), 'who only looks is not held up')
  t.match(await poll(bases[1], chat.firstId), { status: 'stale' })
  await chat.write('second')
  t.strictSame(contents((await takeAndDie(first.body.id)).messages), ['second'])
  t.strictSame(contents((await chat.post('step')).body.queued_user_messages), ['second'], 'with a post, too')
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])
  t.not(await placeOf(), first.body.id)
})

t.test('an agent that goes on from what it was handed has it, whatever its process noted', async (t) => {
  const { bases, chat, poll, take, placeOf } = await newRun(t)
  const { id } = (await chat.write('first')).body
  const { delivery } = await take(chat.firstId)
  t.match(await poll(bases[1], id), { status: 'ok', messages: [] })
  await delivery?.lost()
  t.equal(await placeOf(), id)
  await chat.write('second')
  t.strictSame(contents((await poll(bases[0], id)).messages), ['second'])
})

t.test('an agent that goes on at once is handed nothing twice, and one at its old place is stale', async (t) => {
  const { bases, chat, poll } = await newRun(t)
  let place = chat.firstId
  for (let round = 0; round < 10; round++) {
    await chat.write(`words ${round}`)
    const base = bases[round % 2] ?? bases[0]
    t.strictSame(contents((await poll(base, place)).messages), [`words ${round}`])
    const [stale, posted] = [poll(bases[1], place), chat.post('step')]
    t.strictSame((await posted).body.queued_user_messages, [])
    t.match(await stale, { status: 'stale', messages: [] })
    place = (await posted).body.message_id
  }
})

t.test(
  'after an answer of a tool that was lost, a poll from the place before is not told that it is stale',
  async (t) => {
    const { service, bases, user, key, tenant, poll } = await newRun(t)
    const agent = await connectAgent(t, bases[0], key)
    const id = await agent.start()
    const { keyId, secretHash } = await service.app.apiKeys.authenticate(key)
    const question = { instanceId: id, content: 'Lost?', options: [], keyId }
    const questionId = await service.app.questions.ask(tenant, question)
    await user.call('POST', `/agent-instances/${id}/messages`, { content: 'Found' })
    const patience = { seconds: 10, keyId, secretHash, signal: new AbortController().signal }
    const { outcome } = await service.app.questions.askAndWait(tenant, question, patience)
    t.equal(outcome?.answer, 'Found')
    await outcome?.delivery.lost()
    const found = await poll(bases[1], questionId, { agent_instance_id: id })
    t.strictSame([found.status, contents(found.messages)], ['ok', ['Found']])

    await user.call('POST', `/agent-instances/${id}/messages`, { content: 'Feedback' })
    const step = { instanceId: id, agentType: null, requiresUserInput: false, gitDiff: null, metadata: null, keyId }
    const lost = await service.app.messages.postByAgent(tenant, { ...step, content: 'step', offersQueue: true })
    t.strictSame(contents(lost.queued), ['Feedback'])
    const again = await poll(bases[1], found.messages[0].id, { agent_instance_id: id })
    t.strictSame([again.status, contents(again.messages)], ['ok', ['Feedback']], 'nor after that of a step')
  },
)

t.test('a place that was moved on meanwhile stays there when an answer is lost', async (t) => {
  const { chat, take, placeOf } = await newRun(t)
  await chat.write('first')
  const { delivery } = await take(chat.firstId)
  const { message_id: reported } = (await chat.report('typed')).body
  await delivery?.lost()
  t.equal(await placeOf(), reported)
  t.strictSame(contents((await chat.poll(reported)).body.messages), ['first'])
  t.match((await chat.poll(randomUUID())).body, { status: 'stale' })
})
