import { randomUUID } from 'node:crypto'
import t from 'tap'
import { prepareDatabase } from '../../db/migrate.js'
import { take } from '../../src/queue/jobs.js'
import { startService } from '../helpers/app.js'
import { emptyDatabase } from '../helpers/database.js'
import { connectAsOwner } from '../helpers/owner.js'

t.test('a tenant reaches its own jobs and no others; nobody reaches any', async (t) => {
  const service = await startService(t, {}, { webhooks: { pollInterval: 60_000 } })
  const owner = await connectAsOwner(t, service.testDatabase)
  const [mine, theirs] = [await service.newUser(), await service.newUser()]
  for (const { id } of [mine, theirs]) {
    await owner.query(
      `insert into signalbox_queue.job (name, data, start_after)
       values ('deliveries', jsonb_build_object('user_id', $1::text, 'delivery_id', $1::text), now() + interval '1 hour')`,
      [id],
    )
  }
  const see = async (userId: string) => {
    const sees = `select data ->> 'user_id' as user_id from signalbox_queue.job`
    const [result] = await service.database.tenant(userId).run([{ sql: sees, parameters: [] }])
    return result?.rows.map(({ user_id }) => user_id)
  }
  t.strictSame(await see(mine.id), [mine.id])
  t.strictSame(await see(randomUUID()), [])
  const forge = service.database.tenant(mine.id).run([
    {
      sql: `insert into signalbox_queue.job (name, data) values ('deliveries', jsonb_build_object('user_id', $1::text))`,
      parameters: [theirs.id],
    },
  ])
  await t.rejects(forge, /row-level security/)
})

t.test('the service may work the queue off, and not change how it is built', async (t) => {
  const { database } = await startService(t)
  for (const sql of [
    'create table signalbox_queue.mine (id int)',
    'drop table signalbox_queue.job',
    'truncate signalbox_queue.job',
    `select signalbox_queue.create_queue('other', '{}')`,
    `insert into signalbox_queue.queue (name) values ('other')`,
  ]) {
    await t.rejects(database.queue().run([{ sql, parameters: [] }]), /permission denied|must be owner/, sql)
  }
})

t.test('several replicas that start at once install the queue once', async (t) => {
  const { url } = await emptyDatabase(t)
  const urls = await Promise.all([1, 2, 3].map(() => prepareDatabase(url, 'the secret of this test')))
  t.equal(new Set(urls).size, 1)
  await t.resolves(prepareDatabase(url, 'the secret of this test'), 'and again')
})

t.test('however many jobs wait for later or for their account, those to take are found by an index', async (t) => {
  const service = await startService(t, {}, { webhooks: { concurrency: 0 } })
  const owner = await connectAsOwner(t, service.testDatabase)
  await owner.query(`insert into signalbox_queue.job (name, data, start_after)
    select 'deliveries', jsonb_build_object('user_id', gen_random_uuid()), now() + interval '1 day' from generate_series(1, 20000)`)
  const full = randomUUID()
  await owner.query(
    `insert into signalbox_queue.job (name, data, start_after)
    select 'deliveries', jsonb_build_object('user_id', $1::uuid), now() - interval '1 hour' from generate_series(1, 5000)`,
    [full],
  )
  await owner.query('analyze signalbox_queue.job')
  const { sql, parameters } = take(1, 20, { underWay: [full, full], perAccount: 2 })
  for (const mode of ['force_custom_plan', 'force_generic_plan']) {
    const { plan, taken } = await service.database.withClient('errands', async (client) => {
      await client.query(
        `begin; set local role ${service.database.roleOf('queue')}; set local plan_cache_mode = ${mode}`,
      )
      const explained = await client.query(`explain ${sql}`, [...parameters])
      const { rows } = await client.query(sql, [...parameters])
      await client.query('rollback')
      return { plan: explained.rows.map((row) => row['QUERY PLAN']).join('\n'), taken: rows }
    })
    t.match(plan, /Index Scan (using|on) \w+_i5 /)
    t.notMatch(plan, /Seq Scan/)
    t.strictSame(taken, [])
  }
})

t.test('of an account no more is taken than it has room for, and what is left is not written to', async (t) => {
  const service = await startService(t, {}, { webhooks: { concurrency: 0 } })
  const owner = await connectAsOwner(t, service.testDatabase)
  const [one, other, full] = [randomUUID(), randomUUID(), randomUUID()]
  const add = (account: string, count: number, ago: string) =>
    owner.query(
      `insert into signalbox_queue.job (name, data, start_after)
      select 'deliveries', jsonb_build_object('user_id', $1::uuid), now() - $3::interval from generate_series(1, $2)`,
      [account, count, ago],
    )
  await add(full, 50, '3 hours')
  await add(one, 10, '2 hours')
  await add(other, 1, '1 hour')
  const takeSome = async (count: number, underWay: string[]) => {
    const [result] = await service.database.queue().run([take(1, count, { underWay, perAccount: 3 })])
    return (result?.rows ?? []).map(({ user_id }) => user_id)
  }
  const atWork = [full, full, one, full]
  t.strictSame(await takeSome(5, atWork), [one, one], 'the oldest first, as many as there is room for')
  t.strictSame(await takeSome(5, [...atWork, one, one]), [other])
  t.strictSame(await takeSome(5, [...atWork, one, one, other]), [])
  const { rows } = await owner.query(
    `select count(*)::int as waiting from signalbox_queue.job where state = 'created' and start_after < now() - interval '90 minutes'`,
  )
  t.strictSame(rows, [{ waiting: 58 }])
})

t.test(
  'who looks for accounts with waiting events sees two numbers of those with webhooks, and nothing else',
  async (t) => {
    const service = await startService(t)
    const [watched, unwatched] = [await service.newUser(), await service.newUser()]
    await watched.call('POST', '/webhooks', { url: 'https://receiver.example/', events: ['message.created'] })
    const see = async (columns: string, table: string) => {
      const [result] = await service.database
        .errands()
        .run([{ sql: `select ${columns} from ${table}`, parameters: [] }])
      return result?.rows
    }
    t.match(await see('user_id, revision', 'webhook_cursors'), [{ user_id: watched.id, revision: Number }])
    const clocks = await see('user_id, revision', 'account_clocks')
    t.strictSame(
      clocks?.map(({ user_id }) => user_id),
      [watched.id],
      `and not ${unwatched.id}`,
    )
    await t.rejects(see('stored_bytes', 'account_clocks'), { code: '42501' })
    for (const table of ['webhooks', 'webhook_deliveries', 'messages', 'users', 'account_events']) {
      await t.rejects(see('*', table), { code: '42501' }, table)
    }
    const cursors = [{ sql: 'select from webhook_cursors', parameters: [] }]
    await t.rejects(service.database.queue().run(cursors), { code: '42501' })
  },
)
