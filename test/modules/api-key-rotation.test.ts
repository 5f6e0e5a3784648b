import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startOn, startService } from '../helpers/app.js'
import { until } from '../helpers/wait-timeout.js'

t.test('a rotated key has a new secret, and the old one is good for its grace period', async (t) => {
  const { newUser, request } = await startService(t)
  const user = await newUser()
  const minted = await user.call('POST', '/auth/api-keys', {
    name: 'laptop',
    expires_in_days: 30,
    scopes: ['agent', 'read'],
  })
  const rotate = (body?: object) => user.call('POST', `/auth/api-keys/${minted.body.id}/rotate`, body)
  const status = async (token: string) => (await request('GET', '/api/v1/auth/verify', { token })).status

  const graced = await rotate({ grace_period_seconds: 60 })
  t.match(graced, { status: 200, body: { id: minted.body.id, name: 'laptop', scopes: ['agent', 'read'] } })
  t.equal(graced.body.expires_at, minted.body.expires_at, 'it expires as before')
  t.not(graced.body.api_key, minted.body.api_key)
  t.strictSame([await status(minted.body.api_key), await status(graced.body.api_key)], [200, 200])

  const atOnce = await rotate()
  t.strictSame(
    [await status(minted.body.api_key), await status(graced.body.api_key), await status(atOnce.body.api_key)],
    [401, 401, 200],
    'without a grace period only the newest works, and the one before the last is gone',
  )
  const listed = await user.call('GET', '/auth/api-keys')
  t.match(listed.body, [
    { id: minted.body.id, api_key: `${atOnce.body.api_key.slice(0, 12)}********`, is_active: true },
  ])

  await user.call('DELETE', `/auth/api-keys/${minted.body.id}`)
  t.match(await rotate(), { status: 409, body: { code: 'api_key_inactive' } })
  t.equal((await rotate({ grace_period_seconds: -1 })).status, 400)
  t.equal((await rotate({ grace: 1 })).body.errors[0].path, 'body.grace')
  const stranger = await newUser()
  t.equal((await stranger.call('POST', `/auth/api-keys/${minted.body.id}/rotate`)).status, 404)
})

t.test('a grace period does not outlive the key, nor its revocation', async (t) => {
  const { newUser, request, services, database } = await startService(t)
  const user = await newUser()
  const minted = await user.call('POST', '/auth/api-keys', { name: 'k' })
  const rotated = await services.apiKeys.rotate(database.tenant(user.id), minted.body.id, 60)
  await user.call('DELETE', `/auth/api-keys/${minted.body.id}`)
  for (const token of [minted.body.api_key, rotated.api_key]) {
    t.match(await request('GET', '/api/v1/auth/verify', { token }), { status: 401, body: { code: 'invalid_api_key' } })
  }
})

t.test('a revocation holds on every replica within a second', async (t) => {
  const one = await startService(t)
  const two = await startOn(t, one.testDatabase)
  const user = await one.newUser()
  const minted = await user.call('POST', '/auth/api-keys', { name: 'k' })
  const token = minted.body.api_key
  const verify = async () => (await two.request('GET', '/api/v1/auth/verify', { token })).status
  t.equal(await verify(), 200)
  await user.call('DELETE', `/auth/api-keys/${minted.body.id}`)
  // Busy machines make a second long; what a process remembers of a key is good for half of one.
  await until('the other one to refuse it', async () => (await verify()) === 401)
})

t.test('a key that is bound to one run is good for that run and nothing else', async (t) => {
  const { newUser, request, services, database } = await startService(t)
  const user = await newUser()
  const free = await user.newAgent()
  const [mine, other] = [randomUUID(), randomUUID()]
  for (const id of [mine, other]) await free('POST', '/agent-instances', { agent_instance_id: id, agent_type: 'x' })
  const elsewhere = await free('POST', '/messages/agent', { agent_instance_id: other, content: 'not yours' })
  const bound = await services.apiKeys.create(database.tenant(user.id), {
    name: 'launch',
    expiresInDays: 1,
    instanceId: mine,
  })
  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object) =>
    request(method, `/api/v1${path}`, { token: bound.api_key, ...(body ? { body } : {}) })

  const step = await call('POST', '/messages/agent', { agent_instance_id: mine.toUpperCase(), content: 'a step' })
  t.equal(step.status, 200, 'it may post')
  t.equal((await call('GET', `/messages/pending?agent_instance_id=${mine}`)).status, 200, 'it may poll')
  t.equal((await call('PATCH', `/messages/${step.body.message_id}/request-input`)).status, 200, 'it may ask')
  t.equal((await call('POST', '/messages/user', { agent_instance_id: mine, content: 'typed' })).status, 200)
  t.equal((await call('POST', '/agent-instances', { agent_instance_id: mine, agent_type: 'x' })).status, 409)
  t.equal((await call('GET', `/agent-instances/${mine}`)).status, 200, 'it may read its run back')
  t.equal((await call('POST', `/agents/instances/${mine}/heartbeat`)).status, 200)
  t.equal((await call('PUT', `/agent-instances/${mine}/status`, { status: 'PAUSED' })).status, 200)
  t.equal((await call('POST', '/sessions/end', { agent_instance_id: mine })).status, 200, 'it may end it')

  const refused = await Promise.all([
    call('POST', '/messages/agent', { agent_instance_id: other, content: 'x' }),
    call('POST', '/messages/agent', { agent_instance_id: randomUUID(), agent_type: 'new', content: 'x' }),
    call('GET', `/messages/pending?agent_instance_id=${other}`),
    call('POST', '/messages/user', { agent_instance_id: other, content: 'x' }),
    call('POST', '/agent-instances', { agent_type: 'x' }),
    call('GET', `/agent-instances/${other}`),
    call('POST', `/agents/instances/${other}/heartbeat`),
    call('PUT', `/agent-instances/${other}/status`, { status: 'KILLED' }),
    call('POST', '/sessions/end', { agent_instance_id: other }),
    call('GET', '/auth/verify'),
  ])
  for (const answer of refused) t.match(answer, { status: 403, body: { code: 'key_bound_to_instance' } })
  const foreign = await call('PATCH', `/messages/${elsewhere.body.message_id}/request-input`)
  t.equal(foreign.status, 404, "another run's message does not exist for it")
  t.equal((await call('GET', '/agent-types')).status, 403)

  const key = { kind: 'key', userId: user.id, keyId: randomUUID(), keyPrefix: 'sbx_', secretHash: 'x' } as const
  const scoped = database.tenant(user.id, { ...key, instanceId: mine })
  t.strictSame(
    (await scoped.selectFrom('agent_instances').select('id').execute()).map(({ id }) => id),
    [mine],
    'row-level security shows it no other run',
  )
  t.equal((await scoped.selectFrom('messages').select('id').where('agent_instance_id', '=', other).execute()).length, 0)
  await user.call('DELETE', `/agent-instances/${mine}`)
  t.equal((await call('GET', `/agent-instances/${mine}`)).status, 401, 'it goes with its run')
})
