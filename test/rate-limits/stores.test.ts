import pg from 'pg'
import t from 'tap'
import { Database } from '../../db/client.js'
import { BoundedMap } from '../../src/collections/bounded-map.js'
import { mintKey } from '../../src/credentials/api-key.js'
import { asProblem } from '../../src/errors.js'
import { Limiter } from '../../src/rate-limits/limiter.js'
import { PostgresStore } from '../../src/rate-limits/postgres-store.js'
import { MemoryStore, WINDOW } from '../../src/rate-limits/store.js'
import { PASSWORD, startOn, startService } from '../helpers/app.js'

const shared = { RATE_LIMIT_STORE: 'postgres' } as const

t.test('memory stays bounded with a million callers', async (t) => {
  const store = new MemoryStore()
  const limiter = new Limiter(store, 1)
  for (let thousand = 0; thousand < 1_000; thousand++) {
    await limiter.hit(Array.from({ length: 1_000 }, (_, i) => `caller ${thousand * 1_000 + i}`))
  }
  t.ok(store.size >= 50_000 && store.size <= 100_000, `${store.size} entries`)
  t.ok(limiter.refusal(['caller 999999']), 'the latest ones are remembered')
  t.notOk(limiter.refusal(['caller 0']), 'the oldest ones start anew')
})

t.test('a bounded map keeps what is in use, and forgets the rest', async (t) => {
  const map = new BoundedMap<number>(10)
  map.set('used', 0)
  map.set('unused', 0)
  for (let i = 0; i < 100; i++) {
    map.set(`other ${i}`, i)
    map.set('used', Number(map.get('used')) + 1)
    t.ok(map.size <= 10)
  }
  t.strictSame([map.get('used'), map.get('unused'), map.get('other 99')], [100, undefined, 99])
  map.delete('used')
  t.equal(map.get('used'), undefined)
})

t.test('a window begins with the first request and ends a minute later', async (t) => {
  let now = 5_000
  const store = new MemoryStore(() => now)
  t.strictSame(await store.hit(['a']), [{ count: 1, endsIn: WINDOW }])
  now += WINDOW - 1
  t.strictSame(await store.hit(['a', 'b']), [
    { count: 2, endsIn: 1 },
    { count: 1, endsIn: WINDOW },
  ])
  now += 1
  t.strictSame(await store.hit(['a']), [{ count: 1, endsIn: WINDOW }])
})

t.test('replicas that share a database count together', async (t) => {
  const limits = { ...shared, RATE_LIMIT_MAX: 5, RATE_LIMIT_AUTH_MAX: 5 }
  const one = await startService(t, limits)
  const two = await startOn(t, one.testDatabase, limits)
  const user = await one.newUser()
  const key = await user.newKey()
  // Making the key was the first request of this account.
  const remaining: unknown[] = []
  for (const service of [one, two, one, two]) {
    const { status, headers } = await service.request('GET', '/api/v1/auth/verify', { token: key })
    t.equal(status, 200)
    remaining.push(headers['ratelimit-remaining'])
  }
  t.strictSame(remaining, ['3', '2', '1', '0'])
  for (const service of [one, two]) {
    const refused = await service.request('GET', '/api/v1/auth/verify', { token: key })
    t.match(refused, { status: 429, body: { code: 'rate_limited' } })
  }

  // The registration was the first attempt of this address.
  const statuses: number[] = []
  for (const service of [two, one, two, one, two, one]) {
    statuses.push((await service.request('GET', '/api/v1/auth/verify', { token: mintKey() })).status)
  }
  t.strictSame(statuses, [401, 401, 401, 401, 429, 429])
})

t.test('nothing is lost when many count at once', async (t) => {
  const one = await startService(t)
  const two = await startOn(t, one.testDatabase)
  const stores = [new PostgresStore(one.database), new PostgresStore(two.database)]
  const hits = Array.from({ length: 200 }, (_, i) => stores[i % 2]?.hit(i % 3 === 0 ? ['a', 'b'] : ['b', 'a']))
  const tallies = await Promise.all(hits)
  const counts = tallies.map((tally, i) => tally?.[i % 3 === 0 ? 0 : 1]?.count)
  t.strictSame(
    counts.sort((a = 0, b = 0) => a - b),
    Array.from({ length: 200 }, (_, i) => i + 1),
    'each got a number of its own',
  )
})

t.test('the table shows nobody, costs no log, and is swept', async (t) => {
  const service = await startService(t, { ...shared, RATE_LIMIT_MAX: 100, RATE_LIMIT_AUTH_MAX: 100 })
  const owner = new pg.Client({ connectionString: service.testDatabase.ownerUrl })
  await owner.connect()
  t.teardown(() => owner.end())
  const user = await service.newUser()
  await user.call('GET', '/auth/me')
  await service.request('POST', '/api/v1/auth/login', { body: { email: user.email, password: PASSWORD } })

  const { rows } = await owner.query('select subject, count from rate_limits order by count')
  t.strictSame(
    rows.map(({ count }) => count),
    [1, 2],
    'one user, and one address that tried twice',
  )
  for (const { subject } of rows) t.match(subject, /^[\w-]{43}$/, 'a hash')
  const table = await owner.query(`select relpersistence from pg_class where relname = 'rate_limits'`)
  t.strictSame(table.rows, [{ relpersistence: 'u' }], 'unlogged')

  await owner.query('update rate_limits set resets_at = now() where count = 2')
  const store = new PostgresStore(service.database)
  await store.sweep()
  t.equal((await owner.query('select from rate_limits')).rowCount, 1, 'the window that had ended is gone')
  await owner.query(`insert into rate_limits select 'x' || n, 1, now() from generate_series(1, 25000) n`)
  await store.sweep()
  t.equal((await owner.query('select from rate_limits')).rowCount, 1, 'however many they are')
})

t.test('a window that has ended begins anew, by the clock of the database', async (t) => {
  const service = await startService(t, { ...shared, RATE_LIMIT_MAX: 1 })
  const owner = new pg.Client({ connectionString: service.testDatabase.ownerUrl })
  await owner.connect()
  t.teardown(() => owner.end())
  const store = new PostgresStore(service.database)
  t.match(await store.hit(['a']), [{ count: 1 }])
  const [second] = await store.hit(['a'])
  t.equal(second?.count, 2)
  t.ok(second && second.endsIn > 0 && second.endsIn <= WINDOW)
  await owner.query('update rate_limits set resets_at = now()')
  t.match(await store.hit(['a']), [{ count: 1 }])
})

t.test('without the database nothing gets past the limits: the request is answered with 503', async (t) => {
  const database = new Database({ url: 'postgres://nobody_service@127.0.0.1:1/nothing', poolMax: 2 })
  t.teardown(() => database.close())
  const error: unknown = await new PostgresStore(database).hit(['a']).catch((error) => error)
  t.match(asProblem(error), { status: 503, code: 'unavailable', headers: { 'retry-after': /^\d+$/ } })
})
