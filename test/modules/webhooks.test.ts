import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { startService } from '../helpers/app.js'
import { eventually } from '../helpers/wait-timeout.js'
import { startReceiver, status } from '../helpers/webhook-receiver.js'
import { ALLOW_LOOPBACK, finished, startQuickService, subscribe } from '../helpers/webhooks.js'

t.test('a webhook is made, shown, changed and deleted; its secret is shown once', async (t) => {
  const { newUser } = await startService(t, ALLOW_LOOPBACK)
  const { call } = await newUser()
  const made = await call('POST', '/webhooks', { url: 'https://receiver.example/x', events: ['question.asked'] })
  t.equal(made.status, 201)
  t.match(made.body, {
    url: 'https://receiver.example/x',
    events: ['question.asked'],
    description: null,
    is_active: true,
    disabled_reason: null,
    secret: /^whsec_[A-Za-z0-9+/]{43}=$/,
  })
  const { secret: _secret, ...shown } = made.body
  t.strictSame((await call('GET', `/webhooks/${shown.id}`)).body, shown)
  t.strictSame((await call('GET', '/webhooks')).body, [shown])

  const patched = await call('PATCH', `/webhooks/${shown.id}`, { description: 'mine', events: ['message.created'] })
  t.match(patched, { status: 200, body: { description: 'mine', events: ['message.created'], url: shown.url } })
  t.equal((await call('DELETE', `/webhooks/${shown.id}`)).status, 200)
  t.equal((await call('GET', `/webhooks/${shown.id}`)).status, 404)
  t.equal((await call('GET', `/webhooks/${shown.id}/deliveries`)).status, 404)
})

t.test(
  'with an Idempotency-Key each request that makes something is done once, and answered in full again',
  async (t) => {
    const { newUser } = await startService(t, ALLOW_LOOPBACK)
    const { call } = await newUser()
    const headers = { 'idempotency-key': 'once' }
    const body = { url: 'http://127.0.0.1:9/', events: ['question.asked'] }
    const made = await call('POST', '/webhooks', body, { headers })
    const again = await call('POST', '/webhooks', body, { headers })
    t.match(made, { status: 201, body: { secret: /^whsec_/ } })
    t.strictSame([again.status, again.body], [201, made.body])
    t.equal(again.headers['idempotency-replayed'], 'true')
    t.equal((await call('GET', '/webhooks')).body.length, 1)

    for (const path of ['test', 'redeliver']) {
      const url = `/webhooks/${made.body.id}/${path}`
      const first = await call('POST', url, undefined, { headers: { 'idempotency-key': path } })
      const second = await call('POST', url, undefined, { headers: { 'idempotency-key': path } })
      t.equal(first.status, 202)
      t.strictSame([second.status, second.body], [202, first.body], path)
    }
  },
)

t.test('bad requests name the field', async (t) => {
  const { newUser } = await startService(t)
  const { call } = await newUser()
  const url = 'https://receiver.example/x'
  const bad: Record<string, [body: object, path: string]> = {
    'no URL': [{ url: 'nonsense', events: ['ping'] }, 'body.url'],
    'another scheme': [{ url: 'ftp://receiver.example/', events: ['ping'] }, 'body.url'],
    'a password': [{ url: 'https://a:b@receiver.example/', events: ['ping'] }, 'body.url'],
    'a private address': [{ url: 'http://10.0.0.1/', events: ['ping'] }, 'body.url'],
    'an unknown event': [{ url, events: ['everything'] }, 'body.events.0'],
    'no event': [{ url, events: [] }, 'body.events'],
    'an unknown field': [{ url, events: ['ping'], secret: 'mine' }, 'body.secret'],
  }
  for (const [name, [body, path]] of Object.entries(bad)) {
    const answer = await call('POST', '/webhooks', body)
    t.match(answer, { status: 400, body: { code: 'invalid_request', errors: [{ path }] } }, name)
  }
  const { body: webhook } = await call('POST', '/webhooks', { url, events: ['ping'] })
  t.match(await call('PATCH', `/webhooks/${webhook.id}`, { url: 'http://127.1/' }), {
    status: 400,
    body: { errors: [{ path: 'body.url' }] },
  })
})

t.test('an account has 50 webhooks at most, also when they are made at once', async (t) => {
  const { newUser } = await startService(t)
  const { call } = await newUser()
  const answers = await Promise.all(
    Array.from({ length: 52 }, () => call('POST', '/webhooks', { url: 'https://receiver.example', events: ['ping'] })),
  )
  t.equal(answers.filter((answer) => answer.status === 201).length, 50)
  t.match(
    answers.filter((answer) => answer.status !== 201),
    [{ status: 409, body: { code: 'too_many_webhooks' } }, { status: 409 }],
  )
})

