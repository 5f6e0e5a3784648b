import t from 'tap'
import { databaseBefore } from '../helpers/migrations.js'

t.test('of chats that were there before, steps and bytes are counted and answers are found', async (t) => {
  const tables = ['users', 'user_agents', 'agent_instances', 'messages', 'account_clocks']
  const database = await databaseBefore(t, '0009_questions_and_steps', tables)
  await database.query(`
    alter table users disable trigger start_clock;
    insert into users (id, email, password_hash) select gen_random_uuid(), 'a@example.org', 'x';
    insert into user_agents (user_id, id, name) select id, gen_random_uuid(), 'x' from users;
    insert into agent_instances (user_id, id, user_agent_id, message_count)
      select user_id, gen_random_uuid(), id, 6 from user_agents;
    insert into messages
      (user_id, agent_instance_id, seq, id, sender_type, content, requires_user_input, created_revision, revision)
      select user_id, id, n, gen_random_uuid(), sender::sender_type, sender, asks, n, n
      from agent_instances, (values (1, 'AGENT', false), (2, 'AGENT', true), (3, 'AGENT', true), (4, 'USER', false),
        (5, 'AGENT', false), (6, 'AGENT', true)) as m (n, sender, asks)`)

  await database.migrate()
  const answers = await database.query('select answer_seq from messages order by seq')
  t.strictSame(
    answers.rows.map((row) => row.answer_seq),
    [null, 4, 4, null, null, null],
  )
  t.strictSame((await database.query('select step_count from agent_instances')).rows, [{ step_count: 2 }])

  await database.query('insert into account_clocks (user_id) select id from users')
  await database.migrateToLatest()
  const stored = await database.query(`
    select c.stored_bytes::integer as account, i.stored_bytes::integer as run from account_clocks c, agent_instances i`)
  const bytes = 500 + 6 * 300 + 'AGENT'.length * 5 + 'USER'.length
  t.strictSame(stored.rows, [{ account: bytes, run: bytes }])
})
