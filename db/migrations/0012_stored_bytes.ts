import { type Kysely, sql } from 'kysely'

/**
 * How many bytes an account stores, counted where they are stored: about, with what rows and their indexes take.
 *
 *   account_clocks.stored_bytes    of the account; whoever stores something has the clock locked anyway
 *   agent_instances.stored_bytes   of those, what goes with the run: the account has them back when it is deleted
 *
 * What a message, a run and an event are counted with beside their texts says src/modules/storage/sizes.ts.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(COUNT).execute(db)
  await sql.raw(GIVE_BACK).execute(db)
}

// The owner is subject to forced row-level security as well, and is nobody: it would see no rows.
const COUNT = `
alter table account_clocks add column stored_bytes bigint not null default 0;
alter table agent_instances add column stored_bytes bigint not null default 0;

alter table account_clocks no force row level security;
alter table agent_instances no force row level security;
alter table messages no force row level security;

update agent_instances i set stored_bytes = 500 + octet_length(coalesce(i.name, '')) + octet_length(coalesce(i.git_diff, ''))
  + coalesce(pg_column_size(i.instance_metadata), 0) + coalesce((
    select sum(300 + octet_length(content) + coalesce(pg_column_size(message_metadata), 0)) from messages m
    where m.user_id = i.user_id and m.agent_instance_id = i.id), 0);
update account_clocks c set stored_bytes = coalesce((
  select sum(i.stored_bytes) from agent_instances i where i.user_id = c.user_id), 0);

alter table account_clocks force row level security;
alter table agent_instances force row level security;
alter table messages force row level security;
`

// The event that tells of a deleted run stays.
const GIVE_BACK = `
create or replace function log_deleted_instances() returns trigger language plpgsql as $$
begin
  delete from account_events e using gone g
    where e.user_id = g.user_id and e.agent_instance_id = g.id and e.kind <> 'instance_deleted';
  with ticked as (
    update account_clocks c set revision = c.revision + g.runs, stored_bytes = c.stored_bytes - g.bytes + 150 * g.runs
    from (select user_id, count(*) as runs, sum(stored_bytes) as bytes from gone group by user_id) as g
    where c.user_id = g.user_id and exists (select from users where id = c.user_id)
    returning c.user_id, c.revision - g.runs as base)
  insert into account_events (user_id, revision, kind, agent_instance_id)
    select g.user_id, t.base + row_number() over (partition by g.user_id order by g.id), 'instance_deleted', g.id
    from gone g join ticked t on t.user_id = g.user_id;
  return null;
end $$;
`