t.test('a ping is sent at once, signed so that the official library accepts it', async (t) => {
  const { newUser } = await startService(t, ALLOW_LOOPBACK)
  const user = await newUser()
  const receiver = await startReceiver(t)
  const webhook = await subscribe(user, receiver, 'question.asked')
  const tested = await user.call('POST', `/webhooks/${webhook.id}/test`)
  t.match(tested, { status: 202, body: { type: 'ping', status: 'pending', webhook_id: webhook.id } })
  const [ping] = await receiver.until(1)
  t.equal(ping?.method, 'POST')
  t.equal(ping?.headers['content-type'], 'application/json')
  t.equal(ping?.headers['webhook-id'], tested.body.id)
  t.match(ping?.body, { type: 'ping', timestamp: /^\d{4}-.*Z$/, data: { webhook_id: webhook.id } })
  const headers = Object.fromEntries(Object.entries(ping?.headers ?? {}).map(([name, value]) => [name, String(value)]))
  t.strictSame(new Webhook(webhook.secret).verify(ping?.text ?? '', headers), ping?.body)
  t.throws(() => new Webhook(webhook.secret).verify(`${ping?.text} `, headers), 'and nothing else')

  const delivery = await finished(user, webhook.id)
  t.match(delivery, {
    id: tested.body.id,
    status: 'succeeded',
    attempt_count: 1,
    next_attempt_at: null,
    attempts: [{ response_status: 200, error: null, response_excerpt: 'ok', duration_ms: Number }],
  })
  t.type((await user.call('GET', `/webhooks/${webhook.id}`)).body.last_success_at, 'string')
})

t.test('after a rotation both secrets sign, until the grace period ends', async (t) => {
  const { newUser } = await startService(t, ALLOW_LOOPBACK)
  const user = await newUser()
  const receiver = await startReceiver(t)
  const webhook = await subscribe(user, receiver, 'ping')
  const rotated = await user.call('POST', `/webhooks/${webhook.id}/rotate-secret`)
  t.match(rotated, { status: 200, body: { secret: /^whsec_/, previous_secret_expires_at: String } })
  t.not(rotated.body.secret, webhook.secret)
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  const [both] = await receiver.until(1)
  const verifies = (
    secret: string,
    { text, headers }: { text: string; headers: object } = both ?? { text: '', headers: {} },
  ) => {
    try {
      new Webhook(secret).verify(text, Object.fromEntries(Object.entries(headers).map(([n, v]) => [n, String(v)])))
      return true
    } catch {
      return false
    }
  }
  t.match(both?.headers['webhook-signature'], /^v1,\S+ v1,\S+$/)
  t.ok(verifies(webhook.secret) && verifies(rotated.body.secret))

  const again = await user.call('POST', `/webhooks/${webhook.id}/rotate-secret`, { grace_period_seconds: 0 })
  t.equal(again.body.previous_secret_expires_at, null)
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  const [, one] = await receiver.until(2)
  t.ok(verifies(again.body.secret, one))
  t.notOk(verifies(rotated.body.secret, one), 'the old one is done with')
})

t.test('a delivery that fails is tried again with the same id and body', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const receiver = await startReceiver(t)
  receiver.answer((_received, response, count) => response.writeHead(count < 3 ? 500 : 204).end('an excuse'))
  const webhook = await subscribe(user, receiver, 'ping')
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  const attempts = await receiver.until(3)
  t.equal(new Set(attempts.map(({ headers }) => headers['webhook-id'])).size, 1)
  t.equal(new Set(attempts.map(({ text }) => text)).size, 1)
  const delivery = await finished(user, webhook.id)
  t.match(delivery, {
    status: 'succeeded',
    attempt_count: 3,
    attempts: [
      { response_status: 500, response_excerpt: 'an excuse' },
      { response_status: 500 },
      { response_status: 204 },
    ],
  })
})

t.test(
  'when all attempts have failed and nothing else came through, the webhook is disabled and says why',
  async (t) => {
    const { newUser } = await startQuickService(t)
    const user = await newUser()
    const receiver = await startReceiver(t)
    receiver.answer(status(503))
    const webhook = await subscribe(user, receiver, 'ping')
    await user.call('POST', `/webhooks/${webhook.id}/test`)
    const delivery = await finished(user, webhook.id)
    t.match(delivery, { status: 'failed', attempt_count: 3, next_attempt_at: null })
    const disabled = await user.call('GET', `/webhooks/${webhook.id}`)
    t.match(disabled.body, {
      is_active: false,
      disabled_reason: 'failing',
      disabled_at: String,
      last_failure_at: String,
    })

    receiver.answer(status(200))
    const enabled = await user.call('PATCH', `/webhooks/${webhook.id}`, { is_active: true })
    t.match(enabled.body, { is_active: true, disabled_reason: null, disabled_at: null })
    t.match(await user.call('POST', `/webhooks/${webhook.id}/redeliver`), { status: 202, body: { redelivered: 1 } })
    const [first, , , last] = await receiver.until(4)
    t.equal(last?.headers['webhook-id'], first?.headers['webhook-id'], 'it keeps its id')
    t.match(await finished(user, webhook.id), { status: 'succeeded', attempt_count: 4 })
  },
)

