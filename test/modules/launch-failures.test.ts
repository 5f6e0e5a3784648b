import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Answer, startOn, startService, type TestService, type TestUser } from '../helpers/app.js'
import { serve } from '../helpers/network.js'
import { startEchoingReceiver } from '../helpers/webhook-receiver.js'

const SECRET = 'the-secret-of-the-receiver'
const PROMPT = 'Find out why the nightly build fails'
const loopback = { WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8' }

async function newLaunchable(user: TestUser, url: string): Promise<string> {
  const config = { url, api_key: SECRET, custom_headers: '{"x-team":"the-header-secret"}' }
  const agent = { name: `Agent ${randomUUID()}`, webhook_type: 'DEFAULT', webhook_config: config }
  const { status, body } = await user.call('POST', '/user-agents', agent)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.id
}

/** Launches once, expects a failure, and checks what is left of it. */
async function fails(t: Test, service: TestService, url: string, code: string, remoteStatus?: number): Promise<Answer> {
  const user = await service.newUser()
  const id = await newLaunchable(user, url)
  const answer = await user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })
  t.match(answer, { status: 424, body: { status: 424, code, title: 'Failed Dependency' } }, url)
  t.match(answer.headers['content-type'], 'application/problem+json')
  t.equal(answer.body.remote_status, remoteStatus)
  t.match(answer.body.detail, /\b(check|use|correct|enter|look at|try again|has to)\b/i, 'it says what to fix')
  for (const secret of [SECRET, 'the-header-secret', 'receiver-says-this', 'sbx_', PROMPT]) {
    t.notOk(answer.raw.body.includes(secret), `it does not repeat ${secret}`)
    t.notOk(
      service.logged.some((line) => line.includes(secret)),
      `the log does not have ${secret}`,
    )
  }
  const [run, ...rest] = (await user.call('GET', '/agent-instances')).body
  t.strictSame(rest, [])
  t.equal(run.id, answer.body.agent_instance_id)
  t.match(run, { status: 'FAILED', instance_metadata: { failure: { code, detail: answer.body.detail } } })
  t.ok(run.ended_at)
  t.equal(run.instance_metadata.failure.remote_status, remoteStatus)
  const [key] = (await user.call('GET', `/auth/api-keys?agent_instance_id=${run.id}`)).body
  t.equal(key.is_active, false, 'its key is revoked')
  return answer
}

t.test('each way to fail has a code of its own', async (t) => {
  const service = await startService(t, loopback)
  const closing = await serve(t, (request) => request.socket.destroy())
  const plain = await serve(t, (_request, response) => response.end())
  await fails(t, service, 'http://127.0.0.1:1/', 'webhook_connection_failed')
  await fails(t, service, closing, 'webhook_connection_failed')
  await fails(t, service, 'http://nobody.invalid/', 'webhook_connection_failed')
  await fails(t, service, plain.replace('http:', 'https:'), 'webhook_tls_failed')
  await fails(t, service, 'http://10.0.0.1/', 'webhook_address_refused')
  await fails(t, service, 'http://169.254.169.254/', 'webhook_address_refused')
  for (const status of [301, 400, 401, 403, 404, 409, 422, 429, 500, 503]) {
    const receiver = await startEchoingReceiver(t, () => status)
    await fails(t, service, receiver.url, 'webhook_http_error', status)
    t.equal(receiver.received.length, 1, 'there is one attempt')
  }
})

t.test('a receiver that is silent for too long', async (t) => {
  const service = await startService(t, { ...loopback, WEBHOOK_TIMEOUT_MS: 500 })
  const silent = await serve(t, () => {})
  await fails(t, service, silent, 'webhook_timeout')
})

t.test('a launch does not wait long for its turn at a host that is busy', async (t) => {
  const service = await startService(t, loopback, { outgoing: { perHost: 1, turnTimeoutMs: { launch: 200 } } })
  let release = () => {}
  const held = new Promise<void>((done) => {
    release = done
  })
  const receiver = await startEchoingReceiver(t, async () => {
    await held
    return 200
  })
  const user = await service.newUser()
  const first = user.call('POST', `/user-agents/${await newLaunchable(user, receiver.url)}/instances`, {
    prompt: PROMPT,
  })
  while (receiver.received.length === 0) await sleep(10)
  const { body } = await fails(t, service, receiver.url, 'webhook_timeout')
  t.match(body.detail, /too many calls to this host/i)
  t.equal(receiver.received.length, 1, 'nobody was called')
  release()
  t.equal((await first).status, 200)
})

t.test('loopback is refused unless it is allowed', async (t) => {
  const service = await startService(t)
  const receiver = await startEchoingReceiver(t)
  const answer = await fails(t, service, receiver.url, 'webhook_address_refused')
  t.match(answer.body.detail, 'WEBHOOK_ALLOW_NETWORKS')
  await fails(t, service, receiver.url.replace('127.0.0.1', 'localhost'), 'webhook_address_refused')
  t.equal(receiver.received.length, 0)
})

t.test('secrets that can no longer be read fail the launch before anything is made', async (t) => {
  const first = await startService(t, loopback)
  const user = await first.newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url)
  const other = await startOn(t, first.testDatabase, loopback, { secretsKeys: [Buffer.alloc(32, 7)] })
  const launched = await other.request('POST', `/api/v1/user-agents/${id}/instances`, {
    token: user.token,
    body: { prompt: PROMPT },
  })
  t.match(launched, { status: 424, body: { code: 'webhook_misconfigured', detail: /enter them again/ } })
  const shown = await other.request('GET', '/api/v1/user-agents', { token: user.token })
  t.match(shown.body, [{ has_webhook: true, webhook_config: { api_key: '********' } }], 'that there is one is shown')
  t.equal(receiver.received.length, 0)
  t.strictSame((await user.call('GET', '/agent-instances')).body, [])
  const config = { url: receiver.url, api_key: SECRET }
  const patch = { token: user.token, body: { webhook_config: config } }
  t.equal((await other.request('PATCH', `/api/v1/user-agents/${id}`, patch)).status, 200)
  const again = { token: user.token, body: { prompt: PROMPT } }
  t.equal((await other.request('POST', `/api/v1/user-agents/${id}/instances`, again)).status, 200)
})

