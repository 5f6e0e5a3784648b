import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { newInstance } from '../helpers/instances.js'
import { connectAsOwner } from '../helpers/owner.js'
import { eventually } from '../helpers/wait-timeout.js'
import { startReceiver, status } from '../helpers/webhook-receiver.js'
import { QUICK, startQuickService, subscribe } from '../helpers/webhooks.js'

t.test('who asked a question with a webhook_url is called with the answer, once', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  const question = { requires_user_input: true, message_metadata: { webhook_url: receiver.url, other: 1 } }
  const run = await newInstance(agent, question)
  const answer = await user.call('POST', `/agent-instances/${run}/messages`, { content: 'Yes, "deploy" — bitte\n' })
  t.equal(answer.status, 200)
  const [callback] = await receiver.until(1)
  t.strictSame(callback?.body, {
    user_message: 'Yes, "deploy" — bitte\n',
    user_id: user.id,
    message_id: answer.body.id,
    agent_instance_id: run,
    timestamp: answer.body.created_at,
  })
  t.match(callback?.headers, {
    'x-omnara-webhook': 'true',
    'content-type': 'application/json',
    'webhook-id': /^[0-9a-f-]{36}$/,
  })
  t.equal(callback?.method, 'POST')

  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'one more thing' })
  await agent('POST', '/messages/agent', { agent_instance_id: run, content: 'next?', ...question })
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'the second answer' })
  const [, second, ...rest] = await receiver.until(2)
  t.equal(second?.body.user_message, 'the second answer', 'what was not asked for is not called about')
  t.strictSame(rest, [])
})

t.test('a step calls nobody; a step that was turned into a question does', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  const run = await newInstance(agent)
  const step = await agent('POST', '/messages/agent', {
    agent_instance_id: run,
    content: 'a step',
    message_metadata: { webhook_url: receiver.url },
  })
  const other = await newInstance(agent, { message_metadata: { webhook_url: receiver.url } })
  await user.call('POST', `/agent-instances/${other}/messages`, { content: 'to a step' })
  await agent('PATCH', `/messages/${step.body.message_id}/request-input`)
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'to a question' })
  const received = await receiver.until(1)
  t.strictSame(
    received.map(({ body }) => body.user_message),
    ['to a question'],
  )
})

t.test('each open question that wants a call gets one, whatever else was asked', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  const ask = (path?: string) => ({
    content: 'well?',
    requires_user_input: true,
    ...(path ? { message_metadata: { webhook_url: `${receiver.url}/${path}` } } : {}),
  })
  const run = await newInstance(agent, ask('first'))
  await agent('POST', '/messages/agent', { agent_instance_id: run, ...ask('second') })
  await agent('POST', '/messages/agent', { agent_instance_id: run, ...ask() })
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'yes' })
  await receiver.until(2)
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'and' })
  await agent('POST', '/messages/agent', { agent_instance_id: run, ...ask('third') })
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'no' })
  const received = await receiver.until(3)
  t.strictSame(received.map(({ path, body }) => [path, body.user_message]).sort(), [
    ['/hook/first', 'yes'],
    ['/hook/second', 'yes'],
    ['/hook/third', 'no'],
  ])
  t.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 3)
})

t.test('an answer that the agent reports is one, and what was written to a step is none to its question', async (t) => {
  const { newUser, services, database, request } = await startQuickService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  const message_metadata = { webhook_url: receiver.url }
  const asking = await newInstance(agent, { requires_user_input: true, message_metadata })
  const said = { agent_instance_id: asking, content: 'said in a terminal', mark_as_read: true }
  t.equal((await agent('POST', '/messages/user', said)).status, 200)
  await receiver.until(1)

  const run = await newInstance(agent)
  const step = await agent('POST', '/messages/agent', { agent_instance_id: run, content: 'a step', message_metadata })
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'to a step' })
  const place = step.body.message_id
  t.match(await agent('GET', `/messages/pending?agent_instance_id=${run}&last_read_message_id=${place}`), {
    body: { messages: [{ content: 'to a step' }] },
  })
  await agent('PATCH', `/messages/${place}/request-input`)
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'to a question' })
  const received = await receiver.until(2)
  t.strictSame(
    received.map(({ body }) => body.user_message),
    ['said in a terminal', 'to a question'],
  )

  const { api_key: token } = await services.apiKeys.create(database.tenant(user.id), {
    name: 'bound',
    expiresInDays: 1,
    instanceId: run,
  })
  const question = { agent_instance_id: run, content: 'Again?', requires_user_input: true, message_metadata }
  t.equal((await request('POST', '/api/v1/messages/agent', { token, body: question })).status, 200)
  const again = { agent_instance_id: run, content: 'said to a launched agent', mark_as_read: true }
  t.equal((await request('POST', '/api/v1/messages/user', { token, body: again })).status, 200)
  t.equal((await receiver.until(3))[2]?.body.user_message, again.content, 'a key that is bound to the run may do both')
})

