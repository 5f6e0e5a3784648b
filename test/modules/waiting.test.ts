import { randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startOn, startService, type TestService } from '../helpers/app.js'
import { contents, startChat } from '../helpers/chat.js'
import { listen } from '../helpers/network.js'
import { connectAsOwner } from '../helpers/owner.js'
import { superuser } from '../helpers/superuser.js'
import { until } from '../helpers/wait-timeout.js'

/** Longer than anything here takes: whoever waits this long is woken, or the test fails. */
const LONG = '50'

interface Answer {
  readonly status: number | undefined
  // biome-ignore lint/suspicious/noExplicitAny: what a body holds is what the tests assert
  readonly body: any
  readonly seconds: number
}

/** An agent's request that waits, on a connection of its own. */
function hold(base: string, token: string, query: Record<string, string>) {
  const url = new URL(`${base}/api/v1/messages/pending?${new URLSearchParams(query)}`)
  // Legacy clients name a content type on every call.
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const since = performance.now()
  const sent = httpRequest(url, { headers, agent: false })
  const answer = new Promise<Answer>((resolve, reject) => {
    sent.once('error', reject)
    sent.once('response', (response) =>
      json(response)
        .then((body) => resolve({ status: response.statusCode, body, seconds: (performance.now() - since) / 1000 }))
        .catch(reject),
    )
  })
  answer.catch(() => {})
  sent.end()
  return { answer, hangUp: () => sent.destroy() }
}

/** How many wait in a process. */
function countWaiting({ services: { longPolls } }: TestService): () => number {
  const openLongPoll = longPolls.open.bind(longPolls)
  let waiting = 0
  longPolls.open = async (...given) => {
    const longPoll = await openLongPoll(...given)
    const close = longPoll.close.bind(longPoll)
    waiting++
    longPoll.close = () => {
      waiting--
      close()
    }
    return longPoll
  }
  return () => waiting
}

/** Two processes of the service on one database, and a run whose agent may wait at either. */
async function newRun(t: Test) {
  const service = await startService(t)
  const other = await startOn(t, service.testDatabase)
  const bases = [await listen(service), await listen(other)] as const
  const waiting = [countWaiting(service), countWaiting(other)] as const
  const user = await service.newUser()
  const chat = await startChat(user)
  const key = await user.newKey()
  const wait = (query: Record<string, string> = {}, base: string = bases[0]) => {
    const place = { agent_instance_id: chat.id, last_read_message_id: chat.firstId, wait: LONG }
    return hold(base, key, { ...place, ...query })
  }
  const waitWith = (secret: string, base: string = bases[0]) =>
    hold(base, secret, { agent_instance_id: chat.id, last_read_message_id: chat.firstId, wait: LONG })
  const mint = async () => {
    const { id, api_key }: { id: string; api_key: string } = (
      await user.call('POST', '/auth/api-keys', { name: 'rotated' })
    ).body
    const rotate = async (grace_period_seconds: number): Promise<string> =>
      (await user.call('POST', `/auth/api-keys/${id}/rotate`, { grace_period_seconds })).body.api_key
    return { id, api_key, rotate }
  }
  const untilWaiting = (count: number) => until(`${count} to wait`, () => waiting[0]() + waiting[1]() === count)
  return { service, other, bases, waiting, user, chat, key, wait, waitWith, mint, untilWaiting }
}

t.test('an agent that waits gets the answer as soon as it is written, on whatever process', async (t) => {
  const { bases, chat, wait, untilWaiting } = await newRun(t)
  let place = chat.firstId
  for (const base of [bases[0], bases[1], bases[0]]) {
    const { answer } = wait({ last_read_message_id: place }, base)
    await untilWaiting(1)
    const written = await chat.write('yes')
    const { status, body, seconds } = await answer
    t.match({ status, body }, { status: 200, body: { status: 'ok', messages: [{ content: 'yes' }] } })
    t.ok(seconds < 30, `${seconds} s`)
    place = written.body.id
    t.equal(body.messages[0].id, place)
  }
  await untilWaiting(0)
})

t.test('what is there already, and a place that is stale, are answered at once', async (t) => {
  const { chat, wait } = await newRun(t)
  await chat.write('early')
  const there = await wait().answer
  t.match(there, { status: 200, body: { status: 'ok', messages: [{ content: 'early' }] } })
  const stale = await wait().answer
  t.match(stale, { status: 200, body: { status: 'stale', messages: [] } })
  t.ok(Math.max(there.seconds, stale.seconds) < 30)
})

