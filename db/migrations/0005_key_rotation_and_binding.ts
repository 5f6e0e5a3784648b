import { type Kysely, sql } from 'kysely'

/**
 * Keys that are rotated keep their last secret for a while; keys that are bound to one run reach nothing but that run,
 * which row-level security sees to as well: the restrictive policies hold on top of the tenant's.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create function current_instance_id() returns uuid language sql stable
  as $$ select nullif(current_setting('app.instance_id', true), '')::uuid $$;

alter table api_keys
  add column agent_instance_id   uuid,
  add column previous_key_hash   text,
  add column previous_expires_at timestamptz(3),
  add foreign key (user_id, agent_instance_id) references agent_instances (user_id, id) on delete cascade,
  add unique (previous_key_hash, user_id);
create index api_keys_instance on api_keys (user_id, agent_instance_id) where agent_instance_id is not null;

drop policy credential on api_keys;
create policy credential on api_keys for select
  using (key_hash = (select current_credential()) or previous_key_hash = (select current_credential()));

create policy bound on agent_instances as restrictive
  using ((select current_instance_id()) is null or id = (select current_instance_id()));
create policy bound on messages as restrictive
  using ((select current_instance_id()) is null or agent_instance_id = (select current_instance_id()));
`)
    .execute(db)
}
