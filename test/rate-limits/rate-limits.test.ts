import t, { type Test } from 'tap'
import { mintKey } from '../../src/credentials/api-key.js'
import { type Answer, cookieOf, PASSWORD, startService, type TestService } from '../helpers/app.js'
import { claims, sign } from '../helpers/tokens.js'

const ME = '/api/v1/auth/me'
const VERIFY = '/api/v1/auth/verify'
const LOGIN = '/api/v1/auth/login'

/** A service that believes what `from` says about addresses. */
async function start(t: Test, limits: { RATE_LIMIT_MAX?: number; RATE_LIMIT_AUTH_MAX?: number }) {
  const service = await startService(t, { TRUST_PROXY: 'true', ...limits })
  return { ...service, from: (address: string) => callsFrom(service, address) }
}

function callsFrom({ request }: TestService, address: string) {
  const headers = { 'x-forwarded-for': address }
  return {
    me: (token: string) => request('GET', ME, { token, headers }),
    verify: (token: string) => request('GET', VERIFY, { token, headers }),
    login: (email: string, password: string) => request('POST', LOGIN, { body: { email, password }, headers }),
    refresh: (cookie: string) => request('POST', '/api/v1/auth/refresh', { headers: { ...headers, cookie } }),
    register: (email: string) =>
      request('POST', '/api/v1/auth/register', { body: { email, password: PASSWORD }, headers }),
  }
}

/** @returns the statuses of so many calls, one after the other */
async function statuses(times: number, call: () => Promise<Answer>): Promise<number[]> {
  const result: number[] = []
  for (let i = 0; i < times; i++) result.push((await call()).status)
  return result
}

function assertRefused(t: Test, { status, body, headers }: Answer, limit: number): void {
  t.equal(status, 429)
  t.match(headers['content-type'], 'application/problem+json')
  t.match(body, { status: 429, code: 'rate_limited', detail: /^Too many requests; try again in \d+ s$/ })
  const wait = Number(headers['retry-after'])
  t.ok(Number.isInteger(wait) && wait >= 1 && wait <= 60, `Retry-After: ${wait}`)
  t.match(headers, { 'ratelimit-limit': String(limit), 'ratelimit-remaining': '0', 'ratelimit-reset': String(wait) })
}

t.test('requests are counted by account, with all its keys, and every answer says how many are left', async (t) => {
  // Minting two keys counts as well.
  const { newUser, request } = await start(t, { RATE_LIMIT_MAX: 6 })
  const [ada, bob] = [await newUser(), await newUser()]
  const [first, second] = [await ada.newKey(), await ada.newKey()]

  for (const [remaining, token] of [
    ['3', first],
    ['2', second],
    ['1', first],
  ] as const) {
    const answer = await request('GET', VERIFY, { token })
    t.equal(answer.status, 200)
    t.match(answer.headers, { 'ratelimit-limit': '6', 'ratelimit-remaining': remaining })
    t.match(answer.headers['ratelimit-reset'], /^([1-9]|[1-5]\d|60)$/)
    t.notOk(answer.headers['retry-after'])
  }
  t.equal((await request('GET', ME, { token: ada.token })).status, 200, 'the person counts with their keys')
  assertRefused(t, await request('GET', VERIFY, { token: first }), 6)
  assertRefused(t, await request('GET', VERIFY, { token: second }), 6)
  assertRefused(t, await request('GET', ME, { token: ada.token }), 6)
  t.equal((await request('GET', ME, { token: bob.token })).status, 200, 'everybody else goes on')
})

t.test('what needs no credentials is nothing to the limits of those who show some', async (t) => {
  const { request } = await start(t, { RATE_LIMIT_MAX: 1, RATE_LIMIT_AUTH_MAX: 1 })
  for (const path of ['/', '/health', '/ready', '/openapi.json', '/docs']) {
    t.strictSame(await statuses(3, () => request('GET', path)), [200, 200, 200], path)
    t.notOk((await request('GET', path)).headers['ratelimit-limit'])
  }
  t.strictSame(await statuses(3, () => request('GET', ME)), [401, 401, 401], 'to show nothing is no guess')
})

t.test('0 turns a limit off', async (t) => {
  const { newUser, from } = await start(t, { RATE_LIMIT_MAX: 0, RATE_LIMIT_AUTH_MAX: 0 })
  const user = await newUser()
  const key = await user.newKey()
  for (const answer of [await from('192.0.2.1').verify(key), await from('192.0.2.1').login(user.email, PASSWORD)]) {
    t.equal(answer.status, 200)
    t.notOk(answer.headers['ratelimit-limit'])
  }
})

t.test('attempts to log in, register and refresh are counted together, by address', async (t) => {
  const { from } = await start(t, { RATE_LIMIT_AUTH_MAX: 4 })
  const caller = from('192.0.2.1')
  t.equal((await caller.register('ada@example.com')).status, 201)
  t.equal((await caller.login('ada@example.com', PASSWORD)).status, 200, 'a good password counts as well')
  t.equal((await caller.login('ada@example.com', 'a wrong password')).status, 401)
  const last = await caller.refresh('signalbox_refresh=unknown')
  t.equal(last.status, 401)
  t.match(last.headers, { 'ratelimit-limit': '4', 'ratelimit-remaining': '0' })
  assertRefused(t, await caller.login('ada@example.com', PASSWORD), 4)
  assertRefused(t, await caller.register('bob@example.com'), 4)
  assertRefused(t, await caller.refresh('signalbox_refresh=unknown'), 4)
  t.equal((await from('192.0.2.2').login('ada@example.com', PASSWORD)).status, 200, 'another address is another caller')
})