t.test('a wait that is no number of seconds is refused', async (t) => {
  const { chat, wait } = await newRun(t)
  for (const wrong of ['-1', 'x', '', 'NaN', '1s', '1,2']) {
    t.match(await wait({ wait: wrong }).answer, { status: 400, body: { code: 'invalid_request' } }, wrong)
  }
  for (const right of ['0', '0.05', '1e-2']) {
    t.match(await wait({ wait: right }).answer, { status: 200, body: { status: 'ok', messages: [] } }, right)
  }
  t.match(await wait({ agent_instance_id: randomUUID() }).answer, { status: 400 }, 'nor is an unknown run waited for')
  t.equal((await chat.poll(chat.firstId)).body.status, 'ok')
})

t.test('a wait of more than 50 seconds is held for 50', async (t) => {
  const { service, chat, wait, untilWaiting } = await newRun(t)
  const { longPolls } = service.services
  const openLongPoll = longPolls.open.bind(longPolls)
  const held: number[] = []
  longPolls.open = (tenant, instanceId, options) => {
    held.push(options.seconds)
    return openLongPoll(tenant, instanceId, options)
  }
  const waits = []
  for (const asked of ['49.5', '50', '51', '1e6']) {
    waits.push(wait({ wait: asked }))
    await untilWaiting(waits.length)
  }
  t.strictSame(held, [49.5, 50, 50, 50])
  await chat.post('on')
  for (const { answer } of waits) t.match(await answer, { status: 200, body: { status: 'stale' } })
})

t.test('when the time is up nothing has come, and what comes next stays for the next call', async (t) => {
  const { chat, wait } = await newRun(t)
  const { body, seconds } = await wait({ wait: '1' }).answer
  t.strictSame(body, { agent_instance_id: chat.id, messages: [], status: 'ok', instance_status: 'ACTIVE' })
  t.ok(seconds > 0.9, `${seconds} s`)
  await chat.write('later')
  t.strictSame(contents((await chat.poll(chat.firstId)).body.messages), ['later'])
})

t.test('an agent that hangs up while it waits consumes nothing', async (t) => {
  const { bases, chat, wait, untilWaiting } = await newRun(t)
  const waits = [wait(), wait({}, bases[1]), wait()]
  await untilWaiting(3)
  for (const { hangUp } of waits) hangUp()
  await untilWaiting(0)
  await chat.write('still here')
  t.strictSame(contents((await chat.poll(chat.firstId)).body.messages), ['still here'])
})

t.test(
  'of those who wait on one place exactly one gets the answer, and the others learn that they are stale',
  async (t) => {
    const { bases, chat, wait, untilWaiting } = await newRun(t)
    const waits = [wait(), wait({}, bases[1]), wait(), wait({}, bases[1])]
    await untilWaiting(4)
    await chat.write('for one')
    const answers = await Promise.all(waits.map(({ answer }) => answer))
    t.strictSame(answers.map(({ body }) => `${body.status} ${contents(body.messages)}`).sort(), [
      'ok for one',
      'stale ',
      'stale ',
      'stale ',
    ])
  },
)

t.test('an agent that has hung up by the time that its key is looked up consumes nothing', async (t) => {
  const { service, chat, wait } = await newRun(t)
  await chat.write('still here')
  const { apiKeys } = service.services
  const { server } = service.app
  const authenticate = apiKeys.authenticate.bind(apiKeys)
  const connections = () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))
  let hangUp = () => {}
  const served = new Promise<void>((done) => {
    apiKeys.authenticate = async (key) => {
      apiKeys.authenticate = authenticate
      hangUp()
      await until('the connection to be gone', async () => (await connections()) === 0)
      setTimeout(done, 200)
      return authenticate(key)
    }
  })
  hangUp = wait().hangUp
  await served
  t.strictSame(contents((await chat.poll(chat.firstId)).body.messages), ['still here'])
})

t.test('an agent whose place another process of it moves on learns that it is stale', async (t) => {
  const { bases, chat, wait, untilWaiting } = await newRun(t)
  const waits = [wait(), wait({}, bases[1])]
  await untilWaiting(2)
  await chat.post('a step')
  for (const { answer } of waits) {
    const { body, seconds } = await answer
    t.match(body, { status: 'stale', messages: [] })
    t.ok(seconds < 30, `${seconds} s`)
  }
})

