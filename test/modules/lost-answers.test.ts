import { randomUUID } from 'node:crypto'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import t, { type Test } from 'tap'
import { startOn, startService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { connectAgent } from '../helpers/mcp.js'
import { listen } from '../helpers/network.js'
import { superuser } from '../helpers/superuser.js'
import { until } from '../helpers/wait-timeout.js'

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
  const poll = async (base: string, readCursor: string, more: Record<string, string> = {}) => {
    const query = new URLSearchParams({ agent_instance_id: chat.id, last_read_message_id: readCursor, ...more })
    const response = await fetch(`${base}/api/v1/messages/pending?${query}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    return response.json()
  }
  /** Takes what waits, and does not say what becomes of it. */
  const take = async (readCursor: string, { services } = service) => {
    const { keyId, secretHash } = await services.apiKeys.authenticate(key)
    const waitOptions = { seconds: 0, keyId, secretHash, signal: new AbortController().signal }
    return services.messages.awaitPending(services.database.tenant(user.id), chat.id, readCursor, waitOptions)
  }
  /** Takes what waits, as a process does that ends before it has sent it. */
  const takeAndDie = async (readCursor: string) => {
    const dying = await startOn(t, service.testDatabase)
    const taken = await take(readCursor, dying)
    await dying.app.close()
    return taken
  }
  const readCursorOf = async () => (await chat.detail()).body.last_read_message_id
  return { service, other, bases, user, chat, key, tenant, poll, take, takeAndDie, readCursorOf }
}

/** Asks by a poll, and hangs up when the answer has begun. */
function breakOff(base: string, token: string, query: Record<string, string>): Promise<void> {
  return cutOff(`${base}/api/v1/messages/pending?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${token}` },
  })
}

/** Posts a step, and hangs up when the answer has begun. */
function postAndBreakOff(
  base: string,
  token: string,
  agent_instance_id: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const options = {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
  }
  return cutOff(`${base}/api/v1/messages/agent`, options, JSON.stringify({ agent_instance_id, content: 'cut off' }))
}

/** Turns a step into a question, and hangs up when the answer has begun. */
function requestInputAndBreakOff(base: string, token: string, messageId: string): Promise<void> {
  return cutOff(`${base}/api/v1/messages/${messageId}/request-input`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}` },
  })
}

function cutOff(url: string, options: RequestOptions, body = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { ...options, agent: false })
    sent.once('error', reject)
    sent.once('response', (response) => {
      response.on('error', () => {})
      response.once('close', resolve)
      response.destroy()
    })
    sent.end(body)
  })
}

t.test('an answer whose connection is closed before it was written out whole was not handed out', async (t) => {
  const { service, bases, chat, key, poll, readCursorOf } = await newRun(t)
  for (const content of LARGE) await chat.write(content)
  const readCursor = { agent_instance_id: chat.id, last_read_message_id: chat.firstId }
  await breakOff(bases[0], key, { ...readCursor, wait: '50' })
  await until('the loss to be noted', async () => (await readCursorOf()) === chat.firstId)
  await breakOff(bases[0], key, readCursor)
  const answer = await poll(bases[1], chat.firstId)
  t.equal(answer.status, 'ok')
  t.ok(contents(answer.messages).join() === LARGE.join(), 'on whatever process')
  t.match(await poll(bases[0], chat.firstId), { status: 'stale', messages: [] }, 'and once')
  t.equal(await readCursorOf(), answer.messages.at(-1).id)
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])
  t.notOk(service.logged.some((line) => line.includes('"level":50')))
})

