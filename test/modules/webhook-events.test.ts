import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startOn } from '../helpers/app.js'
import { newInstance, registerInstance } from '../helpers/instances.js'
import { connectAsOwner } from '../helpers/owner.js'
import { startReceiver, status } from '../helpers/webhook-receiver.js'
import { ALLOW_LOOPBACK, startQuickService, subscribe } from '../helpers/webhooks.js'

const ALL = ['instance.created', 'message.created', 'question.asked', 'instance.status_changed', 'instance.ended']

t.test('what happens in a run is told in order, without waiting for anybody to look for it', async (t) => {
  const never = 2 ** 30
  const { newUser } = await startQuickService(t, { reconcileInterval: never, pollInterval: never })
  const user = await newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  await subscribe(user, receiver, ...ALL)
  const run = await newInstance(agent, { content: 'a step' })
  const question = await agent('POST', '/messages/agent', {
    agent_instance_id: run,
    content: 'well?',
    requires_user_input: true,
    message_metadata: { a: 1 },
  })
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'yes' })
  await agent('POST', '/sessions/end', { agent_instance_id: run })
  const received = await receiver.until(9)
  t.strictSame(
    received.map(({ body }) => [body.type, body.data.message?.content ?? body.data.status]),
    [
      ['instance.created', undefined],
      ['message.created', 'a step'],
      ['instance.status_changed', 'AWAITING_INPUT'],
      ['message.created', 'well?'],
      ['question.asked', 'well?'],
      ['instance.status_changed', 'ACTIVE'],
      ['message.created', 'yes'],
      ['instance.status_changed', 'COMPLETED'],
      ['instance.ended', 'COMPLETED'],
    ],
  )
  t.ok(received.every(({ body }) => body.data.agent_instance_id === run))
  t.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 9)

  const shown = await user.call('GET', `/agent-instances/${run}`)
  const asked = received.find(({ body }) => body.type === 'question.asked')?.body
  t.strictSame(
    asked.data.message,
    shown.body.messages.find(({ id }: { id: string }) => id === question.body.message_id),
    'a message as the API shows it',
  )
  t.equal(asked.timestamp, asked.data.message.created_at)
  const ended = received.find(({ body }) => body.type === 'instance.ended')?.body
  const [listed] = (await user.call('GET', '/agent-instances')).body
  t.strictSame(ended.data.instance, listed, 'a run as the API lists it')
})

t.test(
  'a webhook is told of what it has subscribed to, from then on; a person is told apart from a step',
  async (t) => {
    const { newUser } = await startQuickService(t)
    const user = await newUser()
    const agent = await user.newAgent()
    const run = await newInstance(agent, { content: 'before', requires_user_input: true })
    const receiver = await startReceiver(t)
    await subscribe(user, receiver, 'question.asked')
    const step = await agent('POST', '/messages/agent', { agent_instance_id: run, content: 'a step' })
    await agent('PATCH', `/messages/${step.body.message_id}/request-input`)
    await user.call('POST', `/agent-instances/${run}/messages`, { content: 'an answer' })
    await agent('POST', '/messages/agent', { agent_instance_id: run, content: 'another?', requires_user_input: true })
    const received = await receiver.until(2)
    t.strictSame(
      received.map(({ body }) => [body.type, body.data.message.content, body.data.message.requires_user_input]),
      [
        ['question.asked', 'a step', true],
        ['question.asked', 'another?', true],
      ],
    )
  },
)

t.test('nobody hears of another account, nor of what happened while a webhook was disabled', async (t) => {
  const { newUser } = await startQuickService(t)
  const [mine, theirs] = [await newUser(), await newUser()]
  const [agent, stranger] = [await mine.newAgent(), await theirs.newAgent()]
  const receiver = await startReceiver(t)
  const webhook = await subscribe(mine, receiver, 'message.created')
  await newInstance(stranger, { content: 'theirs' })
  await mine.call('PATCH', `/webhooks/${webhook.id}`, { is_active: false })
  await newInstance(agent, { content: 'while it was paused' })
  await mine.call('PATCH', `/webhooks/${webhook.id}`, { is_active: true })
  await newInstance(agent, { content: 'afterwards' })
  const received = await receiver.until(1)
  t.strictSame(
    received.map(({ body }) => body.data.message.content),
    ['afterwards'],
  )
})