t.test('a launch that is sent again with the same key is made once', async (t) => {
  const service = await startService(t, loopback, { poolMax: 2 })
  const user = await service.newUser()
  let release = () => {}
  const held = new Promise<void>((done) => {
    release = done
  })
  const receiver = await startEchoingReceiver(t, async () => {
    await held
    return 200
  })
  const id = await newLaunchable(user, receiver.url)
  const headers = { 'idempotency-key': randomUUID() }
  const launch = (body: object = { prompt: PROMPT }) =>
    user.call('POST', `/user-agents/${id}/instances`, body, { headers })
  const first = launch()
  while (receiver.received.length === 0) await sleep(10)

  t.match(await launch(), { status: 409, body: { code: 'idempotency_in_progress' } })
  t.match(await launch({ prompt: 'other' }), { status: 422, body: { code: 'idempotency_key_reused' } })
  const busy = await Promise.all(Array.from({ length: 4 }, () => user.call('GET', '/agent-instances')))
  for (const answer of busy) t.equal(answer.status, 200, 'no connection to the database waits for the receiver')
  release()
  const answer = await first
  t.equal(answer.status, 200)
  const again = await launch()
  t.match(again, { status: 200, body: answer.body, headers: { 'idempotency-replayed': 'true' } })
  t.equal(receiver.received.length, 1)
  t.equal((await user.call('GET', '/agent-instances')).body.length, 1)
})

t.test('a launch that failed and is sent again with the same key fails the same, without another call', async (t) => {
  const service = await startService(t, loopback)
  const user = await service.newUser()
  const receiver = await startEchoingReceiver(t, () => 500)
  const id = await newLaunchable(user, receiver.url)
  const launch = (key: string, body: object) =>
    user.call('POST', `/user-agents/${id}/instances`, body, { headers: { 'idempotency-key': key } })
  const first = await launch('first', { prompt: PROMPT })
  const again = await launch('first', { prompt: PROMPT })
  t.equal(first.status, 424)
  t.match(again, { status: 424, body: first.body, headers: { 'idempotency-replayed': 'true' } })
  t.match(again.headers['content-type'], 'application/problem+json')
  t.equal(receiver.received.length, 1)

  await user.call('PATCH', `/user-agents/${id}`, { is_active: false })
  t.equal((await launch('second', { prompt: PROMPT })).status, 409)
  await user.call('PATCH', `/user-agents/${id}`, { is_active: true })
  t.equal(
    (await launch('second', { prompt: PROMPT })).status,
    424,
    'what was refused before the call can be sent again',
  )
  t.equal(receiver.received.length, 2)
})

t.test('a launch that was cut off is not made again: its key says that nobody knows', async (t) => {
  const service = await startService(t, loopback)
  const user = await service.newUser()
  const receiver = await startEchoingReceiver(t)
  const id = await newLaunchable(user, receiver.url)
  const launch = () =>
    user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT }, { headers: { 'idempotency-key': 'cut' } })
  await launch()
  const age = (minutes: number) =>
    service.database
      .tenant(user.id)
      .updateTable('idempotency_keys')
      .set({ answer: null, created_at: new Date(Date.now() - minutes * 60_000) })
      .where('user_id', '=', user.id)
      .execute()
  await age(1)
  t.match(await launch(), { status: 409, body: { code: 'idempotency_in_progress' } })
  await age(5)
  t.match(await launch(), { status: 409, body: { code: 'idempotency_answer_lost' } })
  t.equal(receiver.received.length, 1)
})

t.test('a run whose agent has completed it is not marked as failed, whatever the receiver answers then', async (t) => {
  const service = await startService(t, loopback)
  const user = await service.newUser()
  const receiver = await startEchoingReceiver(t, async () => {
    const [{ id }] = (await user.call('GET', '/agent-instances')).body
    await user.call('PUT', `/agent-instances/${id}/status`, { status: 'COMPLETED' })
    return 500
  })
  const launch = await user.call('POST', `/user-agents/${await newLaunchable(user, receiver.url)}/instances`, {
    prompt: PROMPT,
  })
  t.match(launch, { status: 424, body: { code: 'webhook_http_error' } })
  const [run] = (await user.call('GET', '/agent-instances')).body
  t.match(run, { status: 'COMPLETED', instance_metadata: { failure: { code: 'webhook_http_error' } } })
})

t.test('a service that stops does not wait for receivers: their launches are marked as failed', async (t) => {
  const service = await startService(t, loopback)
  const user = await service.newUser()
  const receiver = await startEchoingReceiver(t, () => new Promise(() => {}))
  const id = await newLaunchable(user, receiver.url)
  const launch = user.call('POST', `/user-agents/${id}/instances`, { prompt: PROMPT })
  while (receiver.received.length === 0) await sleep(10)
  const since = performance.now()
  const [answer] = await Promise.all([launch, service.app.close()])
  t.match(answer, { status: 424, body: { code: 'webhook_connection_failed', detail: /restarting/ } })
  t.ok(performance.now() - since < 15_000)
  const run = await service.database
    .tenant(user.id)
    .selectFrom('agent_instances')
    .select('status')
    .where('user_id', '=', user.id)
    .executeTakeFirst()
  t.equal(run?.status, 'FAILED')
})
