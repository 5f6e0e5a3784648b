import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import type { Steps } from '../../db/step.js'
import { appendMessages } from '../../src/modules/account-log/append.js'
import { lockChat } from '../../src/modules/account-log/chats.js'
import { createInstance } from '../../src/modules/account-log/creation.js'
import { startOn, startService } from '../helpers/app.js'
import { chatOf, contents, newStep, startChat } from '../helpers/chat.js'
import { superuser } from '../helpers/superuser.js'

/** Two processes of the service on one database. */
async function twoProcesses(t: Test) {
  const service = await startService(t)
  return { service, other: await startOn(t, service.testDatabase) }
}

const numbers = (length: number) => Array.from({ length }, (_, i) => i)

t.test('200 posts at once by several agents get seqs without gaps, and ids of their own', async (t) => {
  const { service, other } = await twoProcesses(t)
  const user = await service.newUser()
  const id = randomUUID()
  const keys = await Promise.all(numbers(4).map(() => user.newKey()))
  const call = (i: number) => {
    const { request } = i % 2 ? service : other
    const body = { agent_instance_id: id, agent_type: 'x', content: `step ${i}` }
    return request('POST', '/api/v1/messages/agent', { body, token: keys[i % 4] ?? '' })
  }
  const answers = await Promise.all(numbers(200).map(call))
  t.ok(answers.every(({ status }) => status === 200))
  t.equal(new Set(answers.map(({ body }) => body.message_id)).size, 200)

  const admin = await superuser(t, service.testDatabase)
  const { rows } = await admin.query('select seq, id, content, created_revision, created_at from messages order by seq')
  t.strictSame(
    rows.map(({ seq }) => seq),
    numbers(200).map((i) => i + 1),
  )
  t.strictSame(rows.map(({ id }) => id).sort(), answers.map(({ body }) => body.message_id).sort())
  t.equal(new Set(rows.map(({ content }) => content)).size, 200)
  const increases = (values: number[]) => values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0))
  // node-postgres gives a bigint as text.
  t.ok(increases(rows.map((row) => Number(row.created_revision))))
  t.equal(new Set(rows.map((row) => row.created_revision)).size, 200)
  t.ok(increases(rows.map((row) => row.created_at.getTime())), 'times follow the order of the chat')
  const list = await user.call('GET', '/agent-instances')
  t.match(list.body, [{ id, chat_length: 200, latest_message: rows.at(-1)?.content }])
})

t.test('50 first posts to the same new run make one run of one kind', async (t) => {
  const { service, other } = await twoProcesses(t)
  const user = await service.newUser()
  const token = await user.newKey()
  const first = (id: string, i: number) => {
    const body = { agent_instance_id: id, agent_type: i % 2 ? 'Same Kind' : 'same kind', content: `step ${i}` }
    return (i % 3 ? service : other).request('POST', '/api/v1/messages/agent', { body, token })
  }
  for (const round of numbers(2)) {
    const id = randomUUID()
    const answers = await Promise.all(numbers(50).map((i) => first(id, i)))
    t.strictSame(
      answers.filter(({ status }) => status !== 200).map(({ body }) => body),
      [],
    )
    t.match((await user.call('GET', '/agent-types')).body, [{ name: 'same kind', total_instances: round + 1 }])
    t.match((await user.call('GET', '/agent-instances')).body[0], { id, chat_length: 50 })
  }
})

t.test('a post without a kind, sent together with the one that makes the run, is stored or refused', async (t) => {
  const { service, other } = await twoProcesses(t)
  const user = await service.newUser()
  const token = await user.newKey()
  for (const _round of numbers(5)) {
    const post = (content: string, fields: object, process = service) =>
      process.request('POST', '/api/v1/messages/agent', { body: { agent_instance_id: id, content, ...fields }, token })
    const id = randomUUID()
    const answers = await Promise.all([
      ...numbers(4).map((i) => post(`a${i}`, {}, other)),
      post('first', { agent_type: 'x' }),
      ...numbers(4).map((i) => post(`b${i}`, {}, other)),
    ])
    t.ok(answers.every(({ status }) => status === 200 || status === 400))
    const { body } = await user.call('GET', `/agent-instances/${id}`)
    const stored: string[] = body.messages.map((message: { id: string }) => message.id)
    const accepted = answers.filter(({ status }) => status === 200).map((answer) => answer.body.message_id)
    t.strictSame(stored.sort(), accepted.sort())
  }
})

