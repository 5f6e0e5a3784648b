import { type Kysely, sql } from 'kysely'

/**
 * One clock an account. Every change that a live view must hear of takes the next revision of it, so that the changes of
 * an account, whichever run they are of, have one order without gaps.
 *
 * The row of `account_clocks` is the lock: who takes a revision holds it until the commit. So a lower revision can never
 * become visible after a higher one, as it can with a sequence, and a reader that has seen revision n has missed nothing
 * up to n: a single number is the cursor of both live views.
 *
 * Everybody locks runs first and the clock last, and nothing after the clock. Who needs several clocks locks them in the
 * order of `user_id`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(CLOCKS).execute(db)
  await sql.raw(RENUMBER).execute(db)
  await sql.raw(LOG).execute(db)
  await sql.raw(SETS_OF_TENANTS).execute(db)
}

const CLOCKS = `
create table account_clocks (
  user_id  uuid primary key references users (id) on delete cascade,
  revision bigint not null default 0
) with (fillfactor = 50);

create function start_account_clock() returns trigger language plpgsql
  as $$ begin insert into account_clocks (user_id) values (new.id); return null; end $$;
create trigger start_clock after insert on users for each row execute function start_account_clock();
`

// The owner is subject to forced row-level security as well, and is nobody: it would see no rows to renumber.
const RENUMBER = `
alter table users no force row level security;
alter table agent_instances no force row level security;
alter table messages no force row level security;

drop index messages_created_revision;
drop index messages_updated_revision;
alter table messages
  alter column created_revision type bigint,
  alter column revision type bigint,
  add column is_history boolean not null default false;
update messages m set created_revision = o.revision, revision = o.revision from (
  select user_id, agent_instance_id, seq,
    row_number() over (partition by user_id order by reached, agent_instance_id, seq) as revision
  from (select user_id, agent_instance_id, seq,
          max(created_at) over (partition by user_id, agent_instance_id order by seq) as reached from messages) as r
) as o where (o.user_id, o.agent_instance_id, o.seq) = (m.user_id, m.agent_instance_id, m.seq);
create unique index messages_created_revision on messages (user_id, created_revision);
create unique index messages_updated_revision on messages (user_id, revision) where revision > created_revision;
insert into account_clocks (user_id, revision)
  select id, (select count(*) from messages where user_id = users.id) from users;

-- status_before_stale: what the run goes back to when the agent gives a sign of life again.
alter table agent_instances
  drop column revision, drop column status_revision, drop column git_diff_revision,
  add column status_before_stale agent_instance_status;
-- Those that send heartbeats and are not known to have ended: where to look for the ones that have fallen silent.
create index agent_instances_heartbeat on agent_instances (last_heartbeat_at)
  where last_heartbeat_at is not null and status in ('ACTIVE', 'AWAITING_INPUT', 'PAUSED');

-- Every post writes to each index of its run. Of the runs in a status, those that wait for people are looked for most.
drop index agent_instances_type_status;
create index agent_instances_awaiting on agent_instances (user_id, user_agent_id, last_activity_at desc, id desc)
  where status = 'AWAITING_INPUT';

alter table users force row level security;
alter table agent_instances force row level security;
alter table messages force row level security;
`

const LOG = `
create type account_event_kind as enum
  ('instance_created', 'status_changed', 'git_diff_changed', 'instance_deleted', 'credential_revoked');

-- What has happened besides messages, which carry their revisions themselves. Nothing here refers to a run: what is said
-- of a deleted one outlives it.
--   status         of the run, with status_changed
--   credential_id  with credential_revoked: a session or an API key that must not be served any longer; null for all
-- It refers to the clock, which whoever logs has locked: to check that the account is there would mean to wait for
-- somebody who deletes it, and who waits for the clock.
create table account_events (
  user_id           uuid not null references account_clocks (user_id) on delete cascade,
  revision          bigint not null,
  kind              account_event_kind not null,
  agent_instance_id uuid,
  status            agent_instance_status,
  credential_id     uuid,
  created_at        timestamptz(3) not null default clock_timestamp(),
  primary key (user_id, revision)
);
create index account_events_instance on account_events (user_id, agent_instance_id, revision);

-- Runs are deleted in several ways, mostly with what they belong to; however it happens, those who watch are told.
-- When the account itself goes there is nobody left to tell.
create function log_deleted_instances() returns trigger language plpgsql as $$
begin
  delete from account_events e using gone g
    where e.user_id = g.user_id and e.agent_instance_id = g.id and e.kind <> 'instance_deleted';
  with ticked as (
    update account_clocks c set revision = c.revision + g.runs
    from (select user_id, count(*) as runs from gone group by user_id) as g
    where c.user_id = g.user_id and exists (select from users where id = c.user_id)
    returning c.user_id, c.revision - g.runs as base)
  insert into account_events (user_id, revision, kind, agent_instance_id)
    select g.user_id, t.base + row_number() over (partition by g.user_id order by g.id), 'instance_deleted', g.id
    from gone g join ticked t on t.user_id = g.user_id;
  return null;
end $$;
create trigger log_deleted after delete on agent_instances
  referencing old table as gone for each statement execute function log_deleted_instances();

alter table account_clocks enable row level security;
alter table account_clocks force row level security;
create policy tenant on account_clocks
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));

alter table account_events enable row level security;
alter table account_events force row level security;
create policy tenant on account_events
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
`

// Requests that arrive together are served by one statement. These policies open exactly the tenants that are among
// them, and only what such a statement does. `is true` keeps the planner from looking for rows by the policy: it thinks
// that few belong to these tenants, and would read all of theirs instead of the few that the statement asks for.
const SETS_OF_TENANTS = `
create function current_user_ids() returns uuid[] language sql stable
  as $$ select nullif(current_setting('app.user_ids', true), '')::uuid[] $$;

create policy several on agent_instances for select using ((user_id = any ((select current_user_ids())::uuid[])) is true);
create policy several_advance on agent_instances for update
  using ((user_id = any ((select current_user_ids())::uuid[])) is true);
create policy several on messages for select using ((user_id = any ((select current_user_ids())::uuid[])) is true);
create policy several_append on messages for insert
  with check ((user_id = any ((select current_user_ids())::uuid[])) is true);
create policy several on account_clocks for select using ((user_id = any ((select current_user_ids())::uuid[])) is true);
create policy several_advance on account_clocks for update
  using ((user_id = any ((select current_user_ids())::uuid[])) is true);
create policy several_append on account_events for insert
  with check ((user_id = any ((select current_user_ids())::uuid[])) is true);

-- Who looks for runs that have fallen silent does so in nobody's name, and says since when.
create function current_silence() returns timestamptz language sql stable
  as $$ select nullif(current_setting('app.silent_since', true), '')::timestamptz $$;
create policy silent on agent_instances for select
  using ((select current_user_id()) is null and last_heartbeat_at < (select current_silence()));
`
