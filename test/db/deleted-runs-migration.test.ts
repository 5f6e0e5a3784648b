import t from 'tap'
import { databaseBefore } from '../helpers/migrations.js'

t.test('a run that lives again under the id of a deleted one is rid of its past', async (t) => {
  const tables = ['users', 'user_agents', 'agent_instances', 'account_clocks', 'account_events']
  const database = await databaseBefore(t, '0015_deleted_runs', tables)
  await database.query(`
    insert into users (id, email, password_hash) select gen_random_uuid(), n || '@example.org', 'x' from generate_series(1, 2) n;
    insert into user_agents (user_id, id, name) select id, gen_random_uuid(), 'x' from users;
    insert into agent_instances (user_id, id, user_agent_id) select user_id, gen_random_uuid(), id from user_agents;
    update account_clocks set stored_bytes = 1000;
    insert into account_events (user_id, revision, kind, agent_instance_id)
      select i.user_id, n, kind::account_event_kind, case n when 3 then gen_random_uuid() else i.id end
      from agent_instances i join users u on u.id = i.user_id,
        (values (1, 'instance_deleted'), (2, 'instance_created'), (3, 'instance_deleted')) as e (n, kind)
      where u.email = '1@example.org'`)
  await database.migrate()
  const { rows } = await database.query(`
    select email, stored_bytes::integer as bytes,
      array(select revision::integer from account_events e where e.user_id = u.id order by revision) as events
    from users u join account_clocks c on c.user_id = u.id order by email`)
  t.strictSame(rows, [
    { email: '1@example.org', bytes: 850, events: [2, 3] },
    { email: '2@example.org', bytes: 1000, events: [] },
  ])
})
