import { randomUUID } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { runPipeline } from '../../db/pipeline.js'
import { newInstance } from '../helpers/instances.js'
import { connectAsOwner } from '../helpers/owner.js'
import { eventually } from '../helpers/wait-timeout.js'
import { startReceiver } from '../helpers/webhook-receiver.js'
import { startQuickService, subscribe } from '../helpers/webhooks.js'

const NOWHERE = { url: 'http://127.0.0.1:1/' }

t.test('fifty webhooks are told of large messages, each stored once, and the account can be deleted', async (t) => {
  const service = await startQuickService(t, { concurrency: 0 })
  const user = await service.newUser()
  const agent = await user.newAgent()
  for (let n = 0; n < 50; n++) await subscribe(user, NOWHERE, 'message.created')
  const run = await newInstance(agent, { content: '"'.repeat(64 * 1024) })
  const messages = Array.from({ length: 7 }, () => ({
    ...{ id: randomUUID(), agent_instance_id: run, content: '"'.repeat(64 * 1024) },
  }))
  const count = 1 + 4 * messages.length
  for (let n = 0; n < 4; n++) {
    const batch = messages.map((message) => ({ ...message, id: randomUUID() }))
    t.equal((await agent('POST', '/messages/agent/batch', { messages: batch })).status, 200)
  }
  const owner = await connectAsOwner(t, service.testDatabase)
  const stored = async () => {
    const { rows } = await owner.query(`
      select (select count(*)::int from webhook_deliveries) as deliveries, count(*)::int as events,
        sum(octet_length(body))::int as bytes from webhook_events`)
    return rows[0]
  }
  await eventually(async () => (await stored()).events === count)
  const { deliveries, bytes } = await stored()
  t.equal(deliveries, 50 * count)
  t.ok(bytes < count * 140_000, 'a body is not stored fifty times')
  t.equal((await user.call('DELETE', '/auth/me')).status, 200)
  t.match(await stored(), { deliveries: 0, events: 0 })
})

t.test('the deliveries of an account are spread over time, and those of others are not', async (t) => {
  const service = await startQuickService(t)
  const [user, stranger] = [await service.newUser(), await service.newUser()]
  const receiver = await startReceiver(t)
  const times: number[] = []
  receiver.answer((_received, response) => {
    times.push(performance.now())
    response.end()
  })
  const theirs = await startReceiver(t)
  for (let n = 0; n < 10; n++) await subscribe(user, receiver, 'message.created')
  await subscribe(stranger, theirs, 'message.created')
  const agent = await user.newAgent()
  const run = await newInstance(agent, { content: 'first' })
  const messages = Array.from({ length: 12 }, (_, n) => ({
    ...{ id: randomUUID(), agent_instance_id: run, content: `${n} ${'x'.repeat(60_000)}` },
  }))
  t.equal((await agent('POST', '/messages/agent/batch', { messages })).status, 200)
  await newInstance(await stranger.newAgent(), { content: 'theirs' })
  await theirs.until(1)
  await receiver.until(130)
  // Eleven megabytes, of which two go at once and then four a second.
  t.ok((times.at(-1) ?? 0) - (times[0] ?? 0) > 1_000)
})

t.test('an event that cannot be stored is left out, and what comes after it is told', async (t) => {
  const service = await startQuickService(t, { reconcileInterval: 50 })
  const user = await service.newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  await subscribe(user, receiver, 'message.created')
  const owner = await connectAsOwner(t, service.testDatabase)
  await owner.query(`alter table webhook_events add constraint edible check (body not like '%poison%')`)
  const run = await newInstance(agent, { content: 'first' })
  const batch = ['before', 'poison', 'after'].map((content) => ({ id: randomUUID(), agent_instance_id: run, content }))
  await agent('POST', '/messages/agent/batch', { messages: batch })
  await agent('POST', '/messages/agent', { agent_instance_id: run, content: 'last' })
  const received = await receiver.until(4)
  t.strictSame(
    received.map(({ body }) => body.data.message.content),
    ['first', 'before', 'after', 'last'],
  )
  const lines = service.logged.filter((line) => line.includes('not told of an event'))
  t.equal(lines.length, 1)
  t.match(JSON.parse(lines[0] ?? ''), { userId: user.id, revision: Number })
  t.notOk(service.logged.some((line) => line.includes('poison,')))
})

