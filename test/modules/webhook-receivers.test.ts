import t from 'tap'
import { SecretCipher } from '../../src/secrets/cipher.js'
import { SECRETS_KEY, startOn, startService } from '../helpers/app.js'
import { serve } from '../helpers/network.js'
import { connectAsOwner } from '../helpers/owner.js'
import { superuser } from '../helpers/superuser.js'
import { eventually } from '../helpers/wait-timeout.js'
import { type Answering, ok, startReceiver } from '../helpers/webhook-receiver.js'
import { ALLOW_LOOPBACK, finished, insertDue, QUICK, startQuickService, subscribe } from '../helpers/webhooks.js'

/** Receivers that make trouble, with what the log says of them. */
const troublemakers: Record<string, [answering: Answering, attempt: Record<string, unknown>]> = {
  'hangs up': [(_received, response) => response.destroy(), { response_status: null, error: /connection/ }],
  'never answers': [() => {}, { response_status: null, error: /in time/ }],
  'says where to go instead': [
    (_received, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    { response_status: 307, error: null },
  ],
  'announces more than it sends': [
    (_received, response) => {
      response.writeHead(500, { 'content-length': '1000000' })
      response.write('a beginning', () => response.destroy())
    },
    { response_status: 500, response_excerpt: 'a beginning' },
  ],
  'sends a flood': [
    (_received, response) => response.writeHead(500).end('x'.repeat(1_000_000)),
    { response_status: 500, response_excerpt: 'x'.repeat(1_000) },
  ],
  'sends what is no text': [
    (_received, response) => response.writeHead(500).end(Buffer.from([0, 255, 254, 0])),
    { response_status: 500, response_excerpt: String },
  ],
  'answers what is no HTTP': [
    (_received, response) => response.socket?.end('hello\r\n\r\n'),
    { response_status: null, error: String },
  ],
}

t.test('whatever a receiver does, the delivery fails with a reason, and the service goes on', async (t) => {
  const { newUser } = await startQuickService(t, { retryDelays: [] }, { WEBHOOK_TIMEOUT_MS: 3_000 })
  const user = await newUser()
  for (const [name, [answering, attempt]] of Object.entries(troublemakers)) {
    const receiver = await startReceiver(t)
    receiver.answer(answering)
    const webhook = await subscribe(user, receiver, 'ping')
    await user.call('POST', `/webhooks/${webhook.id}/test`)
    const delivery = await finished(user, webhook.id)
    t.match(delivery, { status: 'failed', attempt_count: 1, attempts: [attempt] }, name)
    t.equal(receiver.received.length, 1, `${name}: it was called once`)
  }
  const nobody = await subscribe(user, { url: 'http://127.0.0.1:1/' }, 'ping')
  await user.call('POST', `/webhooks/${nobody.id}/test`)
  t.match(await finished(user, nobody.id), { status: 'failed', attempts: [{ response_status: null, error: String }] })
})

t.test('a receiver that hangs holds up no other, also not of another account', async (t) => {
  const { newUser } = await startQuickService(t, { perAccount: 3, concurrency: 6 })
  const [slow, quick] = [await newUser(), await newUser()]
  const hanging = await startReceiver(t)
  hanging.answer(() => {})
  const hook = await subscribe(slow, hanging, 'ping')
  for (let index = 0; index < 10; index++) await slow.call('POST', `/webhooks/${hook.id}/test`)
  await hanging.until(3)
  const receiver = await startReceiver(t)
  const webhook = await subscribe(quick, receiver, 'ping')
  await quick.call('POST', `/webhooks/${webhook.id}/test`)
  t.match(await finished(quick, webhook.id), { status: 'succeeded' })
  t.equal(hanging.received.length, 3, 'an account has its share and no more')
})

t.test(
  'whoever has many deliveries for a receiver that hangs holds up no other, and they wait untouched',
  async (t) => {
    const changes = { perAccount: 3, concurrency: 12, retryDelays: [] }
    const service = await startQuickService(t, changes, { WEBHOOK_TIMEOUT_MS: 45_000 })
    const owner = await connectAsOwner(t, service.testDatabase)
    const hanging = await startReceiver(t)
    hanging.answer(() => {})
    for (let n = 0; n < 3; n++) {
      const slow = await service.newUser()
      await insertDue(owner, slow, (await subscribe(slow, hanging, 'ping')).id, 400)
    }
    await hanging.until(9)
    const quick = await service.newUser()
    const receiver = await startReceiver(t)
    const webhook = await subscribe(quick, receiver, 'ping')
    await quick.call('POST', `/webhooks/${webhook.id}/test`)
    t.match(await finished(quick, webhook.id), { status: 'succeeded' })
    const untouched = await eventually(async () => {
      const { rows } = await owner.query<{ count: number }>(
        `select count(*)::int from signalbox_queue.job where state = 'created' and start_after < now() - interval '30 minutes'`,
      )
      return rows[0]?.count === 1200 - hanging.received.length && rows[0].count
    })
    t.ok(untouched > 0, 'those that are not under way were not taken and put back')
  },
)

t.test('what waits for room in the share of its account goes on when there is some', async (t) => {
  const service = await startQuickService(t, { perAccount: 3, pollInterval: 600_000 })
  const user = await service.newUser()
  const receiver = await startReceiver(t)
  const webhook = await subscribe(user, receiver, 'ping')
  await insertDue(await connectAsOwner(t, service.testDatabase), user, webhook.id, 40)
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  await receiver.until(41)
  t.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 41)
})