t.test('the deletion of a run is told, and what happened in it before is delivered all the same', async (t) => {
  const { newUser } = await startQuickService(t, { retryDelays: [300] })
  const user = await newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  receiver.answer((received, response, count) => status(count === 1 ? 500 : 200)(received, response, count))
  await subscribe(user, receiver, 'message.created', 'instance.status_changed')
  const run = await newInstance(agent, { content: 'the last words' })
  await receiver.until(1)
  const types = await user.call('GET', '/agent-types')
  await user.call('DELETE', `/user-agents/${types.body[0].id}`)
  const received = await receiver.until(3)
  const rest = received.slice(1).map(({ body }) => [body.type, body.data.message?.content ?? body.data.status])
  t.strictSame(rest.sort(), [
    ['instance.status_changed', 'DELETED'],
    ['message.created', 'the last words'],
  ])
  t.ok(received.every(({ body }) => body.data.agent_instance_id === run))
})

t.test('a run that is registered is told of', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  await subscribe(user, receiver, 'instance.created')
  const run = await registerInstance(agent, { name: 'by name' })
  const [told] = await receiver.until(1)
  t.match(told?.body.data, {
    agent_instance_id: run.agent_instance_id,
    instance: { id: run.agent_instance_id, name: 'by name', status: 'ACTIVE' },
  })
})

t.test('the events of one run stay in order with a slow receiver and two processes', async (t) => {
  const service = await startQuickService(t)
  const other = await startOn(t, service.testDatabase, ALLOW_LOOPBACK)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const key = await user.newKey()
  const receiver = await startReceiver(t)
  receiver.answer((_received, response) => setTimeout(() => response.end(), Math.random() * 20))
  await subscribe(user, receiver, 'message.created')
  const runs = [randomUUID(), randomUUID(), randomUUID()]
  const posts = 12
  await Promise.all(
    runs.map(async (agent_instance_id) => {
      for (let index = 0; index < posts; index++) {
        const body = { agent_instance_id, agent_type: 'tester', content: String(index) }
        if (index % 2 === 0) await agent('POST', '/messages/agent', body)
        else await other.request('POST', '/api/v1/messages/agent', { token: key, body })
      }
    }),
  )
  const received = await receiver.until(runs.length * posts)
  for (const run of runs) {
    const told = received.filter(({ body }) => body.data.agent_instance_id === run)
    t.strictSame(
      told.map(({ body }) => body.data.message.content),
      Array.from({ length: posts }, (_, index) => String(index)),
    )
  }
  t.equal(received.length, runs.length * posts, 'and each is told once')
})

t.test('events that no hint tells of are found by the reconcile pass', async (t) => {
  const service = await startQuickService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const run = await newInstance(agent)
  const receiver = await startReceiver(t)
  await subscribe(user, receiver, 'instance.status_changed')
  const owner = await connectAsOwner(t, service.testDatabase)
  await owner.query(
    `with ticked as (update account_clocks set revision = revision + 1 where user_id = $1 returning revision)
    insert into account_events (user_id, revision, kind, agent_instance_id, status)
    select $1, revision, 'status_changed', $2, 'PAUSED' from ticked`,
    [user.id, run],
  )
  const [told] = await receiver.until(1)
  t.match(told?.body, { type: 'instance.status_changed', data: { status: 'PAUSED', agent_instance_id: run } })
})

t.test('very long messages are cut, and say so', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  await subscribe(user, receiver, 'message.created')
  await newInstance(agent, { content: 'ä'.repeat(100_000), message_metadata: { x: 'y'.repeat(100_000) } })
  const [told] = await receiver.until(1)
  t.equal(told?.body.data.message.content.length, 65_536)
  t.equal(told?.body.data.message.message_metadata, null)
  t.equal(told?.body.data.is_truncated, true)
})

t.test('an account without webhooks leaves no trace of the dispatcher', async (t) => {
  const service = await startQuickService(t)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  const webhook = await subscribe(user, receiver, 'message.created')
  await newInstance(agent)
  await receiver.until(1)
  await user.call('DELETE', `/webhooks/${webhook.id}`)
  await newInstance(agent)
  const owner = await connectAsOwner(t, service.testDatabase)
  const left = async () => (await owner.query('select from webhook_cursors')).rowCount
  for (let attempt = 0; (await left()) !== 0 && attempt < 300; attempt++)
    await new Promise((done) => setTimeout(done, 20))
  t.equal(await left(), 0)
  t.equal(receiver.received.length, 1)
})