t.test('a message is not appended to a run that appeared after its chat was to be locked', async (t) => {
  const { database, newUser } = await startService(t)
  const tenant = database.tenant((await newUser()).id)
  const chat = { userId: tenant.userId, instanceId: randomUUID() }
  const append = () => appendMessages([newStep(chat.userId, chat.instanceId, 'step')])
  const before = await tenant.pipeline({
    found: lockChat(chat),
    created: createInstance(tenant, { id: chat.instanceId, agentType: 'x', keyId: null }),
    stored: append(),
  })
  t.strictSame([before.found, before.stored.length], [false, 0])
  t.ok(before.created)
  const after = await tenant.pipeline({ found: lockChat(chat), stored: append() })
  t.strictSame([after.found, after.stored.length], [true, 1])
  t.strictSame((await tenant.pipeline({ stored: append() })).stored, [], 'and not without the lock')
})

t.test('first posts that name different kinds agree on one', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = chatOf(user, await user.newAgent(), randomUUID())
  const answers = await Promise.all(numbers(20).map((i) => chat.post('step', { agent_type: `kind ${i % 4}` })))
  t.ok(answers.every(({ status }) => status === 200))
  t.match((await user.call('GET', '/agent-instances')).body, { length: 1, 0: { chat_length: 20 } })
})

t.test('two tenants use the same id at once without meeting', async (t) => {
  const service = await startService(t)
  const id = randomUUID()
  const users = await Promise.all(numbers(2).map(() => service.newUser()))
  const chats = await Promise.all(users.map((user) => startChat(user, id)))
  await Promise.all(
    numbers(20).flatMap((i) =>
      chats.flatMap((chat, who) => [chat.post(`step ${who}`), chat.write(`words ${who}-${i}`), chat.poll()]),
    ),
  )
  for (const [who, chat] of chats.entries()) {
    const { body } = await chat.detail()
    t.equal(body.messages.length, 41)
    t.ok(contents(body.messages).every((content) => content === 'start' || content.includes(` ${who}`)))
  }
})

t.test('a run that is deleted while everybody writes to it leaves nobody with a server error', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  const question = (await chat.post('step')).body.message_id
  const answers = await Promise.all([
    ...numbers(5).map((i) => chat.post(`step ${i}`)),
    ...numbers(5).map((i) => chat.write(`words ${i}`)),
    user.call('DELETE', `/agent-instances/${chat.id}`),
    chat.requestInput(question),
    ...numbers(5).map((i) => chat.post(`late step ${i}`)),
    chat.poll(question),
    chat.report('typed'),
  ])
  t.strictSame(
    answers.filter(({ status }) => status >= 500),
    [],
  )
  t.equal((await chat.detail()).status, 404)
})

t.test('an agent that looks while another process of it takes the queue learns that it is stale', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const chat = await startChat(user)
  await chat.write('for one')
  const tenant = service.database.tenant(user.id)
  // Between two statements of a look, the other one takes what there is.
  const pipeline = async (steps: Steps) => {
    const results: Record<string, unknown> = {}
    for (const [name, step] of Object.entries(steps)) {
      results[name] = (await tenant.pipeline({ step })).step
      await chat.poll(chat.firstId)
    }
    return results
  }
  const slow = new Proxy(tenant, {
    get: (target, name) => {
      const found: unknown = name === 'pipeline' ? pipeline : Reflect.get(target, name, target)
      return typeof found === 'function' ? found.bind(target) : found
    },
  })
  t.strictSame(
    await service.services.messages.pending(slow, chat.id, chat.firstId, {
      keyId: chat.id,
      signal: new AbortController().signal,
    }),
    {
      status: 'stale',
      messages: [],
      instance_status: 'ACTIVE',
    },
  )
})