t.test('a dozen receivers of an account that hang do not hold up its others', async (t) => {
  // All of them are on one host here.
  const changes = { outgoing: { perAccount: 100 }, webhooks: { drainTimeoutMs: 100, pollInterval: 50 } }
  const user = await (await startService(t, ALLOW_LOOPBACK, changes)).newUser()
  const hanging = await startReceiver(t)
  hanging.answer(() => {})
  const hook = await subscribe(user, hanging, 'ping')
  for (let index = 0; index < 12; index++) await user.call('POST', `/webhooks/${hook.id}/test`)
  await hanging.until(12)
  const receiver = await startReceiver(t)
  const webhook = await subscribe(user, receiver, 'ping')
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  t.match(await finished(user, webhook.id), { status: 'succeeded' })
})

t.test('a delivery that waits for its turn at a busy host is no failed attempt', async (t) => {
  const changes = { retryDelays: [], pollInterval: 50 }
  const config = { ...ALLOW_LOOPBACK, WEBHOOK_TIMEOUT_MS: 2_500 }
  const outgoing = { perAccount: 1, turnTimeoutMs: { delivery: 100 } }
  const user = await (await startService(t, config, { outgoing, webhooks: changes })).newUser()
  const receiver = await startReceiver(t)
  receiver.answer((received, response, count) => setTimeout(() => ok(received, response, count), 800))
  const webhook = await subscribe(user, receiver, 'ping')
  for (let index = 0; index < 5; index++) await user.call('POST', `/webhooks/${webhook.id}/test`)
  for (let index = 0; index < 5; index++) {
    const { status, attempts } = await finished(user, webhook.id, index)
    t.match({ status, attempts }, { status: 'succeeded', attempts: [{ response_status: 200 }] })
    t.equal(attempts.length, 1)
    t.ok(attempts[0].duration_ms < 2_500, 'only the call itself is measured')
  }
  t.equal(receiver.received.length, 5)
})

t.test('an address that is refused is not called, and the log says why', async (t) => {
  const { newUser, database } = await startQuickService(t, { retryDelays: [] })
  const user = await newUser()
  const webhook = await subscribe(user, { url: 'http://127.0.0.1:1/' }, 'ping')
  // As if the name had led somewhere else when it was subscribed.
  const context = { table: 'webhooks', column: 'url', userId: user.id, id: webhook.id }
  const url = new SecretCipher([SECRETS_KEY]).seal('http://10.0.0.1/', context)
  await database.tenant(user.id).updateTable('webhooks').set({ url }).execute()
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  t.match(await finished(user, webhook.id), { status: 'failed', attempts: [{ error: /may not be called/ }] })
})

