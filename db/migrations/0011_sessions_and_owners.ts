import { type Kysely, sql } from 'kysely'

/**
 * Sessions of people; what tells the things of an account's owner from those of whoever had it before; and pauses after
 * failed logins.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(SESSIONS).execute(db)
  await sql.raw(OWNERS).execute(db)
  await sql.raw(LOGIN_PAUSES).execute(db)
}

// A session is there as long as it is good: who ends it deletes it, with its refresh tokens. Access tokens name it.
// The owner is subject to forced row-level security as well, and is nobody: it would see no tokens to make sessions of.
const SESSIONS = `
create table sessions (
  user_id      uuid not null references users (id) on delete cascade,
  id           uuid not null,
  created_at   timestamptz(3) not null default now(),
  last_used_at timestamptz(3) not null default now(),
  address      text,
  user_agent   text,
  primary key (user_id, id)
);
alter table refresh_tokens no force row level security;
insert into sessions (user_id, id, created_at, last_used_at)
  select user_id, family_id, min(created_at), max(created_at) from refresh_tokens group by user_id, family_id;
alter table refresh_tokens force row level security;

alter table refresh_tokens rename column family_id to session_id;
alter index refresh_tokens_family rename to refresh_tokens_session;
alter table refresh_tokens add foreign key (user_id, session_id) references sessions (user_id, id) on delete cascade;

alter table sessions enable row level security;
alter table sessions force row level security;
create policy tenant on sessions
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
`

// users.since_revision: the account's revision at which its owner moved in. What was set up before is somebody else's,
// and neither lets anybody in nor calls anybody, whether or not it has been cleared away yet. What can be numerous says
// at which revision it was set up; messages have their own.
// takeovers: accounts that were moved into, and have things of before to be cleared away.
// Deliveries outlive their webhook until they are swept: an account may have any number of them, and who takes a webhook
// away must not have to wait for that.
const OWNERS = `
alter table users add column since_revision bigint not null default 0;
alter table api_keys add column since_revision bigint not null default 0;
alter table user_agents add column webhook_since_revision bigint not null default 0;
create index api_keys_unbound on api_keys (user_id, id) where agent_instance_id is null and revoked_at is null;
create index user_agents_webhooks on user_agents (user_id, id) where webhook_type is not null;
alter table webhook_deliveries drop constraint webhook_deliveries_user_id_webhook_id_fkey;

create table takeovers (
  user_id    uuid primary key references users (id) on delete cascade,
  created_at timestamptz(3) not null default clock_timestamp()
);
alter table takeovers enable row level security;
alter table takeovers force row level security;
create policy tenant on takeovers
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
create policy errand on takeovers for select
  using ((select current_user_id()) is null and (select current_task()) = 'takeovers');
`

// Belongs to no tenant: most addresses that are tried are nobody's. Subjects are keyed hashes. Unlogged, as rate_limits.
const LOGIN_PAUSES = `
create unlogged table login_pauses (
  subject text primary key,
  count   integer not null,
  free_at timestamptz(3) not null,
  ends_at timestamptz(3) not null
) with (fillfactor = 50);
create index login_pauses_end on login_pauses (ends_at);
`
