import { randomUUID } from 'node:crypto'
import t from 'tap'
import { retryAfter } from '../../src/modules/webhooks/retry-after.js'
import { nextDelay, RETRY_DELAYS } from '../../src/modules/webhooks/schedule.js'
import { sweep } from '../../src/modules/webhooks/sweep.js'
import { startService } from '../helpers/app.js'
import { connectAsOwner } from '../helpers/owner.js'

const DAY = 24 * 60 * 60 * 1000

t.test('the first retry comes soon, the last after days, and none at exactly its time', async (t) => {
  const delays = RETRY_DELAYS.map((_, index) => nextDelay(RETRY_DELAYS, index + 1) ?? 0)
  for (const [index, delay] of delays.entries()) {
    const least = RETRY_DELAYS[index] ?? 0
    t.ok(delay >= least && delay <= least * 1.2, `${delay} is ${least} or a little more`)
  }
  t.ok((delays[0] ?? Infinity) <= 30_000)
  const total = delays.reduce((sum, delay) => sum + delay, 0)
  t.ok(total > 2 * DAY && total < 5 * DAY)
  t.equal(nextDelay(RETRY_DELAYS, RETRY_DELAYS.length + 1), undefined, 'then it is given up')
  const [some, more] = [1, 2].map(() => Array.from({ length: 20 }, () => nextDelay(RETRY_DELAYS, 9)))
  t.notSame(some, more, 'what failed together is not tried again together')
})

t.test('a receiver that is busy says when to come again, in seconds or by a date, an hour ahead at most', async (t) => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 7)
  const wait = (value: string | string[] | undefined, status = 503) =>
    retryAfter({ status, headers: { 'retry-after': value } }, now)
  const expected: [string, number][] = [
    ['0', 0],
    ['1', 1_000],
    ['120', 120_000],
    ['3600', 3_600_000],
    ['3601', 3_600_000],
    ['9'.repeat(400), 3_600_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 30_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 30_000],
    ['Sun Nov  6 08:49:37 1994', 30_000],
    ['Mon, 07 Nov 1994 08:49:37 GMT', 3_600_000],
    ['Sun, 06 Nov 1994 08:49:00 GMT', 0],
    ['Sun, 99 Nov 1994 08:49:37 GMT', 0],
  ]
  for (const [value, milliseconds] of expected) t.equal(wait(value), milliseconds, value.slice(0, 40))
  for (const value of ['', '-5', '1.5', '5 s', 'tomorrow', '1994-11-06T08:49:37Z']) t.equal(wait(value), 0, value)
  t.equal(wait(undefined), 0)
  t.equal(wait('120', 429), 120_000)
  for (const status of [200, 301, 500, 502, 504]) t.equal(wait('120', status), 0)
  t.equal(nextDelay([10], 1, 5_000), 5_000)
  t.ok((nextDelay([10_000], 1, 5_000) ?? 0) >= 10_000, 'it does not make the next attempt earlier')
  t.equal(nextDelay([10], 2, 5_000), undefined, 'nor is there one more')
})

t.test('old deliveries are deleted, whosever they are, and younger ones stay', async (t) => {
  const { database, newUser, testDatabase } = await startService(t, {}, { webhooks: { concurrency: 0 } })
  const [one, other] = [await newUser(), await newUser()]
  const owner = await connectAsOwner(t, testDatabase)
  for (const [user, age] of [
    [one, '31 days'],
    [one, '29 days'],
    [other, '31 days'],
  ] as const) {
    await owner.query(
      `with event as (
         insert into webhook_events (user_id, id, type, body, created_at)
         values ($1, $2, 'answer', $3, now() - $3::text::interval) returning user_id, id)
       insert into webhook_deliveries (user_id, id, event_id, url, event_type)
       select user_id, id, id, 'sealed', 'answer' from event`,
      [user.id, randomUUID(), age],
    )
  }
  await sweep(database)
  const { rows } = await owner.query(`
    select user_id, body from webhook_events e join webhook_deliveries d using (user_id) where d.event_id = e.id`)
  t.strictSame(rows, [{ user_id: one.id, body: '29 days' }])
})