t.test('the answer does not wait for the call, which is made again until it succeeds, with the same id', async (t) => {
  const { newUser } = await startQuickService(t, {}, { WEBHOOK_TIMEOUT_MS: 500 })
  const user = await newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  receiver.answer((received, response, count) => {
    if (count > 1) status(count === 2 ? 500 : 200)(received, response, count)
  })
  const run = await newInstance(agent, { requires_user_input: true, message_metadata: { webhook_url: receiver.url } })
  const answer = await user.call('POST', `/agent-instances/${run}/messages`, { content: 'yes' })
  t.equal(answer.status, 200, 'while the receiver hangs')
  const calls = await receiver.until(3)
  t.equal(new Set(calls.map(({ headers }) => headers['webhook-id'])).size, 1)
  t.equal(new Set(calls.map(({ text }) => text)).size, 1)
})

t.test('who is called with an answer may say when to come again', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const receiver = await startReceiver(t)
  const answered: number[] = []
  receiver.answer((_received, response, count) => {
    answered.push(performance.now())
    if (count === 1) response.writeHead(503, { 'retry-after': '1' }).end()
    else response.end()
  })
  const question = { requires_user_input: true, message_metadata: { webhook_url: receiver.url } }
  const run = await newInstance(await user.newAgent(), question)
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'yes' })
  await receiver.until(2)
  const [first = 0, second = 0] = answered
  t.ok(second - first >= 1_000, `${second - first} ms`)
})

t.test('addresses that may not be called are not, and what is no URL harms nobody', async (t) => {
  // Names are judged when they are called.
  const resolve = async () => ['10.0.0.1']
  const { newUser, database } = await startService(t, {}, { webhooks: QUICK, outgoing: { resolve } })
  const user = await newUser()
  const agent = await user.newAgent()
  for (const webhook_url of ['http://inside.example/', 'http://10.0.0.1/', 'nonsense', 7, null]) {
    const run = await newInstance(agent, { requires_user_input: true, message_metadata: { webhook_url } })
    t.equal((await user.call('POST', `/agent-instances/${run}/messages`, { content: 'yes' })).status, 200)
  }
  const rows = (table: 'webhook_deliveries' | 'webhook_events') =>
    database.tenant(user.id).selectFrom(table).select('id').execute()
  await eventually(async () => (await rows('webhook_deliveries')).length === 0)
  t.strictSame(await rows('webhook_events'), [], 'what is given up leaves nothing behind')
})

t.test('a link that is not called is told of, and not kept either', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  for (const [webhook_url, reason] of [
    ['', 'is not a URL'],
    ['nonsense', 'is not a URL'],
    ['ftp://files.example/', 'must start with https:// or http://'],
    ['https://user:word@n8n.example/', 'must not have a user name or a password'],
    ['http://10.0.0.1/', 'leads to an address that may not be called (private network)'],
    ['http://[::ffff:169.254.169.254]/', 'leads to an address that may not be called'],
    ['https://n8n.example/'.padEnd(2049, 'x'), 'is longer than 2048 characters'],
    [7, 'must be text'],
    [{ a: 1 }, 'must be text'],
  ] as const) {
    const item = { id: randomUUID(), agent_instance_id: randomUUID(), agent_type: 'tester', content: 'well?' }
    const { id: _, ...post } = { ...item, requires_user_input: true, message_metadata: { webhook_url } }
    const { body } = await agent('POST', '/messages/agent', post)
    const [warning] = body.warnings
    t.match(warning, /^message_metadata.webhook_url is not called\. /)
    t.ok(warning.includes(reason), `${warning} says that it ${reason}`)
    const send = () => agent('POST', '/messages/agent/batch', { messages: [{ ...post, id: item.id }] })
    t.strictSame((await send()).body.results, [{ id: item.id, status: 'created', warnings: [warning] }])
    t.strictSame((await send()).body.results, [{ id: item.id, status: 'duplicate' }], 'nothing was stored this time')
    const { body: shown } = await user.call('GET', `/agent-instances/${item.agent_instance_id}`)
    for (const message of shown.messages) t.equal(message.message_metadata, null)
  }
  const good = { agent_instance_id: randomUUID(), agent_type: 'tester', content: 'well?' }
  for (const webhook_url of [null, 'https://no-such-name.example/', 'http://127.0.0.1:9/']) {
    const { body } = await agent('POST', '/messages/agent', { ...good, message_metadata: { webhook_url } })
    t.notOk('warnings' in body, 'where nothing is wrong, nothing is said')
  }
})

