import t from 'tap'
import { PasswordWork } from '../../src/modules/accounts/password-work.js'
import {
  type Backoff,
  backoffAfter,
  FREE_GUESSES,
  MAX_BACKOFF_MS,
  MemoryBackoff,
  PostgresBackoff,
} from '../../src/rate-limits/backoff.js'
import { cookieOf, PASSWORD, startOn, startService, type TestService } from '../helpers/app.js'
import { connectAsOwner } from '../helpers/owner.js'

function loginsOf({ request }: TestService) {
  return async (email: string, password: string, from = '192.0.2.1') => {
    const headers = { 'x-forwarded-for': from }
    return request('POST', '/api/v1/auth/login', { body: { email, password }, headers })
  }
}

t.test('pauses grow with each guess, up to a quarter of an hour', async (t) => {
  t.equal(backoffAfter(FREE_GUESSES - 1), 0)
  const pauses = Array.from({ length: 100 }, (_, i) => backoffAfter(FREE_GUESSES + i))
  t.ok(pauses.every((pause, i) => pause > (pauses[i - 1] ?? 0) || pause === MAX_BACKOFF_MS))
  t.equal(Math.max(...pauses), 15 * 60_000)
})

t.test('whatever counts the guesses, of those made at once no more get through than may', async (t) => {
  const { database, testDatabase } = await startService(t)
  const owner = await connectAsOwner(t, testDatabase)
  let now = 1_000
  const stores: [Backoff, (milliseconds: number) => Promise<unknown>][] = [
    [new MemoryBackoff(() => now), async (milliseconds) => (now += milliseconds)],
    [
      new PostgresBackoff(database),
      (milliseconds) =>
        owner.query(
          `update login_pauses set free_at = free_at - $1 * interval '1 ms', ends_at = ends_at - $1 * interval '1 ms'`,
          [milliseconds],
        ),
    ],
  ]
  for (const [backoff, pass] of stores) {
    const burst = async () => {
      const waits = await Promise.all(Array.from({ length: 40 }, () => backoff.attempt('somebody')))
      return waits.filter((wait) => wait === 0).length
    }
    t.equal(await burst(), FREE_GUESSES)
    t.equal(await backoff.attempt('somebody else'), 0)
    const wait = await backoff.attempt('somebody')
    t.ok(wait > 0 && wait <= backoffAfter(FREE_GUESSES), `a pause of ${wait} ms`)
    await pass(backoffAfter(FREE_GUESSES))
    t.equal(await burst(), 1, 'one guess a pause')
    const longer = await backoff.attempt('somebody')
    t.ok(longer > backoffAfter(FREE_GUESSES) && longer <= backoffAfter(FREE_GUESSES + 1), `then one of ${longer} ms`)
    await backoff.forgive('somebody')
    t.equal(await burst(), FREE_GUESSES, 'the right password starts anew')
    await pass(24 * 60 * 60_000)
    t.equal(await burst(), FREE_GUESSES, 'and so does a day without a guess')
  }
  await owner.query(`update login_pauses set ends_at = now() - interval '1 s'`)
  await new PostgresBackoff(database).sweep()
  t.equal((await owner.query('select from login_pauses')).rowCount, 0, 'what is over is swept')
})

t.test('what is remembered of guesses in memory is bounded', async (t) => {
  const backoff = new MemoryBackoff()
  for (let i = 0; i < 250_000; i++) await backoff.attempt(`address ${i}`)
  t.ok(backoff.size <= 100_000)
})

for (const RATE_LIMIT_STORE of ['memory', 'postgres'] as const) {
  t.test(
    `guesses at one account are limited from however many addresses, counted in ${RATE_LIMIT_STORE}`,
    async (t) => {
      const service = await startService(t, { TRUST_PROXY: 'true', RATE_LIMIT_STORE })
      const login = loginsOf(service)
      const { email } = await service.newUser()
      for (const address of [email, 'nobody@example.com']) {
        const guesses = await Promise.all(
          Array.from({ length: FREE_GUESSES + 5 }, (_, i) => login(address.toUpperCase(), 'wrong', `198.51.100.${i}`)),
        )
        const statuses = guesses.map(({ status }) => status)
        t.equal(statuses.filter((status) => status === 401).length, FREE_GUESSES, address)
        t.equal(statuses.filter((status) => status === 429).length, 5)
        const refused = guesses.find(({ status }) => status === 429)
        t.match(refused?.body, { code: 'rate_limited' })
        t.match(refused?.headers['retry-after'], /^[1-5]$/)
        t.equal((await login(address, PASSWORD, '203.0.113.1')).status, 429, 'the right one has to wait as well')
      }
      t.equal((await login(email, PASSWORD, '127.0.0.1')).status, 200, 'but not from where the account is signed in')
      t.equal((await login((await service.newUser()).email, PASSWORD)).status, 200, 'nor anybody else')

      const guess = () => login(email, 'wrong', '127.0.0.1')
      for (let i = 0; i < FREE_GUESSES; i++) t.equal((await guess()).status, 401)
      t.equal((await guess()).status, 429, 'who guesses from there is limited too')
    },
  )
}

t.test('guesses by whoever has a session are limited too', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const change = (current_password: string) =>
    user.call('PUT', '/auth/password', { current_password, new_password: 'another one' })
  for (let i = 0; i < FREE_GUESSES - 5; i++) t.equal((await change('wrong')).status, 403)
  for (let i = 0; i < 5; i++) t.equal((await user.call('DELETE', '/auth/me', { password: 'wrong' })).status, 403)
  t.equal((await change(PASSWORD)).status, 429)
  t.equal((await user.call('DELETE', '/auth/me', { password: PASSWORD })).status, 429)
})

