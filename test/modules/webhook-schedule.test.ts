import { randomUUID } from 'node:crypto'
import t from 'tap'
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
