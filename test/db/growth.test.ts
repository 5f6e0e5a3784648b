import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import t from 'tap'
import { startService, type TestService, type TestUser } from '../helpers/app.js'
import { connectAsOwner } from '../helpers/owner.js'

const PAGE = 50

/** Rows that errands of the service may read meanwhile; of 6,000 runs, 8 requests would read 48,000. */
const SLACK = 100

/** Runs of the account, step by step. */
const SIZES = [60, 600, 6000]

/**
 * PostgreSQL counts the rows that it reads. For each size of an account, the same requests must read as many: with tables
 * that nobody has analyzed since they were loaded, with a plan that was made before that, and with tables that were analyzed.
 */
t.test('what the requests of every day read does not grow with the account', async (t) => {
  const service = await startService(t, {}, { poolMax: 1 })
  const owner = await connectAsOwner(t, service.testDatabase)
  const user = await service.newUser()
  const agent = await user.newAgent(['agent', 'read'])
  const run = randomUUID()
  const post = (content: string) =>
    agent('POST', '/messages/agent', { agent_instance_id: run, agent_type: 'planner', content })
  const requests: Record<string, () => Promise<{ status: number }>> = {
    list: () => user.call('GET', `/agent-instances?limit=${PAGE}`),
    detail: () => user.call('GET', `/agent-instances/${run}?message_limit=20`),
    pending: () => agent('GET', `/messages/pending?agent_instance_id=${run}`),
    post: () => post('a step'),
  }
  for (let i = 0; i < 25; i++) await post(`step ${i}`)

  const read: Record<string, number[]> = Object.fromEntries(Object.keys(requests).map((name) => [name, []]))
  let runs = 1
  for (const size of SIZES) {
    await fill(owner, user, size - runs)
    runs = size
    for (const state of ['loaded', 'analyzed']) {
      if (state === 'analyzed') await owner.query('analyze')
      for (const [name, request] of Object.entries(requests)) {
        const before = await rowsRead(service, owner)
        // As often as PostgreSQL tries a statement before it keeps a plan, and more.
        for (let i = 0; i < 8; i++) t.equal((await request()).status, 200)
        read[name]?.push((await rowsRead(service, owner)) - before)
      }
    }
  }
  for (const [name, counts] of Object.entries(read)) {
    const [first = 0, ...others] = counts
    t.ok(first > 0, `${name}: the rows are counted`)
    for (const count of others) t.ok(count <= first * 1.5 + SLACK, `${name}: ${counts.join(', ')}`)
  }
})

/** Adds runs with a message each, with later activity than those before. */
async function fill(owner: pg.Client, user: TestUser, count: number): Promise<void> {
  await owner.query(
    `with made as (
       insert into agent_instances (user_id, id, user_agent_id, message_count, last_read_seq, last_activity_at)
       select a.user_id, gen_random_uuid(), a.id, 1, 1, now() - n * interval '1 second'
       from user_agents a, generate_series(1, $2::integer) n where a.user_id = $1 limit $2
       returning user_id, id)
     insert into messages (user_id, agent_instance_id, seq, id, sender_type, content, created_revision, revision)
     select m.user_id, m.id, 1, gen_random_uuid(), 'AGENT', 'x', r, r
     from (select *, (select revision from account_clocks where user_id = $1) + row_number() over (order by id) as r
           from made) as m`,
    [user.id, count],
  )
  await owner.query('update account_clocks set revision = revision + $2 where user_id = $1', [user.id, count])
}

/** Rows that were read so far. The service has one connection, which hands in what it has counted. */
async function rowsRead({ database }: TestService, owner: pg.Client): Promise<number> {
  await database.withClient('errands', (client) => client.query('select pg_stat_force_next_flush()'))
  const { rows } = await owner.query<{ count: number }>(
    `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::float8 as count from pg_stat_user_tables`,
  )
  return rows[0]?.count ?? 0
}
