import { Kysely, Migrator, PostgresDialect } from 'kysely'
import pg from 'pg'
import t from 'tap'
import { migrations, withSealing } from '../../db/migrations/index.js'
import { emptyDatabase } from '../helpers/database.js'

t.test('of chats that were there before, steps and bytes are counted and answers are found', async (t) => {
  const { url } = await emptyDatabase(t)
  const pool = new pg.Pool({ connectionString: url })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  t.teardown(() => db.destroy())
  const name = '0009_questions_and_steps'
  const upTo = (isIncluded: (migration: [string, unknown]) => boolean) =>
    Object.fromEntries(Object.entries(migrations).filter(isIncluded))
  const migrate = async (some: typeof migrations) => {
    const { error } = await new Migrator({
      db,
      provider: { getMigrations: async () => withSealing(some) },
    }).migrateToLatest()
    t.equal(error, undefined)
  }
  await migrate(upTo(([other]) => other < name))
  const tables = ['users', 'user_agents', 'agent_instances', 'messages']
  const wall = (no: string) => tables.map((table) => `alter table ${table} ${no} force row level security`).join(';')
  await pool.query(`
    ${wall('no')};
    alter table users disable trigger start_clock;
    insert into users (id, email, password_hash) select gen_random_uuid(), 'a@example.org', 'x';
    insert into user_agents (user_id, id, name) select id, gen_random_uuid(), 'x' from users;
    insert into agent_instances (user_id, id, user_agent_id, message_count)
      select user_id, gen_random_uuid(), id, 6 from user_agents;
    insert into messages
      (user_id, agent_instance_id, seq, id, sender_type, content, requires_user_input, created_revision, revision)
      select user_id, id, n, gen_random_uuid(), sender::sender_type, sender, asks, n, n
      from agent_instances, (values (1, 'AGENT', false), (2, 'AGENT', true), (3, 'AGENT', true), (4, 'USER', false),
        (5, 'AGENT', false), (6, 'AGENT', true)) as m (n, sender, asks);
    ${wall('')}`)

  await migrate(upTo(([other]) => other <= name))
  await pool.query(wall('no'))
  const answers = await pool.query('select answer_seq from messages order by seq')
  t.strictSame(
    answers.rows.map((row) => row.answer_seq),
    [null, 4, 4, null, null, null],
  )
  t.strictSame((await pool.query('select step_count from agent_instances')).rows, [{ step_count: 2 }])

  await pool.query(`
    alter table account_clocks no force row level security;
    insert into account_clocks (user_id) select id from users`)
  await migrate(migrations)
  await pool.query(`${wall('no')}; alter table account_clocks no force row level security`)
  const stored = await pool.query(`
    select c.stored_bytes::integer as account, i.stored_bytes::integer as run from account_clocks c, agent_instances i`)
  const bytes = 500 + 6 * 300 + 'AGENT'.length * 5 + 'USER'.length
  t.strictSame(stored.rows, [{ account: bytes, run: bytes }])
})
