import t from 'tap'
import { prepareDatabase } from '../../db/migrate.js'
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
  const see = async (userId: string | undefined) => {
    const [, result] = await service.database.run([
      { sql: "select set_config('app.user_id', $1, true)", parameters: [userId ?? ''] },
      { sql: `select data ->> 'user_id' as user_id from signalbox_queue.job`, parameters: [] },
    ])
    return result?.rows.map(({ user_id }) => user_id)
  }
  t.strictSame(await see(mine.id), [mine.id])
  t.strictSame(await see(undefined), [])
  const forge = service.database.run([
    { sql: "select set_config('app.user_id', $1, true)", parameters: [mine.id] },
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
    await t.rejects(database.run([{ sql, parameters: [] }]), /permission denied|must be owner/, sql)
  }
})

t.test('several replicas that start at once install the queue once', async (t) => {
  const { url } = await emptyDatabase(t)
  const urls = await Promise.all([1, 2, 3].map(() => prepareDatabase(url, 'the secret of this test')))
  t.equal(new Set(urls).size, 1)
  await t.resolves(prepareDatabase(url, 'the secret of this test'), 'and again')
})

t.test('however many jobs wait for later, those that are due are found by an index', async (t) => {
  const service = await startService(t, {}, { webhooks: { concurrency: 0 } })
  const owner = await connectAsOwner(t, service.testDatabase)
  await owner.query(`insert into signalbox_queue.job (name, data, start_after)
    select 'deliveries', jsonb_build_object('user_id', gen_random_uuid()), now() + interval '1 day' from generate_series(1, 20000)`)
  await owner.query('analyze signalbox_queue.job')
  const plan = await service.database.withClient('errands', async (client) => {
    await client.query(`begin; select set_config('app.task', 'queue', true)`)
    const { rows } = await client.query(`explain select id from signalbox_queue.job
      where name = 'deliveries' and state < 'active' and start_after < now() order by created_on, id limit 20
      for update skip locked`)
    await client.query('rollback')
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
  t.match(plan, /Index Scan using/)
  t.notMatch(plan, /Seq Scan/)
})

t.test(
  'who looks for accounts with waiting events sees two numbers of those with webhooks, and nothing else',
  async (t) => {
    const service = await startService(t)
    const [watched, unwatched] = [await service.newUser(), await service.newUser()]
    await watched.call('POST', '/webhooks', { url: 'https://receiver.example/', events: ['message.created'] })
    const see = async (task: string, table: string) => {
      const [, result] = await service.database.run([
        { sql: "select set_config('app.task', $1, true)", parameters: [task] },
        { sql: `select * from ${table}`, parameters: [] },
      ])
      return result?.rows
    }
    t.match(await see('webhooks', 'webhook_cursors'), [{ user_id: watched.id, revision: Number }])
    const clocks = await see('webhooks', 'account_clocks')
    t.strictSame(
      clocks?.map(({ user_id }) => user_id),
      [watched.id],
      `and not ${unwatched.id}`,
    )
    for (const table of ['webhooks', 'webhook_deliveries', 'messages', 'users', 'account_events']) {
      for (const task of ['webhooks', 'queue']) t.strictSame(await see(task, table), [], `${task}: ${table}`)
    }
    t.strictSame(await see('queue', 'webhook_cursors'), [])
  },
)
