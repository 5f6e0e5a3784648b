import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { startService, type TestService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { until } from '../helpers/wait-timeout.js'

/** Longer than anything here takes: whoever waits this long is woken, or the test fails. */
const LONG = '60'

/** Counts the connections of the database that a service has lent. */
function countLent({ database }: TestService): () => number {
  const withClient = database.withClient.bind(database)
  let lent = 0
  database.withClient = (borrower, work) => {
    lent++
    return withClient(borrower, work)
  }
  return () => lent
}

async function newInstance(t: Test, longPolls = {}) {
  const service = await startService(t, {}, { events: { longPolls } })
  const user = await service.newUser()
  const chat = await startChat(user)
  const key = await user.newKey()
  const query = { agent_instance_id: chat.id, last_read_message_id: chat.firstId, wait: LONG }
  const poll = (token: string, more: object = {}) =>
    service.request('GET', '/api/v1/messages/pending', { token, query: { ...query, ...more } })
  const { apiKeys, questions } = service.services
  /** Asks over and over as an agent does that speaks MCP. */
  const ask = async (secret: string, content: string, instanceId = chat.id, signal = new AbortController().signal) => {
    const { keyId, secretHash } = await apiKeys.authenticate(secret)
    const waitOptions = { seconds: 60, keyId, secretHash, signal }
    const question = { instanceId, content, options: [], keyId }
    const { outcome } = await questions.askAndWait(service.database.tenant(user.id), question, waitOptions)
    await outcome?.handoff.arrived()
    return outcome
  }
  return { service, user, chat, key, poll, ask }
}

/** Waits until nothing has been asked of the database for a moment. */
async function untilQuiet(lent: () => number): Promise<void> {
  let before = -1
  await until('quiet', async () => {
    if (lent() === before) return true
    before = lent()
    await new Promise((done) => setTimeout(done, 300))
    return false
  })
}

t.test('many who wait for an answer cost one look together, and none for what does not concern them', async (t) => {
  const { service, user, chat, key, ask } = await newInstance(t)
  const lent = countLent(service)
  const waiting = Array.from({ length: 100 }, (_, i) => ask(key, `Question ${i}?`))
  await until('all to have asked', async () => {
    const { body } = await user.call('GET', `/agent-instances/${chat.id}/messages?limit=200`)
    return body.length === 101
  })
  await untilQuiet(lent)

  const before = lent()
  for (const status of ['PAUSED', 'ACTIVE', 'PAUSED', 'ACTIVE', 'PAUSED', 'ACTIVE']) {
    t.equal((await user.call('PUT', `/agent-instances/${chat.id}/status`, { status })).status, 200)
  }
  await chat.post('a step')
  await untilQuiet(lent)
  const irrelevant = lent() - before
  t.ok(irrelevant < 50, `${irrelevant}: what the changes themselves cost`)

  const beforeAnswer = lent()
  await chat.write('to the last one')
  await untilQuiet(lent)
  t.ok(lent() - beforeAnswer < 40, `${lent() - beforeAnswer} for one answer`)
  const answers = () => Promise.all(waiting.map((wait) => Promise.race([wait, undefined])))
  t.strictSame(
    (await answers()).flatMap((outcome) => outcome?.answer ?? []),
    ['to the last one'],
  )
  await user.call('PUT', `/agent-instances/${chat.id}/status`, { status: 'KILLED' })
  const outcomes = await Promise.all(waiting)
  t.equal(outcomes.filter((outcome) => outcome?.status === 'KILLED').length, 99)
})

t.test('many who poll at one place look together; one is handed the message, the others are stale', async (t) => {
  const { service, user, chat, key, poll } = await newInstance(t)
  const lent = countLent(service)
  const keys = [key, await user.newKey()] as const
  const waiting = Array.from({ length: 100 }, (_, i) => poll(keys[i % 2 ? 1 : 0]))
  await untilQuiet(lent)
  const before = lent()
  for (const status of ['PAUSED', 'ACTIVE', 'PAUSED', 'ACTIVE']) {
    await user.call('PUT', `/agent-instances/${chat.id}/status`, { status })
  }
  await chat.write('for one')
  const answers = await Promise.all(waiting)
  t.ok(lent() - before < 50, `${lent() - before}: less than those who waited`)
  const given = answers.filter(({ body }) => body.status === 'ok')
  t.strictSame(
    given.map(({ body }) => contents(body.messages)),
    [['for one']],
  )
  t.equal(answers.filter(({ body }) => body.status === 'stale').length, 99)
})

t.test('who may take what is there is asked first, and the next one gets it where that fails', async (t) => {
  const { service, chat, key, poll } = await newInstance(t)
  const lent = countLent(service)
  const waiting = [poll(key), poll(key), poll(key)]
  await untilQuiet(lent)
  const { database } = service
  const withClient = database.withClient.bind(database)
  await chat.write('for one')
  let failures = 0
  database.withClient = async (borrower, work) => {
    if (failures > 0) return withClient(borrower, work)
    failures++
    throw new Error('lost')
  }
  const answers = await Promise.all(waiting)
  t.equal(answers.flatMap(({ body }) => contents(body.messages ?? [])).join(), 'for one')
})

t.test('the waits of a key and of an account are limited, by REST and by MCP, and strangers wait on', async (t) => {
  const { service, user, chat, key, ask } = await newInstance(t, { perKey: 3, perAccount: 4 })
  const second = await user.newKey()
  // Those who only look: what others write makes them not stale.
  const look = (secret: string, wait = LONG) => {
    const query = { agent_instance_id: chat.id, wait }
    return service.request('GET', '/api/v1/messages/pending', { token: secret, query })
  }
  const waiting: Promise<unknown>[] = [look(key), look(key), ask(key, 'Third?')]
  const lent = countLent(service)
  await untilQuiet(lent)
  const refused = await look(key)
  t.match(refused, { status: 429, body: { code: 'too_many_waits', detail: /3 calls of this API key/ } })
  t.ok(Number(refused.headers['retry-after']) > 0)
  const messages = async () => (await user.call('GET', `/agent-instances/${chat.id}/messages`)).body.length
  const before = await messages()
  await t.rejects(ask(key, 'Fourth?'), /wait already/)
  t.equal(await messages(), before, 'what cannot be waited for is not asked')
  t.equal((await look(key, '0')).status, 200, 'who does not wait is served')

  waiting.push(look(second))
  await untilQuiet(lent)
  t.match(await look(second), { status: 429, body: { detail: /this account/ } })
  const stranger = await service.newUser()
  const theirs = await startChat(stranger)
  const query = { agent_instance_id: theirs.id, last_read_message_id: theirs.firstId, wait: '0.1' }
  t.equal((await theirs.agent('GET', '/messages/pending', undefined, { query })).status, 200)

  await chat.write('let all go')
  await Promise.all(waiting)
  t.equal((await look(key, '0.1')).status, 200, 'and there is room again')
})

t.test('waits that are opened and aborted in a loop leave nothing behind', async (t) => {
  const { service, chat, key, ask } = await newInstance(t, { perKey: 5 })
  for (let round = 0; round < 10; round++) {
    const gone = new AbortController()
    const waiting = Array.from({ length: 5 }, (_, i) => ask(key, `Round ${i}?`, chat.id, gone.signal))
    if (round % 2) await new Promise((done) => setTimeout(done, 20))
    gone.abort()
    await Promise.all(waiting)
  }
  t.equal(service.services.longPolls.openCount, 0)
  await t.rejects(ask(key, 'Nowhere?', randomUUID()), { code: 'instance_not_found' })
  t.equal(service.services.longPolls.openCount, 0)
})