t.test('a secret that cannot be read makes the delivery fail, and the log says so', async (t) => {
  const { newUser, database } = await startQuickService(t, { retryDelays: [] })
  const user = await newUser()
  const receiver = await startReceiver(t)
  const webhook = await subscribe(user, receiver, 'ping')
  await database.tenant(user.id).updateTable('webhooks').set({ secret: 'v1.00000000.x' }).execute()
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  t.match(await finished(user, webhook.id), { status: 'failed', attempts: [{ error: /cannot be read/ }] })
  t.strictSame(receiver.received, [])
  t.match(await user.call('POST', `/webhooks/${webhook.id}/rotate-secret`), {
    status: 200,
    body: { previous_secret_expires_at: null },
  })
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  t.match(await finished(user, webhook.id), { status: 'succeeded' })
})

t.test('a service that stops cuts off what hangs, and leaves it to the next one', async (t) => {
  const service = await startQuickService(t, { drainTimeoutMs: 100 })
  const user = await service.newUser()
  let hangs = true
  const calls: string[] = []
  const url = await serve(t, (request, response) => {
    calls.push(String(request.headers['webhook-id']))
    if (!hangs) response.end()
  })
  const webhook = await subscribe(user, { url }, 'ping')
  const { body: ping } = await user.call('POST', `/webhooks/${webhook.id}/test`)
  while (calls.length === 0) await new Promise(setImmediate)
  await service.app.close()
  hangs = false
  const owner = await connectAsOwner(t, service.testDatabase)
  const { rows } = await owner.query('select state, data from signalbox_queue.job')
  t.strictSame(rows, [{ state: 'created', data: { user_id: user.id, delivery_id: ping.id } }])
  const left = await owner.query('select status, attempt_count from webhook_deliveries')
  t.strictSame(left.rows, [{ status: 'pending', attempt_count: 0 }], 'it does not count')
})

t.test('what a live process has under way is left to it, and taken over when it is gone', async (t) => {
  const quick = { ...QUICK, drainTimeoutMs: 0 }
  const service = await startQuickService(t, quick)
  const user = await service.newUser()
  const receiver = await startReceiver(t)
  receiver.answer(() => {})
  const webhook = await subscribe(user, receiver, 'ping')
  const { body: ping } = await user.call('POST', `/webhooks/${webhook.id}/test`)
  await receiver.until(1)
  const other = await startOn(t, service.testDatabase, ALLOW_LOOPBACK, { webhooks: quick })
  const owner = await connectAsOwner(t, service.testDatabase)
  const looks = async () =>
    Number(
      (await owner.query('select xact_commit as n from pg_stat_database where datname = current_database()')).rows[0].n,
    )
  const before = await looks()
  await eventually(async () => (await looks()) > before + 40)
  t.equal(receiver.received.length, 1, 'the other one has looked for jobs many times')

  receiver.answer(ok)
  // As when a process is killed: its connections end, and nobody puts anything back.
  const { rows } = await owner.query(`select worker from signalbox_queue.job where state = 'active'`)
  t.type(rows[0].worker, 'number')
  const server = await superuser(t, service.testDatabase)
  await server.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = $1`, [
    rows[0].worker,
  ])
  const [first, second] = await receiver.until(2)
  t.equal(first?.headers['webhook-id'], ping.id)
  t.equal(second?.headers['webhook-id'], ping.id)
  t.match(await finished(user, webhook.id), { status: 'succeeded' })
  t.equal(receiver.received.length, 2)
  t.match(await other.request('GET', '/ready'), { status: 200 })
})

t.test('two processes share the work, and make each delivery once', async (t) => {
  const service = await startQuickService(t)
  await startOn(t, service.testDatabase, { WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8' })
  const user = await service.newUser()
  const receiver = await startReceiver(t)
  receiver.answer((received, response, count) => setTimeout(() => ok(received, response, count), 20))
  const webhook = await subscribe(user, receiver, 'ping')
  for (let index = 0; index < 40; index++) await user.call('POST', `/webhooks/${webhook.id}/test`)
  const received = await receiver.until(40)
  await finished(user, webhook.id, 39)
  t.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 40)
  t.equal(received.length, 40)
})
