import { type Kysely, sql } from 'kysely'

/**
 * A run that was deleted stays deleted: for 90 days none is made under its id. The event that tells of the deletion says so,
 * and goes when the id is used again, so that whoever reads the events of a run never reads those of another life of it.
 *
 * src/modules/agent-instances/deleted-runs.ts has the same number of days.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(FORGET).execute(db)
  await sql.raw(REFUSE).execute(db)
}

// The owner is subject to forced row-level security as well, and is nobody: it would see no rows.
const FORGET = `
alter table account_clocks no force row level security;
alter table account_events no force row level security;
alter table agent_instances no force row level security;

with forgotten as (
  delete from account_events e using agent_instances i
  where e.kind = 'instance_deleted' and i.user_id = e.user_id and i.id = e.agent_instance_id
  returning e.user_id
)
update account_clocks c set stored_bytes = c.stored_bytes - 150 * f.events
from (select user_id, count(*) as events from forgotten group by user_id) as f where c.user_id = f.user_id;

alter table account_clocks force row level security;
alter table account_events force row level security;
alter table agent_instances force row level security;
`

// Whoever makes a run looks for a deletion first. One that was committed after that, while the INSERT waited for it, only a
// later statement sees.
const REFUSE = `
create function refuse_deleted_instance() returns trigger language plpgsql as $$
begin
  if exists (
    select from account_events where user_id = new.user_id and agent_instance_id = new.id
      and kind = 'instance_deleted' and created_at > now() - interval '90 days'
  ) then
    raise exception 'the agent instance % was deleted', new.id using errcode = 'SB410';
  end if;
  return null;
end $$;
create trigger refuse_deleted after insert on agent_instances
  for each row execute function refuse_deleted_instance();
`