t.test("what is still being written is nobody else's, however long that takes", async (t) => {
  const { bases, chat, key, poll, readCursorOf } = await newRun(t)
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
  const keyed = { headers: { 'idempotency-key': 'keyed' } }
  const step = { agent_instance_id: chat.id, content: 'with a key' }
  t.match(
    await chat.agent('POST', '/messages/agent', step, keyed),
    { status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '1' } },
    'no transaction waits for that',
  )
  const texts: string[] = []
  for await (const text of slow.setEncoding('utf8')) texts.push(text)
  const answer = JSON.parse(texts.join(''))
  t.ok(contents(answer.messages).join() === LARGE.join())
  for (const { status, messages } of await others) t.strictSame([status, messages.length], ['stale', 0])
  t.equal(await readCursorOf(), answer.messages.at(-1).id)
  t.equal((await chat.agent('POST', '/messages/agent', step, keyed)).status, 200)
})

t.test('neither was one whose connection is closed before anything of it is written', async (t) => {
  const { service, bases, chat, key, poll } = await newRun(t)
  await chat.write('not lost')
  const { messages } = service.services
  const { server } = service.app
  const awaitPending = messages.awaitPending.bind(messages)
  const readCursor = { agent_instance_id: chat.id, last_read_message_id: chat.firstId }
  const sent = httpRequest(`${bases[0]}/api/v1/messages/pending?${new URLSearchParams(readCursor)}`, {
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
  const { bases, chat, poll, takeAndDie, readCursorOf } = await newRun(t)
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
  t.not(await readCursorOf(), first.body.id)
})

t.test('an agent that goes on from what it was handed has it, whatever its process noted', async (t) => {
  const { bases, chat, poll, take, readCursorOf } = await newRun(t)
  const { id } = (await chat.write('first')).body
  const { handoff } = await take(chat.firstId)
  t.match(await poll(bases[1], id), { status: 'ok', messages: [] })
  await handoff?.lost()
  t.equal(await readCursorOf(), id)
  await chat.write('second')
  t.strictSame(contents((await poll(bases[0], id)).messages), ['second'])
})

t.test('an agent that goes on at once is handed nothing twice, and one at its old place is stale', async (t) => {
  const { bases, chat, poll } = await newRun(t)
  let readCursor = chat.firstId
  for (let round = 0; round < 10; round++) {
    await chat.write(`words ${round}`)
    const base = bases[round % 2] ?? bases[0]
    t.strictSame(contents((await poll(base, readCursor)).messages), [`words ${round}`])
    const [stale, posted] = [poll(bases[1], readCursor), chat.post('step')]
    t.strictSame((await posted).body.queued_user_messages, [])
    t.match(await stale, { status: 'stale', messages: [] })
    readCursor = (await posted).body.message_id
  }
})

t.test(
  'after an answer of a tool that was lost, a poll from the place before is not told that it is stale',
  async (t) => {
    const { service, bases, user, key, tenant, poll } = await newRun(t)
    const agent = await connectAgent(t, bases[0], key)
    const id = await agent.start()
    const { keyId, secretHash } = await service.services.apiKeys.authenticate(key)
    const question = { instanceId: id, content: 'Lost?', options: [], keyId }
    const questionId = await service.services.questions.ask(tenant, question)
    await user.call('POST', `/agent-instances/${id}/messages`, { content: 'Found' })
    const waitOptions = { seconds: 10, keyId, secretHash, signal: new AbortController().signal }
    const { outcome } = await service.services.questions.askAndWait(tenant, question, waitOptions)
    t.equal(outcome?.answer, 'Found')
    await outcome?.handoff.lost()
    const found = await poll(bases[1], questionId, { agent_instance_id: id })
    t.strictSame([found.status, contents(found.messages)], ['ok', ['Found']])

    await user.call('POST', `/agent-instances/${id}/messages`, { content: 'Feedback' })
    const step = { instanceId: id, agentType: null, requiresUserInput: false, gitDiff: null, metadata: null, keyId }
    const lost = await service.services.messages.postByAgent(tenant, { ...step, content: 'step', offersQueue: true })
    t.strictSame(contents(lost.queued), ['Feedback'])
    const again = await poll(bases[1], found.messages[0].id, { agent_instance_id: id })
    t.strictSame([again.status, contents(again.messages)], ['ok', ['Feedback']], 'nor after that of a step')
  },
)

t.test('a place that was moved on meanwhile stays there when an answer is lost', async (t) => {
  const { chat, take, readCursorOf } = await newRun(t)
  await chat.write('first')
  const { handoff } = await take(chat.firstId)
  const { message_id: reported } = (await chat.report('typed')).body
  await handoff?.lost()
  t.equal(await readCursorOf(), reported)
  t.strictSame(contents((await chat.poll(reported)).body.messages), ['first'])
  t.match((await chat.poll(randomUUID())).body, { status: 'stale' })
})

t.test(
  'what a post was answered with comes again if its connection is closed before that was written out',
  async (t) => {
    const { service, bases, chat, key, poll, readCursorOf } = await newRun(t)
    for (const content of LARGE) await chat.write(content)
    await postAndBreakOff(bases[0], key, chat.id)
    await until('the loss to be noted', async () => (await readCursorOf()) === chat.firstId)
    await postAndBreakOff(bases[1], key, chat.id)
    t.ok(contents((await chat.post('step')).body.queued_user_messages).join() === LARGE.join(), 'with the next post')
    t.strictSame((await chat.post('step')).body.queued_user_messages, [], 'once')

    const { message_id: readCursor } = (await chat.post('step')).body
    for (const content of LARGE) await chat.write(content)
    await postAndBreakOff(bases[0], key, chat.id)
    await until('the loss to be noted again', async () => (await readCursorOf()) === readCursor)
    const { messages } = await poll(bases[1], readCursor)
    t.ok(contents(messages).join() === LARGE.join(), 'or with a poll from the place before')
    t.match(await poll(bases[0], readCursor), { status: 'stale', messages: [] })
    t.notOk(service.logged.some((line) => line.includes('"level":50')))
  },
)

t.test(
  'nor is anything lost with a post whose connection is closed before anything of the answer is written',
  async (t) => {
    const { service, bases, chat, key } = await newRun(t)
    await chat.write('not lost')
    const { messages } = service.services
    const { server } = service.app
    const postByAgent = messages.postByAgent.bind(messages)
    const connections = () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))
    const sent = httpRequest(`${bases[0]}/api/v1/messages/agent`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      agent: false,
    })
    sent.on('error', () => {})
    const handedOut = new Promise<string[]>((resolve) => {
      messages.postByAgent = async (...given) => {
        const posted = await postByAgent(...given)
        sent.destroy()
        await until('the connection to be gone', async () => (await connections()) === 0)
        messages.postByAgent = postByAgent
        resolve(contents(posted.queued))
        return posted
      }
    })
    sent.end(JSON.stringify({ agent_instance_id: chat.id, content: 'cut off' }))
    t.strictSame(await handedOut, ['not lost'])
    t.strictSame(contents((await chat.post('step')).body.queued_user_messages), ['not lost'])
    t.strictSame((await chat.post('step')).body.queued_user_messages, [])
  },
)

