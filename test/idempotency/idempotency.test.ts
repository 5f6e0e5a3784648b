import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { requestHash } from '../../src/idempotency/answer.js'
import { type Answer, type Call, JWT_SECRET, startOn, startService, type TestService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { connectAsOwner } from '../helpers/owner.js'

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } })

t.test('a request that is sent again is done once and answered the same', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const agent_instance_id = randomUUID()
  const step = { agent_instance_id, agent_type: 'x', content: 'once' }
  const requests: [name: string, call: Call, path: string, body: object, status: number][] = [
    ['a step', agent, '/messages/agent', step, 200],
    ['a reported message', agent, '/messages/user', { agent_instance_id, content: 'typed' }, 200],
    ['a registration', agent, '/agent-instances', { agent_type: 'x' }, 201],
    ["a person's message", user.call, `/agent-instances/${agent_instance_id}/messages`, { content: 'hello' }, 200],
    ['a key', user.call, '/auth/api-keys', { name: 'k' }, 200],
    ['a key for a command line', user.call, '/auth/cli-key', {}, 200],
    ['a user agent', user.call, '/user-agents', { name: 'made once' }, 200],
  ]
  for (const [name, call, path, body, status] of requests) {
    const key = randomUUID()
    const first = await call('POST', path, body, withKey(key))
    t.match(first, { status, headers: { 'idempotency-replayed': undefined } }, name)
    const again = await call('POST', path, body, withKey(key))
    t.match(again, { status, headers: { 'idempotency-replayed': 'true' } }, `${name}, again`)
    t.equal(again.raw.body, first.raw.body, `${name}: the answers are equal to the letter`)
    const other = await call('POST', path, { ...body, extra: 1 }, withKey(key))
    t.match(other, { status: 422, body: { code: 'idempotency_key_reused' } }, `${name}: the key is taken`)
  }
  const chat = await user.call('GET', `/agent-instances/${agent_instance_id}`)
  t.equal(chat.body.messages.length, 3)
})

t.test("the order of fields does not make another request, and a key is the tenant's own", async (t) => {
  const { newUser } = await startService(t)
  const [one, two] = [await newUser(), await newUser()]
  const key = randomUUID()
  const first = await one.call('POST', '/user-agents', { name: 'same', is_active: true }, withKey(key))
  const again = await one.call('POST', '/user-agents', { is_active: true, name: 'same' }, withKey(key))
  t.equal(again.body.id, first.body.id)
  const other = await two.call('POST', '/user-agents', { name: 'same', is_active: true }, withKey(key))
  t.match(other, { status: 200, headers: { 'idempotency-replayed': undefined } })
  t.not(other.body.id, first.body.id)
})

t.test('50 equal requests that race, over two replicas, have one effect and one answer', async (t) => {
  const one = await startService(t)
  const two = await startOn(t, one.testDatabase)
  const user = await one.newUser()
  const token = await user.newKey()
  const body = { agent_instance_id: randomUUID(), agent_type: 'racer', content: 'once' }
  const send = async (service: TestService): Promise<Answer> => {
    const answer = await service.request('POST', '/api/v1/messages/agent', { token, body, ...withKey('the-same-key') })
    // On a machine that is slow at the moment, the first one takes longer than the others wait.
    return answer.body.code === 'idempotency_in_progress' ? send(service) : answer
  }
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => send(i % 2 ? one : two)))
  t.strictSame([...new Set(answers.map(({ status }) => status))], [200])
  t.equal(new Set(answers.map(({ raw }) => raw.body)).size, 1)
  t.equal(answers.filter(({ headers }) => !headers['idempotency-replayed']).length, 1)
  const chat = await user.call('GET', `/agent-instances/${body.agent_instance_id}`)
  t.equal(chat.body.messages.length, 1)
})