t.test('whoever has gone, or asks for headers only, is handed nothing', async (t) => {
  const { service, user, chat } = await newRun(t)
  await chat.write('for somebody')
  const gone = new AbortController()
  gone.abort()
  const tenant = service.database.tenant(user.id)
  t.strictSame(
    (
      await service.services.messages.pending(tenant, chat.id, chat.firstId, {
        keyId: randomUUID(),
        signal: gone.signal,
      })
    ).messages,
    [],
  )
  const query = { agent_instance_id: chat.id, last_read_message_id: chat.firstId }
  t.equal((await service.app.inject({ method: 'HEAD', url: '/api/v1/messages/pending', query })).statusCode, 405)
  t.strictSame(contents((await chat.poll(chat.firstId)).body.messages), ['for somebody'])
})

t.test('an agent that only looks waits as well, and takes nothing', async (t) => {
  const { bases, user, chat, key, untilWaiting } = await newRun(t)
  const looks = bases.map((base) => hold(base, key, { agent_instance_id: chat.id, wait: LONG }))
  await untilWaiting(2)
  await user.call('PATCH', `/agent-instances/${chat.id}`, { name: 'no message' })
  await chat.post('nor this', {})
  await chat.write('seen by all')
  for (const { answer } of looks) t.strictSame(contents((await answer).body.messages), ['seen by all'])
  t.strictSame(contents((await chat.poll()).body.messages), ['seen by all'])
})

t.test('a key that is revoked while it waits gets 401, and the answer stays', async (t) => {
  const { bases, user, chat, key, wait, untilWaiting } = await newRun(t)
  const waits = [wait(), wait({}, bases[1])]
  const other = await user.newAgent()
  await untilWaiting(2)
  const keys: { id: string; api_key: string }[] = (await user.call('GET', '/auth/api-keys')).body
  const revoked = keys.find(({ api_key }) => key.startsWith(api_key.replaceAll('*', '')))
  await user.call('DELETE', `/auth/api-keys/${revoked?.id}`)
  await chat.write('for a key that is good')
  for (const { answer } of waits) {
    t.match(await answer, { status: 401, body: { code: 'invalid_api_key' } })
  }
  const query = { agent_instance_id: chat.id, last_read_message_id: chat.firstId, wait: LONG }
  const { body } = await other('GET', '/messages/pending', undefined, { query })
  t.strictSame(contents(body.messages), ['for a key that is good'])
})

t.test('a secret that is replaced while it waits gets 401, and the answer goes to its successor', async (t) => {
  const { bases, chat, waitWith, mint, untilWaiting } = await newRun(t)
  const minted = await mint()
  const waits = bases.map((base) => waitWith(minted.api_key, base))
  await untilWaiting(2)
  const successor = await minted.rotate(0)
  for (const { answer } of waits) t.match(await answer, { status: 401, body: { code: 'api_key_expired' } })
  const next = waitWith(successor)
  await untilWaiting(1)
  await chat.write('for the successor')
  t.strictSame(contents((await next.answer).body.messages), ['for the successor'])
})

t.test('a secret that is replaced waits on through its grace period, and no longer', async (t) => {
  const { bases, chat, waitWith, mint, untilWaiting } = await newRun(t)
  const [long, short, twice] = await Promise.all([mint(), mint(), mint()])
  const waits = bases.flatMap((base) => [short, twice].map(({ api_key }) => waitWith(api_key, base)))
  const patient = waitWith(long.api_key)
  await untilWaiting(5)
  await long.rotate(600)
  await short.rotate(1)
  await twice.rotate(600)
  await twice.rotate(600)
  for (const { answer } of waits) t.match(await answer, { status: 401 })
  await untilWaiting(1)
  await chat.write('within the grace period')
  t.strictSame(contents((await patient.answer).body.messages), ['within the grace period'])
})

t.test('a key that expires while it waits gets 401', async (t) => {
  const { service, bases, waitWith, mint, untilWaiting } = await newRun(t)
  const owner = await connectAsOwner(t, service.testDatabase)
  const minted = await mint()
  await owner.query(`update api_keys set expires_at = now() + interval '2 s' where id = $1`, [minted.id])
  const waits = bases.map((base) => waitWith(minted.api_key, base))
  await untilWaiting(2)
  for (const { answer } of waits) t.match(await answer, { status: 401, body: { code: 'api_key_expired' } })
})