t.test(
  'a post with an Idempotency-Key gives what was lost when it is sent again, and nobody else has it',
  async (t) => {
    const { bases, chat, key, poll } = await newRun(t)
    for (const content of LARGE) await chat.write(content)
    const headers = { 'idempotency-key': 'once' }
    await postAndBreakOff(bases[0], key, chat.id, headers)
    t.strictSame((await chat.post('between')).body.queued_user_messages, [])
    t.match(await poll(bases[1], chat.firstId), { status: 'stale', messages: [] })
    const again = await fetch(`${bases[1]}/api/v1/messages/agent`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ agent_instance_id: chat.id, content: 'cut off' }),
    })
    t.equal(again.headers.get('idempotency-replayed'), 'true')
    t.ok(contents((await again.json()).queued_user_messages).join() === LARGE.join())
    t.strictSame((await chat.post('step')).body.queued_user_messages, [])
  },
)

t.test(
  'what request-input was answered with comes again if its connection is closed before that was written out',
  async (t) => {
    const { service, bases, chat, key, poll, readCursorOf } = await newRun(t)
    const readCursor = chat.firstId
    await chat.write('given')
    t.strictSame(contents((await poll(bases[1], readCursor, { confirm: 'true' })).messages), ['given'])
    for (const content of LARGE) await chat.write(content)
    await requestInputAndBreakOff(bases[0], key, readCursor)
    await until('the loss to be noted', async () => (await readCursorOf()) === readCursor)
    t.match((await chat.requestInput(readCursor)).body, { code: 'already_requires_input' })
    const { messages } = await poll(bases[1], readCursor)
    t.ok(contents(messages).join() === LARGE.join(), 'without what was given before')
    t.match(await poll(bases[0], readCursor), { status: 'stale', messages: [] }, 'and once')
    t.strictSame((await chat.post('step')).body.queued_user_messages, [])
    t.notOk(service.logged.some((line) => line.includes('"level":50')))
  },
)

