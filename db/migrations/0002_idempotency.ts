import { type Kysely, sql } from 'kysely'

/**
 * First answers to requests that carried an Idempotency-Key, so that the same request again gets the same answer.
 * Key and request are kept as hashes, the answer encrypted: nothing here can be read without the caller's key.
 *
 * Whoever sweeps does so in nobody's name, and sees what has expired and nothing else.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table idempotency_keys (
  user_id      uuid not null references users (id) on delete cascade,
  key_hash     text not null,
  request_hash text not null,
  answer       bytea,
  created_at   timestamptz(3) not null default now(),
  primary key (user_id, key_hash)
);
create index idempotency_keys_age on idempotency_keys (created_at);

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy tenant on idempotency_keys
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
create policy expired on idempotency_keys for select
  using ((select current_user_id()) is null and created_at < now() - interval '24 hours');
create policy sweep on idempotency_keys for delete
  using ((select current_user_id()) is null and created_at < now() - interval '24 hours');
`)
    .execute(db)
}