t.test('an answer that is known before it is known that the secret has ended is not handed out', async (t) => {
  const { service, chat, waitWith, mint, untilWaiting } = await newRun(t)
  const owner = await connectAsOwner(t, service.testDatabase)
  const minted = await mint()
  const { answer } = waitWith(minted.api_key)
  await untilWaiting(1)
  await owner.query(`update api_keys set key_hash = 'another' where id = $1`, [minted.id])
  await chat.write('not for it')
  t.match(await answer, { status: 401, body: { code: 'invalid_api_key' } })
  t.strictSame(contents((await chat.poll(chat.firstId)).body.messages), ['not for it'])
})

t.test('a key that is revoked between its look-up and the waiting is not served', async (t) => {
  const { service, user, chat, wait } = await newRun(t)
  const { longPolls } = service.services
  const openLongPoll = longPolls.open.bind(longPolls)
  longPolls.open = async (...given) => {
    const keys: { id: string }[] = (await user.call('GET', '/auth/api-keys')).body
    for (const { id } of keys) await user.call('DELETE', `/auth/api-keys/${id}`)
    await chat.write('not for it')
    return openLongPoll(...given)
  }
  t.match(await wait().answer, { status: 401, body: { code: 'invalid_api_key' } })
})

t.test('a run, or the whole account, that is deleted while somebody waits ends the waiting', async (t) => {
  const { service, bases, user, chat, key, wait, untilWaiting } = await newRun(t)
  const waits = [wait(), wait({}, bases[1])]
  await untilWaiting(2)
  await user.call('DELETE', `/agent-instances/${chat.id}`)
  for (const { answer } of waits) t.match(await answer, { status: 410, body: { code: 'instance_deleted' } })
  const next = await startChat(user)
  const more = bases.map((base) => hold(base, key, { agent_instance_id: next.id, wait: LONG }))
  await untilWaiting(2)
  await user.call('DELETE', '/auth/me')
  for (const { answer } of more) t.match(await answer, { status: /^40[01]$/ })
  t.notOk(service.logged.some((line) => line.includes('"level":50')))
})

t.test('a service that stops answers those who wait', async (t) => {
  const { service, chat, wait, untilWaiting } = await newRun(t)
  const waits = [wait(), wait(), wait()]
  await untilWaiting(3)
  await service.app.close()
  for (const { answer } of waits) {
    const { status, body, seconds } = await answer
    t.match({ status, body }, { status: 200, body: { status: 'ok', messages: [] } })
    t.ok(seconds < 30)
  }
  t.equal((await chat.detail().catch(() => ({ status: 0 }))).status !== 500, true)
})

t.test(
  '60 agents wait at once without holding connections of the database, and each gets its own answer',
  async (t) => {
    const { service, other, bases, waiting, user } = await newRun(t)
    const key = await user.newKey()
    const agent = await user.newAgent()
    const runs = Array.from({ length: 60 }, () => randomUUID())
    await Promise.all(
      runs.map((id) => agent('POST', '/messages/agent', { agent_instance_id: id, agent_type: 'x', content: 'hello' })),
    )
    const waits = runs.map((id, i) => hold(bases[i % 2 ? 1 : 0], key, { agent_instance_id: id, wait: LONG }))
    await until('all to wait', () => waiting[0]() === 30 && waiting[1]() === 30)
    const admin = await superuser(t, service.testDatabase)
    const busy = async () => {
      const { rows } = await admin.query<{ count: number }>(
        `select count(*)::integer from pg_stat_activity
       where datname = current_database() and application_name = 'signalbox' and state <> 'idle'`,
      )
      return rows[0]?.count ?? 0
    }
    await until('no connection to be busy', async () => (await busy()) === 0)
    await sleep(100)
    t.equal((await other.request('GET', '/ready')).status, 200, 'others are served meanwhile')
    await Promise.all(
      runs.map((id, i) => user.call('POST', `/agent-instances/${id}/messages`, { content: `answer ${i}` })),
    )
    const answers = await Promise.all(waits.map(({ answer }) => answer))
    t.strictSame(
      answers.map(({ body }) => contents(body.messages).join()),
      runs.map((_, i) => `answer ${i}`),
    )
  },
)
