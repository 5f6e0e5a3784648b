import { type Kysely, sql } from 'kysely'

/**
 * When the agent of a run was last heard of, whether or not it sends heartbeats.
 *
 *   silent_since       its last message, heartbeat, poll or other call; the run's beginning before the first one
 *   was_heard          there was one
 *   sends_heartbeats   it has sent a heartbeat, and is expected to go on
 *
 * `last_heartbeat_at` stays, though nothing reads it any more, as the version before this one does while it still runs.
 *
 * Both kinds of agents that have fallen silent are found by one index, which replaces that of heartbeats.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(HEARD).execute(db)
}

// The owner is subject to forced row-level security as well, and is nobody: it would see no rows.
const HEARD = `
alter table agent_instances
  add column silent_since timestamptz(3) not null default now(),
  add column was_heard boolean not null default false,
  add column sends_heartbeats boolean not null default false;

alter table agent_instances no force row level security;
alter table messages no force row level security;
update agent_instances i set
  sends_heartbeats = last_heartbeat_at is not null,
  was_heard = h.at is not null,
  silent_since = coalesce(h.at, started_at)
from (
  select user_id, id, greatest(last_heartbeat_at, (
    select created_at from messages m
    where m.user_id = r.user_id and m.agent_instance_id = r.id and m.sender_type = 'AGENT' order by m.seq desc limit 1)) as at
  from agent_instances r
) as h where h.user_id = i.user_id and h.id = i.id;
alter table agent_instances force row level security;
alter table messages force row level security;

drop policy silent on agent_instances;
drop index agent_instances_heartbeat;

create index agent_instances_heard on agent_instances (sends_heartbeats, silent_since)
  where status in ('ACTIVE', 'AWAITING_INPUT', 'PAUSED');
create policy silent on agent_instances for select
  using ((select current_user_id()) is null and silent_since < (select current_silence()));
`