t.test('a receiver that says when to come again is left alone until then', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const receiver = await startReceiver(t)
  const webhook = await subscribe(user, receiver, 'ping')
  const answered: number[] = []
  receiver.answer((_received, response, count) => {
    answered.push(performance.now())
    if (count === 1) response.writeHead(429, { 'retry-after': '1' }).end()
    else if (count === 2) response.writeHead(503, { 'retry-after': new Date(Date.now() + 3_000).toUTCString() }).end()
    else response.end()
  })
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  await receiver.until(3)
  const [first = 0, second = 0, third = 0] = answered
  t.ok(second - first >= 1_000, `${second - first} ms after 429`)
  t.ok(third - second >= 1_900, `${third - second} ms after 503: dates have no milliseconds`)
})

t.test('a receiver puts an attempt off by an hour at most, and only by 429 and 503', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const receiver = await startReceiver(t)
  const webhook = await subscribe(user, receiver, 'ping')
  receiver.answer((_received, response, count) =>
    response.writeHead(count === 1 ? 500 : 503, { 'retry-after': '86400' }).end(),
  )
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  await receiver.until(2)
  const delivery = await eventually(async () => {
    const [latest] = (await user.call('GET', `/webhooks/${webhook.id}/deliveries`)).body
    return latest.attempts.length === 2 && latest
  })
  t.equal(delivery.status, 'pending')
  const wait = Date.parse(delivery.next_attempt_at) - Date.parse(delivery.attempts[1].attempted_at)
  t.ok(wait >= 3_600_000 && wait < 3_900_000, `${wait} ms`)
})

t.test('a receiver that says 410 is left alone at once', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const receiver = await startReceiver(t)
  receiver.answer(status(410))
  const webhook = await subscribe(user, receiver, 'ping')
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  t.match(await finished(user, webhook.id), { status: 'failed', attempt_count: 1 })
  t.match((await user.call('GET', `/webhooks/${webhook.id}`)).body, { is_active: false, disabled_reason: 'gone' })
  t.equal(receiver.received.length, 1)

  receiver.answer(status(500))
  const [{ id }] = (await user.call('GET', `/webhooks/${webhook.id}/deliveries`)).body
  await user.call('POST', `/webhooks/${webhook.id}/deliveries/${id}/redeliver`)
  await receiver.until(2)
  t.match(
    await finished(user, webhook.id),
    { status: 'failed', attempt_count: 2 },
    'one attempt, as somebody asked for it',
  )
})

t.test('one delivery is made again when somebody asks for it, whatever became of it', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const receiver = await startReceiver(t)
  const webhook = await subscribe(user, receiver, 'ping')
  const { body: ping } = await user.call('POST', `/webhooks/${webhook.id}/test`)
  await finished(user, webhook.id)
  const again = await user.call('POST', `/webhooks/${webhook.id}/deliveries/${ping.id}/redeliver`)
  t.match(again, { status: 202, body: { id: ping.id, status: 'pending' } })
  const [first, second] = await receiver.until(2)
  t.equal(second?.headers['webhook-id'], first?.headers['webhook-id'])
  t.match(await finished(user, webhook.id), { status: 'succeeded', attempt_count: 2 })
  const nothing = await user.call('POST', `/webhooks/${webhook.id}/deliveries/${webhook.id}/redeliver`)
  t.equal(nothing.status, 404)
})

t.test('a paused webhook gets no retries, and what waited can be delivered again', async (t) => {
  const { newUser } = await startQuickService(t, { retryDelays: [60_000] })
  const user = await newUser()
  const receiver = await startReceiver(t)
  receiver.answer(status(500))
  const webhook = await subscribe(user, receiver, 'ping')
  await user.call('POST', `/webhooks/${webhook.id}/test`)
  await receiver.until(1)
  const paused = await user.call('PATCH', `/webhooks/${webhook.id}`, { is_active: false })
  t.match(paused.body, { is_active: false, disabled_reason: 'paused' })
  const delivery = await finished(user, webhook.id)
  t.match(delivery, { status: 'failed' })
  receiver.answer(status(200))
  t.match((await user.call('POST', `/webhooks/${webhook.id}/redeliver`)).body, { redelivered: 1 })
  t.match(await finished(user, webhook.id), { status: 'succeeded' })
})

t.test('the log is paged, and by status', async (t) => {
  const { newUser } = await startQuickService(t)
  const user = await newUser()
  const receiver = await startReceiver(t)
  const webhook = await subscribe(user, receiver, 'ping')
  for (let index = 0; index < 3; index++) await user.call('POST', `/webhooks/${webhook.id}/test`)
  await finished(user, webhook.id, 2)
  const path = `/webhooks/${webhook.id}/deliveries`
  const first = await user.call('GET', path, undefined, { query: { limit: '2' } })
  t.equal(first.body.length, 2)
  const next = /<\/api\/v1([^>]+)>; rel="next"/.exec(String(first.headers['link']))?.[1] ?? ''
  const second = await user.call('GET', next)
  t.equal(second.body.length, 1)
  const ids = [...first.body, ...second.body].map(({ id }) => id)
  t.strictSame(ids, ids.toSorted().reverse(), 'newest first')
  t.strictSame((await user.call('GET', path, undefined, { query: { status: 'failed' } })).body, [])
})