t.test('nobody who reads the chat sees the link, and the database has it sealed', async (t) => {
  const service = await startQuickService(t, { concurrency: 0 })
  const user = await service.newUser()
  const agent = await user.newAgent(['agent', 'read'])
  const receiver = await startReceiver(t)
  await subscribe(user, receiver, 'message.created', 'question.asked')
  const link = 'https://n8n.example/webhook-waiting/a-capability'
  const changes: string[] = []
  service.services.events.subscribe((hint) => changes.push(JSON.stringify(hint)))
  const message_metadata = { webhook_url: link, other: 1 }
  const run = await newInstance(agent, { requires_user_input: true, message_metadata })
  await agent('POST', '/messages/agent', { agent_instance_id: run, content: 'a step', message_metadata })
  const batch = { id: randomUUID(), agent_instance_id: run, content: 'by batch', requires_user_input: true }
  await agent('POST', '/messages/agent/batch', { messages: [{ ...batch, message_metadata: { webhook_url: link } }] })
  for (const call of [user.call, agent]) {
    const { body } = await call('GET', `/agent-instances/${run}`)
    t.strictSame(
      body.messages.map((message: { message_metadata: unknown }) => message.message_metadata),
      [{ other: 1 }, { other: 1 }, null],
    )
  }
  const owner = await connectAsOwner(t, service.testDatabase)
  await eventually(async () => (await owner.query('select from webhook_events')).rowCount === 5)
  const sealed = async (table: string) => {
    const { rows } = await owner.query(`select url from ${table} where url is not null`)
    for (const { url } of rows) t.match(url, /^v1\./)
    return rows.length
  }
  t.equal(await sealed('answer_callbacks'), 3)
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'yes' })
  t.equal(await sealed('webhook_deliveries'), 2, 'the questions are called about')
  t.equal(await sealed('answer_callbacks'), 1, 'the step is not, yet')
  t.notOk(changes.join().includes('a-capability'))
  await noTableHas(t, owner, 'a-capability')
})

t.test('a question that is posted with a link is stored with it, or not at all', async (t) => {
  const service = await startQuickService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const owner = await connectAsOwner(t, service.testDatabase)
  await owner.query('alter table answer_callbacks add constraint broken check (false)')
  const post = { agent_instance_id: randomUUID(), agent_type: 'tester', content: 'well?', requires_user_input: true }
  const failed = await agent('POST', '/messages/agent', {
    ...post,
    message_metadata: { webhook_url: 'https://a.example' },
  })
  t.equal(failed.status, 500)
  t.equal((await owner.query('select from messages')).rowCount, 0)
})

t.test('whatever many flows wait for one answer, its text is stored once', async (t) => {
  const service = await startQuickService(t, { concurrency: 0 })
  const user = await service.newUser()
  const agent = await user.newAgent()
  const ask = (path: number) => ({
    requires_user_input: true,
    message_metadata: { webhook_url: `https://a.example/${path}` },
  })
  const run = await newInstance(agent, ask(0))
  for (let n = 1; n < 5; n++)
    await agent('POST', '/messages/agent', { agent_instance_id: run, content: '?', ...ask(n) })
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'x'.repeat(100_000) })
  const owner = await connectAsOwner(t, service.testDatabase)
  const { rows } = await owner.query(`
    select (select count(*)::int from webhook_deliveries) as deliveries, (select count(*)::int from webhook_events) as events`)
  t.strictSame(rows, [{ deliveries: 5, events: 1 }])
})

/** Looks through every row of every table, as text. */
async function noTableHas(t: Test, owner: pg.Client, secret: string): Promise<void> {
  const { rows } = await owner.query(
    `select oid::regclass::text as name from pg_class
     where relkind = 'r' and relnamespace in ('public'::regnamespace, 'signalbox_queue'::regnamespace)`,
  )
  for (const { name } of rows) {
    const found = await owner.query(`select from ${name} as r where position($1 in r::text) > 0`, [secret])
    t.equal(found.rowCount, 0, name)
  }
}