for (const RATE_LIMIT_STORE of ['memory', 'postgres'] as const) {
  t.test(`a password is changed 5 times in 10 minutes at most, counted in ${RATE_LIMIT_STORE}`, async (t) => {
    const { newUser } = await startService(t, { RATE_LIMIT_STORE })
    const user = await newUser()
    const change = (current_password: string) =>
      user.call('PUT', '/auth/password', { current_password, new_password: PASSWORD })
    t.equal((await change('wrong')).status, 403, 'a guess uses up none of them')
    const answers = await Promise.all(Array.from({ length: 8 }, () => change(PASSWORD)))
    const refused = answers.filter(({ status }) => status === 429)
    t.equal(refused.length, 3)
    t.notOk(
      answers.some(({ status }) => ![204, 403, 429].includes(status)),
      'of those at once, only what was changed meanwhile fails otherwise',
    )
    for (const { body, headers } of refused) {
      t.match(body, { code: 'rate_limited' })
      t.ok(
        Number(headers['retry-after']) > 500 && Number(headers['retry-after']) <= 600,
        String(headers['retry-after']),
      )
    }
    t.equal((await change('wrong')).status, 429, 'nothing is hashed any more')
    const neighbour = await newUser()
    const body = { current_password: PASSWORD, new_password: PASSWORD }
    t.equal((await neighbour.call('PUT', '/auth/password', body)).status, 204, 'somebody else goes on')
  })
}

t.test('refreshes are limited by session, and good ones cost their address nothing', async (t) => {
  const service = await startService(t, { RATE_LIMIT_AUTH_MAX: 5 })
  const other = await startOn(t, service.testDatabase, { RATE_LIMIT_AUTH_MAX: 5 })
  const { request } = service
  const register = async (email: string) => {
    const answer = await request('POST', '/api/v1/auth/register', { body: { email, password: PASSWORD } })
    return cookieOf(answer)
  }
  const refresh = (cookie: string) => request('POST', '/api/v1/auth/refresh', { headers: { cookie } })
  const neighbour = await register('neighbour@example.com')
  let cookie = await register('ada@example.com')
  for (let i = 0; i < 60; i++) {
    const answer = await refresh(cookie)
    t.equal(answer.status, 200)
    cookie = cookieOf(answer)
  }
  const refused = await refresh(cookie)
  t.match(refused, { status: 429, body: { code: 'rate_limited' } })
  t.ok(Number(refused.headers['retry-after']) >= 1)
  t.equal((await refresh(neighbour)).status, 200, 'a neighbour at the same address goes on')
  const elsewhere = await other.request('POST', '/api/v1/auth/refresh', { headers: { cookie } })
  t.equal(elsewhere.status, 200, 'the token that was refused was not used up')

  for (let i = 0; i < 3; i++) t.equal((await refresh('signalbox_refresh=made-up')).status, 401)
  t.equal((await refresh('signalbox_refresh=made-up')).status, 429, 'bad ones count as failures of the address')
})

t.test('passwords are hashed a few at a time, and those who wait are bounded', async (t) => {
  const work = new PasswordWork(2, false)
  const release: (() => void)[] = []
  let running = 0
  let most = 0
  const attempt = (address: string) =>
    work
      .run(address, async () => {
        most = Math.max(most, ++running)
        await new Promise<void>((resolve) => release.push(resolve))
        running -= 1
        return 'done'
      })
      .catch(({ code, headers }) => `${code} ${headers['retry-after']}`)
  const flood = Array.from({ length: 60 }, () => attempt('192.0.2.1'))
  const others = Array.from({ length: 200 }, (_, i) => attempt(`198.51.100.${i}`))
  while (release.length > 0) {
    for (const next of release.splice(0)) next()
    await new Promise(setImmediate)
  }
  const [ofOne, ofMany] = await Promise.all([Promise.all(flood), Promise.all(others)])
  t.equal(most, 2)
  t.equal(ofOne.filter((result) => result === 'done').length, 2 + 32)
  t.equal(ofOne.filter((result) => result === 'rate_limited 2').length, 26)
  t.equal(ofMany.filter((result) => result === 'done').length, 128 - 32)
  t.equal(ofMany.filter((result) => result === 'overloaded 2').length, 104)
  const last = attempt('192.0.2.1')
  release.pop()?.()
  t.equal(await last, 'done', 'nothing is left behind')
})

t.test('with few cores, the next password waits as long as the last one took', async (t) => {
  const work = new PasswordWork(1, true)
  const times: number[] = []
  const attempt = () =>
    work.run('192.0.2.1', async () => {
      times.push(performance.now())
      await new Promise((done) => setTimeout(done, 50))
      times.push(performance.now())
    })
  await Promise.all([attempt(), attempt()])
  const [began = 0, ended = 0, next = 0] = times
  t.ok(next - ended > (ended - began) * 0.9, `${next - ended} ms after ${ended - began}`)
})

t.test('addresses take turns, so that who sends many at once holds up themselves', async (t) => {
  const work = new PasswordWork(1, false)
  const order: string[] = []
  const attempt = (address: string) =>
    work.run(address, async () => {
      order.push(address)
    })
  await Promise.all([...Array.from({ length: 5 }, () => attempt('a')), attempt('b'), attempt('b'), attempt('c')])
  t.equal(order.join(''), 'aabcabaa')
})