t.test('a request that failed leaves nothing behind and may be sent again', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const agent = await user.newAgent()
  const agent_instance_id = randomUUID()
  const body = { agent_instance_id, content: 'no such run' }
  const failed = await agent('POST', '/messages/user', body, withKey('k'))
  t.match(failed, { status: 400, body: { code: 'instance_not_found' } })
  await agent('POST', '/agent-instances', { agent_instance_id, agent_type: 'x' })
  t.equal((await agent('POST', '/messages/user', body, withKey('k'))).status, 200)
})

t.test('a key that cannot be one is refused', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  for (const key of ['', 'with space', 'x'.repeat(256), 'ä']) {
    const answer = await user.call('POST', '/user-agents', { name: 'x' }, withKey(key))
    t.match(answer, { status: 400, body: { errors: [{ path: 'headers.idempotency-key' }] } }, JSON.stringify(key))
  }
})

t.test('what is kept of a minted key and its request can be read by nobody', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const minted = await user.call('POST', '/auth/api-keys', { name: 'k' }, withKey('my-idempotency-key'))
  const owner = await connectAsOwner(t, testDatabase)
  const { rows } = await owner.query(`select *, encode(answer, 'escape') as readable from idempotency_keys`)
  t.equal(rows.length, 1)
  const kept = JSON.stringify(rows)
  t.notOk(kept.includes(minted.body.api_key) || kept.includes(minted.body.api_key.slice(0, 12)), 'no key')
  t.notOk(kept.includes('my-idempotency-key'), 'no Idempotency-Key')
})

t.test('what a short request said cannot be found by trying, with the database at hand', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const [path, body] = [`/agent-instances/${(await startChat(user)).id}/messages`, { content: 'yes' }]
  await user.call('POST', path, body, withKey('guess'))
  const owner = await connectAsOwner(t, testDatabase)
  const { rows } = await owner.query<{ request_hash: string }>('select request_hash from idempotency_keys')
  const request = ['POST', `/api/v1${path}`, body] as const
  t.equal(rows[0]?.request_hash, requestHash(JWT_SECRET, ...request))
  t.not(rows[0]?.request_hash, requestHash('the secret of another service', ...request))
})

t.test('while the first request is under way, the second one waits a little and is told', async (t) => {
  const { newUser, testDatabase } = await startService(t)
  const user = await newUser()
  const owner = await connectAsOwner(t, testDatabase)
  await owner.query('begin')
  await owner.query('select from users where id = $1 for no key update', [user.id])
  const first = user.call('POST', '/auth/api-keys', { name: 'k' }, withKey('k'))
  await sleep(300)
  const second = await user.call('POST', '/auth/api-keys', { name: 'k' }, withKey('k'))
  t.match(second, { status: 409, body: { code: 'idempotency_in_progress' }, headers: { 'retry-after': '2' } })
  await owner.query('commit')
  const done: Answer = await first
  t.equal(done.status, 200)
  const third = await user.call('POST', '/auth/api-keys', { name: 'k' }, withKey('k'))
  t.equal(third.body.api_key, done.body.api_key)
})

t.test('after 24 hours a key is new again, and what has expired is swept', async (t) => {
  const { newUser, testDatabase, app, database } = await startService(t)
  const user = await newUser()
  const owner = await connectAsOwner(t, testDatabase)
  const post = () => user.call('POST', '/auth/api-keys', { name: 'k' }, withKey('k'))
  const age = () => owner.query(`update idempotency_keys set created_at = now() - interval '24 hours 1 second'`)
  const first = await post()
  await age()
  const second = await post()
  t.not(second.body.api_key, first.body.api_key)
  t.equal((await post()).body.api_key, second.body.api_key)

  await user.call('POST', '/auth/api-keys', { name: 'young' }, withKey('young'))
  await owner.query(`update idempotency_keys set created_at = now() - interval '25 hours' where created_at =
    (select min(created_at) from idempotency_keys)`)
  const { sweep } = await import('../../src/idempotency/queries.js')
  await sweep(database)
  t.equal((await owner.query('select from idempotency_keys')).rowCount, 1)
  t.ok(app)
})