t.test('request-input at a place whose poll is on its way is told what became of that first', async (t) => {
  const { chat, take } = await newRun(t)
  await chat.write('first')
  const { handoff } = await take(chat.firstId)
  const turning = chat.requestInput(chat.firstId)
  await handoff?.lost()
  t.match((await turning).body, { status: 'ok', messages: [{ content: 'first' }] })
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])

  const { message_id: readCursor } = (await chat.post('step')).body
  await chat.write('second')
  const taken = await take(readCursor)
  const late = chat.requestInput(readCursor)
  await taken.handoff?.arrived()
  t.match((await late).body, { status: 'stale', messages: [] })
})

t.test('only answers that have messages are followed until they arrive', async (t) => {
  const { service, chat } = await newRun(t)
  const { offers } = service.services
  const deliveryOf = offers.handoffOf.bind(offers)
  const followed: string[] = []
  offers.handoffOf = (tenant, offer) => {
    followed.push(offer.id)
    return deliveryOf(tenant, offer)
  }
  const admin = await superuser(t, service.testDatabase)
  const offered = async () =>
    (await admin.query('select offered_message_id as id from agent_instances where id = $1', [chat.id])).rows[0].id
  for (let i = 0; i < 5; i++) {
    await chat.post('nothing to hand out')
    t.equal(await offered(), null)
  }
  const turning = (await chat.post('to be a question')).body.message_id
  await chat.requestInput(turning)
  t.equal(await offered(), null)
  t.strictSame(followed, [])
  await chat.write('words')
  const { message_id, queued_user_messages } = (await chat.post('step')).body
  t.strictSame([contents(queued_user_messages), followed], [['words'], [message_id]])
  await until('the arrival to be noted', async () => (await offered()) === null)
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])
  const next = (await chat.post('to be answered at once')).body.message_id
  await chat.write('more words')
  t.strictSame(contents((await chat.requestInput(next)).body.messages), ['more words'])
  t.equal(followed.length, 2)
  await until('that arrival to be noted', async () => (await offered()) === null)
  t.strictSame((await chat.post('step')).body.queued_user_messages, [])
})

t.test('an agent that posts again at once is handed everything once', async (t) => {
  const { bases, chat, key } = await newRun(t)
  const handed: string[] = []
  const post = async (base: string) => {
    const response = await fetch(`${base}/api/v1/messages/agent`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ agent_instance_id: chat.id, content: 'step' }),
    })
    handed.push(...contents((await response.json()).queued_user_messages))
  }
  const rounds = Array.from({ length: 10 }, (_, i) => `words ${i}`)
  for (const [i, words] of rounds.entries()) {
    await chat.write(words)
    await post(bases[i % 2] ?? bases[0])
    await Promise.all(bases.map(post))
  }
  t.strictSame(handed, rounds)
})
