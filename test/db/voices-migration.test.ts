import t from 'tap'
import { databaseBefore } from '../helpers/migrations.js'

t.test('of chats that were there before, it is known what waits, how much, and what was reported', async (t) => {
  const tables = ['users', 'user_agents', 'agent_instances', 'api_keys', 'messages']
  const database = await databaseBefore(t, '0014_voices_and_queues', tables)
  await database.query(`
    alter table users disable trigger start_clock;
    insert into users (id, email, password_hash) select gen_random_uuid(), 'a@example.org', 'x';
    insert into user_agents (user_id, id, name) select id, gen_random_uuid(), 'x' from users;
    insert into agent_instances (user_id, id, user_agent_id, name, message_count, last_read_seq)
      select user_id, gen_random_uuid(), id, kind, 4, 1 from user_agents, unnest('{launched,terminal}'::text[]) kind;
    insert into api_keys (user_id, id, name, key_prefix, key_hash, scopes, agent_instance_id)
      select user_id, gen_random_uuid(), 'launch ' || id, 'sbx_', 'x', '{agent}', id from agent_instances
      where name = 'launched';
    insert into messages (user_id, agent_instance_id, seq, id, sender_type, content, reported_by_agent, message_metadata,
        created_revision, revision)
      select user_id, id, n, gen_random_uuid(), sender::sender_type,
        case when name = 'terminal' and n = 3 then repeat('x', 70000) else 'äx' end, is_read, metadata::jsonb,
        n + 10 * row, n + 10 * row
      from (select *, row_number() over () as row from agent_instances) as i, (values (1, 'USER', true, null),
        (2, 'AGENT', false, '{"a":1}'), (3, 'USER', false, null), (4, 'USER', true, null))
        as m (n, sender, is_read, metadata)`)

  await database.migrate()
  const { rows } = await database.query(`
    select i.name, i.has_large_queue, array_agg(m.for_agent order by m.seq) as queued,
      array_agg(m.reported_by_agent order by m.seq) as reported, array_agg(m.size order by m.seq) as sizes
    from agent_instances i join messages m on m.agent_instance_id = i.id group by i.id, i.name, i.has_large_queue
    order by i.name`)
  const queued = [false, false, true, false]
  t.strictSame(rows, [
    { name: 'launched', has_large_queue: false, queued, reported: [false, false, false, true], sizes: [3, 11, 3, 3] },
    { name: 'terminal', has_large_queue: true, queued, reported: [true, false, false, true], sizes: [3, 11, 70000, 3] },
  ])
})
