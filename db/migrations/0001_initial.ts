import { type Kysely, sql } from 'kysely'

/**
 * The first schema. Two rules hold for every table and are checked against the catalog by a test:
 * primary and foreign keys of tenant tables start with `user_id`, and row-level security is enabled and forced.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(SCHEMA).execute(db)
}

const SCHEMA = `
-- The caller's scope, set for one transaction at a time. An unset setting reads as NULL, one that was set in an earlier
-- transaction of the session reads as '': both mean "nobody", and a policy that compares with NULL lets nothing through.
create function current_user_id() returns uuid language sql stable
  as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

-- What an unauthenticated caller has shown to know: an e-mail address at login, the hash of a key or of a refresh token.
-- It opens exactly the row that carries it, for reading only.
create function current_credential() returns text language sql stable
  as $$ select nullif(current_setting('app.credential', true), '') $$;

create type agent_instance_status as enum
  ('ACTIVE', 'AWAITING_INPUT', 'PAUSED', 'STALE', 'COMPLETED', 'FAILED', 'KILLED', 'DISCONNECTED');
create type sender_type as enum ('AGENT', 'USER');

create table users (
  id            uuid primary key,
  email         text not null unique,
  display_name  text,
  password_hash text not null,
  created_at    timestamptz(3) not null default now()
);

-- One row a token. A login opens a family; each refresh marks its token used and adds the next one. A used token that
-- comes back was stolen, from or by whoever shows it: the whole family goes.
create table refresh_tokens (
  user_id    uuid not null references users (id) on delete cascade,
  id         uuid not null,
  family_id  uuid not null,
  token_hash text not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at    timestamptz(3),
  primary key (user_id, id),
  unique (token_hash, user_id)
);
create index refresh_tokens_family on refresh_tokens (user_id, family_id);

create table api_keys (
  user_id      uuid not null references users (id) on delete cascade,
  id           uuid not null,
  name         text not null,
  key_prefix   text not null,
  key_hash     text not null,
  scopes       text[] not null check (scopes <@ array['agent', 'read'] and cardinality(scopes) > 0),
  created_at   timestamptz(3) not null default now(),
  expires_at   timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at   timestamptz(3),
  primary key (user_id, id),
  unique (key_hash, user_id)
);

create table user_agents (
  user_id    uuid not null references users (id) on delete cascade,
  id         uuid not null,
  name       text not null,
  is_active  boolean not null default true,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (user_id, id),
  unique (user_id, name)
);

-- The row is the lock of its chat: whoever writes to an instance updates this row first, so the two counters are
-- gapless and become visible in their own order.
--   message_count  the seq of the last message
--   revision       counts the changes that a live view must hear of; each change carries a number of its own
--   last_read_*    the agent's place in the chat: the message it read last, and the seq up to which people's messages
--                  were handed to it
create table agent_instances (
  user_id              uuid not null,
  id                   uuid not null,
  user_agent_id        uuid not null,
  name                 text,
  status               agent_instance_status not null default 'ACTIVE',
  instance_metadata    jsonb,
  git_diff             text,
  started_at           timestamptz(3) not null default now(),
  ended_at             timestamptz(3),
  last_activity_at     timestamptz(3) not null default now(),
  last_heartbeat_at    timestamptz(3),
  message_count        integer not null default 0,
  last_read_message_id uuid,
  last_read_seq        integer not null default 0,
  revision             integer not null default 0,
  status_revision      integer not null default 0,
  git_diff_revision    integer not null default 0,
  primary key (user_id, id),
  foreign key (user_id, user_agent_id) references user_agents (user_id, id) on delete cascade
);
create index agent_instances_activity on agent_instances (user_id, last_activity_at desc, id desc);
create index agent_instances_type_activity on agent_instances (user_id, user_agent_id, last_activity_at desc, id desc);
create index agent_instances_type_status on agent_instances
  (user_id, user_agent_id, status, last_activity_at desc, id desc);

-- reported_by_agent: a person's words that the agent itself sent in, as already read; never handed to it again.
-- created_revision: the instance's revision that added the message; revision: the one that last changed it.
create table messages (
  user_id             uuid not null,
  agent_instance_id   uuid not null,
  seq                 integer not null,
  id                  uuid not null,
  sender_type         sender_type not null,
  content             text not null,
  requires_user_input boolean not null default false,
  reported_by_agent   boolean not null default false,
  message_metadata    jsonb,
  created_at          timestamptz(3) not null default now(),
  created_revision    integer not null,
  revision            integer not null,
  primary key (user_id, agent_instance_id, seq),
  unique (user_id, id),
  foreign key (user_id, agent_instance_id) references agent_instances (user_id, id) on delete cascade
);
create index messages_created_revision on messages (user_id, agent_instance_id, created_revision);
create index messages_updated_revision on messages (user_id, agent_instance_id, revision)
  where revision > created_revision;

alter table users enable row level security;
alter table users force row level security;
create policy tenant on users
  using (id = (select current_user_id())) with check (id = (select current_user_id()));
create policy credential on users for select using (email = (select current_credential()));

alter table refresh_tokens enable row level security;
alter table refresh_tokens force row level security;
create policy tenant on refresh_tokens
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
create policy credential on refresh_tokens for select using (token_hash = (select current_credential()));

alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy tenant on api_keys
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
create policy credential on api_keys for select using (key_hash = (select current_credential()));

alter table user_agents enable row level security;
alter table user_agents force row level security;
create policy tenant on user_agents
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));

alter table agent_instances enable row level security;
alter table agent_instances force row level security;
create policy tenant on agent_instances
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));

alter table messages enable row level security;
alter table messages force row level security;
create policy tenant on messages
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
`