t.test('an event that takes longer than a statement may is left out, and what comes after it is told', async (t) => {
  const service = await startQuickService(t, { reconcileInterval: 50 })
  const late = new pg.Client({ connectionString: service.testDatabase.serviceUrl, query_timeout: 20 })
  await late.connect()
  const timeout = await runPipeline(late, [{ sql: 'select pg_sleep(60)', parameters: [] }]).catch((error) => error)
  await late.end()
  t.match(timeout, { name: 'DatabaseUnavailableError' })
  const user = await service.newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  await subscribe(user, receiver, 'instance.created')
  const { agentInstances } = service.services
  const list = agentInstances.listByIds.bind(agentInstances)
  const slow = randomUUID()
  agentInstances.listByIds = async (tenant, ids) => {
    if (ids.includes(slow)) throw timeout
    return list(tenant, ids)
  }
  const [first, last] = [randomUUID(), randomUUID()]
  for (const agent_instance_id of [first, slow, last]) await newInstance(agent, { agent_instance_id })
  const received = await receiver.until(2)
  t.strictSame(received.map(({ body }) => body.data.agent_instance_id).sort(), [first, last].sort())
  t.ok(service.logged.some((line) => line.includes('not told of an event')))
})

t.test('the oldest events make room, and the webhook says so', async (t) => {
  const service = await startQuickService(t, { concurrency: 0, storedLimit: 100_000 })
  const user = await service.newUser()
  const agent = await user.newAgent()
  const webhook = await subscribe(user, NOWHERE, 'message.created')
  const run = await newInstance(agent)
  for (let n = 0; n < 20; n++) {
    await agent('POST', '/messages/agent', { agent_instance_id: run, content: String(n).padEnd(10_000) })
  }
  // Read one after the other, while more may be dropped: in the end nothing has gone without being counted.
  const { shown, kept } = await eventually(async () => {
    const { body: shown } = await user.call('GET', `/webhooks/${webhook.id}`)
    const { body: kept } = await user.call('GET', `/webhooks/${webhook.id}/deliveries`)
    return shown.dropped_count >= 11 && kept.length + shown.dropped_count === 21 && { shown, kept }
  })
  t.type(shown.dropped_at, 'string')
  t.ok(kept.length >= 7)
  const owner = await connectAsOwner(t, service.testDatabase)
  const { rows } = await owner.query('select body from webhook_events order by id desc limit 1')
  t.match(JSON.parse(rows[0].body).data.message.content, /^19/, 'the latest stays')
})

t.test('when the first of a lane made room, the next one goes out', async (t) => {
  const service = await startQuickService(t, { storedLimit: 50_000, retryDelays: [] })
  const user = await service.newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  receiver.answer((_received, response, count) => {
    if (count > 1) response.end()
  })
  await subscribe(user, receiver, 'message.created')
  const run = await newInstance(agent)
  await receiver.until(1)
  for (let n = 0; n < 12; n++) {
    await agent('POST', '/messages/agent', { agent_instance_id: run, content: String(n).padEnd(8_000) })
  }
  await eventually(async () => receiver.received.some(({ body }) => body.data.message.content.startsWith('11 ')))
})

t.test('a deleted webhook takes along what nobody else is to be told', async (t) => {
  const service = await startQuickService(t, { concurrency: 0 })
  const user = await service.newUser()
  const agent = await user.newAgent()
  const [one, other] = [
    await subscribe(user, NOWHERE, 'message.created'),
    await subscribe(user, NOWHERE, 'message.created', 'instance.created'),
  ]
  await newInstance(agent)
  const owner = await connectAsOwner(t, service.testDatabase)
  const types = async () =>
    (await owner.query('select type from webhook_events order by type')).rows.map(({ type }) => type)
  await eventually(async () => (await types()).length === 2)
  await user.call('DELETE', `/webhooks/${other.id}`)
  t.strictSame(await types(), ['message.created'])
  await user.call('DELETE', `/webhooks/${one.id}`)
  t.strictSame(await types(), [])
})

t.test('a message is told of once as each type, whatever its revisions say', async (t) => {
  const service = await startQuickService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  await subscribe(user, receiver, 'message.created', 'question.asked')
  const run = await newInstance(agent, { content: 'well?', requires_user_input: true })
  await receiver.until(2)
  const owner = await connectAsOwner(t, service.testDatabase)
  await owner.query(
    `with ticked as (update account_clocks set revision = revision + 1 where user_id = $1 returning revision)
     update messages set revision = ticked.revision from ticked where user_id = $1`,
    [user.id],
  )
  await agent('POST', '/messages/agent', { agent_instance_id: run, content: 'a step' })
  const received = await receiver.until(3)
  t.strictSame(
    received.map(({ body }) => [body.type, body.data.message.content]),
    [
      ['message.created', 'well?'],
      ['question.asked', 'well?'],
      ['message.created', 'a step'],
    ],
  )
})