t.test(
  'an address is refused after too many bad keys and tokens, and what it shows is not looked up any more',
  async (t) => {
    const { from, database } = await start(t, { RATE_LIMIT_AUTH_MAX: 3 })
    const caller = from('192.0.2.1')
    const forged = sign(claims('0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11'), { secret: 'x'.repeat(40) })
    t.equal((await caller.verify(mintKey())).status, 401)
    t.equal((await caller.verify('sbx_mistyped')).status, 401)
    const third = await caller.me(forged)
    t.equal(third.status, 401)
    t.match(third.headers, { 'ratelimit-limit': '3', 'ratelimit-remaining': '0' })

    let lookups = 0
    const { lookup } = database
    database.lookup = function (credential) {
      lookups += 1
      return lookup.call(this, credential)
    }
    assertRefused(t, await caller.verify(mintKey()), 3)
    assertRefused(t, await caller.me(forged), 3)
    assertRefused(t, await caller.login('ada@example.com', PASSWORD), 3)
    t.equal(lookups, 0, 'the database was not asked')
    t.equal((await from('192.0.2.2').verify(mintKey())).status, 401)
    t.equal(lookups, 1, 'for others it is')
  },
)

t.test("a good caller is not locked out by a neighbour's failures", async (t) => {
  const { from, newUser } = await start(t, { RATE_LIMIT_AUTH_MAX: 3 })
  const user = await newUser()
  const [used, fresh, revoked] = [await user.newKey(), await user.newKey(), await user.newKey()]
  const session = await from('192.0.2.9').login(user.email, PASSWORD)
  const shared = from('192.0.2.1')
  t.equal((await shared.verify(used)).status, 200)
  t.equal((await shared.verify(revoked)).status, 200)
  t.strictSame(await statuses(4, () => shared.verify(mintKey())), [401, 401, 401, 429])

  t.equal((await shared.me(user.token)).status, 200, 'a token is verified without the database')
  t.equal((await shared.verify(used)).status, 200, 'a key that was good lately is looked up')
  t.equal((await shared.verify(fresh)).status, 200, 'and one that was minted lately')
  t.equal((await shared.refresh(cookieOf(session))).status, 200, 'and the refresh token of a session')

  const list = (await user.call('GET', '/auth/api-keys')).body
  const { id } = list.find(({ api_key }: { api_key: string }) => revoked.startsWith(api_key.replaceAll('*', '')))
  await user.call('DELETE', `/auth/api-keys/${id}`)
  t.strictSame(await statuses(2, () => shared.verify(revoked)), [429, 429], 'a key that stops being good is a guess')
})

t.test('an expired token is no guess: it was good once', async (t) => {
  const { from, newUser } = await start(t, { RATE_LIMIT_AUTH_MAX: 2 })
  const user = await newUser()
  const expired = sign(claims(user, { exp: 1 }))
  t.strictSame(await statuses(5, () => from('192.0.2.1').me(expired)), [401, 401, 401, 401, 401])
})

t.test('guessing the rest of a key is limited from however many addresses', async (t) => {
  const { from, newUser } = await start(t, { RATE_LIMIT_AUTH_MAX: 3 })
  const key = await (await newUser()).newKey()
  const guess = (address: number) => from(`192.0.2.${address}`).verify(`${key.slice(0, 12)}${mintKey().slice(12)}`)
  t.strictSame([(await guess(1)).status, (await guess(2)).status, (await guess(3)).status], [401, 401, 401])
  assertRefused(t, await guess(4), 3)
  t.equal((await from('192.0.2.4').verify(mintKey())).status, 401, 'the last address is free to try others')
  t.equal((await from('192.0.2.5').verify(key)).status, 200, 'and whoever has the key goes on')
})

t.test('an IPv6 network counts as one address, and so does IPv4 however it is written', async (t) => {
  const { from } = await start(t, { RATE_LIMIT_AUTH_MAX: 2 })
  const attempt = async (address: string) => (await from(address).login('a@b.example', 'a wrong password')).status
  t.equal(await attempt('2001:db8:1:2::1'), 401)
  t.equal(await attempt('2001:DB8:1:2:ffff:ffff:ffff:ffff'), 401)
  t.equal(await attempt('2001:db8:1:2::3'), 429)
  t.equal(await attempt('2001:db8:1:3::1'), 401)
  t.strictSame(
    [await attempt('::ffff:192.0.2.7'), await attempt('192.0.2.7'), await attempt('192.0.2.7')],
    [401, 401, 429],
  )
})

t.test('addresses that a proxy reports count only when the proxy is trusted', async (t) => {
  const { request } = await startService(t, { RATE_LIMIT_AUTH_MAX: 2 })
  const body = { email: 'a@b.example', password: 'a wrong password' }
  const attempt = async (address: string) =>
    (await request('POST', LOGIN, { body, headers: { 'x-forwarded-for': address } })).status
  t.strictSame([await attempt('192.0.2.1'), await attempt('192.0.2.2'), await attempt('192.0.2.3')], [401, 401, 429])
})

t.test('who goes on all the same is refused at leisure, and nobody else is', async (t) => {
  const service = await start(t, { RATE_LIMIT_MAX: 1 })
  const user = await service.newUser()
  const since = performance.now()
  const refused = await Promise.all(Array.from({ length: 301 }, () => service.from('198.51.100.7').me(user.token)))
  t.equal(refused.filter(({ status }) => status === 429).length, 300)
  t.ok(performance.now() - since > 900, 'those beyond a hundred came at a hundred a second')
  const stranger = await service.newUser()
  t.equal((await service.from('198.51.100.8').me(stranger.token)).status, 200)
})
