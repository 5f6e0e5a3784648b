import { type Kysely, sql } from 'kysely'

/**
 * The schema. A test checks two rules for every table: primary and foreign keys of tenant tables start with `user_id`, and
 * row-level security is enabled and forced. Who reaches what is not decided here but in db/access.ts.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [SETTINGS, ACCOUNTS, USER_AGENTS, INSTANCES, MESSAGES, LOG, WEBHOOKS, REQUESTS, COUNTERS, WALLS]) {
    await sql.raw(part).execute(db)
  }
}

// What a scope sets for one transaction at a time (db/tenant.ts), and policies compare with (db/access.ts). An unset
// setting reads as NULL, one that an earlier transaction of the session has set as '': both mean "nobody", and a policy
// that compares with NULL lets nothing through.
const SETTINGS = `
create function current_user_id() returns uuid language sql stable
  as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;
create function current_user_ids() returns uuid[] language sql stable
  as $$ select nullif(current_setting('app.user_ids', true), '')::uuid[] $$;
create function current_instance_id() returns uuid language sql stable
  as $$ select nullif(current_setting('app.instance_id', true), '')::uuid $$;
create function current_credential() returns text language sql stable
  as $$ select nullif(current_setting('app.credential', true), '') $$;
`

// users
//   email, password_hash   accounts from an OpenID provider have no password, and no address unless it was verified there
//   since_revision         the account's revision at which its owner moved in. Things set up before are somebody else's:
//                          they let nobody in and call nobody, cleared away or not
// sessions                 a row exists as long as the session is good; access tokens name it
//   carrier                how its refresh token travels
// refresh_tokens           a refresh marks the token used and adds the next one. A used one that comes back was stolen, from
//                          or by the caller that shows it: the session ends
// api_keys
//   agent_instance_id      the only run that the key reaches
//   previous_*             the secret before the last rotation, good for a grace period
// external_identities      identity_hash is the SHA-256 of issuer and subject. It cannot be unique by itself, as unique keys
//                          include user_id; inserts take an advisory lock on it (src/modules/oidc/queries.ts)
// takeovers                accounts that were moved into, with things of before still to be cleared away
// account_clocks           the account's revision and its lock, see LOG
//   stored_bytes           what the account stores (src/storage/sizes.ts)
const ACCOUNTS = `
create table users (
  id             uuid primary key,
  email          text unique,
  display_name   text,
  password_hash  text,
  since_revision bigint not null default 0,
  created_at     timestamptz(3) not null default now(),
  constraint users_password_needs_email check (password_hash is null or email is not null)
);

create table account_clocks (
  user_id      uuid primary key references users (id) on delete cascade,
  revision     bigint not null default 0,
  stored_bytes bigint not null default 0
) with (fillfactor = 50);

create function start_account_clock() returns trigger language plpgsql
  as $$ begin insert into account_clocks (user_id) values (new.id); return null; end $$;
create trigger start_clock after insert on users for each row execute function start_account_clock();

create table sessions (
  user_id      uuid not null references users (id) on delete cascade,
  id           uuid not null,
  carrier      text not null default 'cookie' check (carrier in ('cookie', 'body')),
  created_at   timestamptz(3) not null default now(),
  last_used_at timestamptz(3) not null default now(),
  address      text,
  user_agent   text,
  primary key (user_id, id)
);

create table refresh_tokens (
  user_id    uuid not null references users (id) on delete cascade,
  id         uuid not null,
  session_id uuid not null,
  token_hash text not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at    timestamptz(3),
  primary key (user_id, id),
  unique (token_hash, user_id),
  foreign key (user_id, session_id) references sessions (user_id, id) on delete cascade
);
create index refresh_tokens_session on refresh_tokens (user_id, session_id);

create table external_identities (
  user_id       uuid not null references users (id) on delete cascade,
  identity_hash text not null,
  issuer        text not null,
  subject       text not null,
  created_at    timestamptz(3) not null default now(),
  primary key (user_id, identity_hash),
  unique (identity_hash, user_id)
);

create table takeovers (
  user_id    uuid primary key references users (id) on delete cascade,
  created_at timestamptz(3) not null default clock_timestamp()
);

create table api_keys (
  user_id             uuid not null references users (id) on delete cascade,
  id                  uuid not null,
  name                text not null,
  key_prefix          text not null,
  key_hash            text not null,
  scopes              text[] not null check (scopes <@ array['agent', 'read'] and cardinality(scopes) > 0),
  agent_instance_id   uuid,
  since_revision      bigint not null default 0,
  created_at          timestamptz(3) not null default now(),
  expires_at          timestamptz(3),
  last_used_at        timestamptz(3),
  revoked_at          timestamptz(3),
  previous_key_hash   text,
  previous_expires_at timestamptz(3),
  primary key (user_id, id),
  unique (key_hash, user_id),
  unique (previous_key_hash, user_id)
);
create index api_keys_instance on api_keys (user_id, agent_instance_id) where agent_instance_id is not null;
create index api_keys_unbound on api_keys (user_id, id) where agent_instance_id is null and revoked_at is null;
`

// webhook_*: how agents of this type are launched. webhook_secrets: the secret fields of the configuration, sealed together
// (src/secrets/cipher.ts). webhook_since_revision: the account's revision when it was set up, see users.since_revision.
const USER_AGENTS = `
create table user_agents (
  user_id                uuid not null references users (id) on delete cascade,
  id                     uuid not null,
  name                   text not null,
  is_active              boolean not null default true,
  webhook_type           text,
  webhook_config         jsonb,
  webhook_secrets        text,
  webhook_since_revision bigint not null default 0,
  created_at             timestamptz(3) not null default now(),
  updated_at             timestamptz(3) not null default now(),
  primary key (user_id, id),
  unique (user_id, name),
  constraint user_agents_webhook_complete check
    ((webhook_type is null) = (webhook_config is null) and (webhook_secrets is null or webhook_type is not null))
);
create index user_agents_webhooks on user_agents (user_id, id) where webhook_type is not null;
`

// The row is the lock of its chat: every writer updates it first, so message_count is gapless and becomes visible in order.
//   message_count            the seq of the last message
//   step_count               the agent's messages that are not questions
//   status_before_stale      what the run goes back to at the agent's next sign of life
//   silent_since             the agent's last message, heartbeat, poll or other call; before the first one, started_at
//   was_heard                there was such a call
//   sends_heartbeats         a heartbeat has come, so more are expected
//   stored_bytes             part of account_clocks.stored_bytes that a deletion of the run gives back
//   posting_keys             the keys that speak for the run; each with the seq by which it had posted
//   has_large_queue          the queue may be too large to be handed out in one statement along with others
// The read cursor:
//   last_read_message_id     the message that the agent read last
//   last_read_seq            the seq up to which people's messages were handed to it
// An offer, handed out and not known to have arrived:
//   offered_message_id       the question or step that it answers, or an id of its own for what a poll hands out
//   offered_from_seq, offered_from_message_id   where the read cursor goes back to if it does not arrive; the latter is null
//                            when the cursor has been moved since
//   offered_until            until when the process that writes it holds it; renewed again and again
// A claim, what a poll with confirm was given: it stays in the queue until the agent goes on, and no other key is given it:
//   claim_cursor_id          the last_read_message_id that was polled from; elsewhere the claim means nothing
//   claim_key_id             the API key that polled last, or was given the messages. No foreign key: it outlives the key
//   claim_last_id, _seq      the last message that was given; null while the key waits for one
//   claim_turn               counts such polls: of several of one key the latest one is answered
const INSTANCES = `
create type agent_instance_status as enum
  ('ACTIVE', 'AWAITING_INPUT', 'PAUSED', 'STALE', 'COMPLETED', 'FAILED', 'KILLED', 'DISCONNECTED');

create table agent_instances (
  user_id                 uuid not null,
  id                      uuid not null,
  user_agent_id           uuid not null,
  name                    text,
  status                  agent_instance_status not null default 'ACTIVE',
  status_before_stale     agent_instance_status,
  instance_metadata       jsonb,
  git_diff                text,
  started_at              timestamptz(3) not null default now(),
  ended_at                timestamptz(3),
  last_activity_at        timestamptz(3) not null default now(),
  silent_since            timestamptz(3) not null default now(),
  was_heard               boolean not null default false,
  sends_heartbeats        boolean not null default false,
  message_count           integer not null default 0,
  step_count              integer not null default 0,
  stored_bytes            bigint not null default 0,
  posting_keys            jsonb not null default '{}',
  has_large_queue         boolean not null default false,
  last_read_message_id    uuid,
  last_read_seq           integer not null default 0,
  offered_message_id      uuid,
  offered_from_message_id uuid,
  offered_from_seq        integer,
  offered_until           timestamptz(3),
  claim_cursor_id         uuid,
  claim_key_id            uuid,
  claim_last_id           uuid,
  claim_last_seq          integer,
  claim_turn              integer not null default 0,
  primary key (user_id, id),
  foreign key (user_id, user_agent_id) references user_agents (user_id, id) on delete cascade
);
create index agent_instances_activity on agent_instances (user_id, last_activity_at desc, id desc);
create index agent_instances_type_activity on agent_instances (user_id, user_agent_id, last_activity_at desc, id desc);
-- Every post writes to each index of its run. Of the runs in a status, people look for those that wait for them most.
create index agent_instances_awaiting on agent_instances (user_id, user_agent_id, last_activity_at desc, id desc)
  where status = 'AWAITING_INPUT';
create index agent_instances_heard on agent_instances (sends_heartbeats, silent_since)
  where status in ('ACTIVE', 'AWAITING_INPUT', 'PAUSED');

alter table api_keys add foreign key (user_id, agent_instance_id)
  references agent_instances (user_id, id) on delete cascade;
`

// messages
//   sender_user_id      the person whose words these are. No foreign key: they may outlive a guest's account
//   sender_key_id       the API key that sent the message or reported it. No foreign key either
//   reported_by_agent   an agent says that a person wrote this
//   for_agent           the agent is handed it, when the read cursor has not passed it
//   is_history          backfilled: it changed nothing but the chat
//   answer_seq          of a question: the seq of the person's message that answered it. A message answers the latest open
//                       question; the others stay open
//   created_revision, revision   of the account's clock: of the change that added the message, and of the last one to it
//   size                bytes of what it holds, known without reading it
// answer_callbacks      the questions that want a call when they are answered, and the steps that may become one. When it is
//                       called, a row becomes a delivery of the same id: its URL is sealed for that place from the beginning
const MESSAGES = `
create type sender_type as enum ('AGENT', 'USER');

create table messages (
  user_id             uuid not null,
  agent_instance_id   uuid not null,
  seq                 integer not null,
  id                  uuid not null,
  sender_type         sender_type not null,
  sender_user_id      uuid,
  sender_key_id       uuid,
  content             text not null,
  requires_user_input boolean not null default false,
  reported_by_agent   boolean not null default false,
  for_agent           boolean not null default false,
  is_history          boolean not null default false,
  message_metadata    jsonb,
  answer_seq          integer,
  created_at          timestamptz(3) not null default now(),
  created_revision    bigint not null,
  revision            bigint not null,
  size                integer not null
    generated always as (octet_length(content) + coalesce(octet_length(message_metadata::text), 0)) stored,
  primary key (user_id, agent_instance_id, seq),
  unique (user_id, id),
  foreign key (user_id, agent_instance_id) references agent_instances (user_id, id) on delete cascade
);
create unique index messages_created_revision on messages (user_id, created_revision);
create unique index messages_updated_revision on messages (user_id, revision) where revision > created_revision;
create index messages_open_questions on messages (user_id, agent_instance_id, seq)
  where sender_type = 'AGENT' and requires_user_input and not is_history and answer_seq is null;
create index messages_answered_questions on messages (user_id, agent_instance_id, answer_seq)
  where answer_seq is not null;
create index messages_for_agent on messages (user_id, agent_instance_id, seq) where for_agent;

create table answer_callbacks (
  user_id           uuid not null,
  id                uuid not null,
  agent_instance_id uuid not null,
  seq               integer not null,
  url               text not null,
  created_at        timestamptz(3) not null default now(),
  primary key (user_id, id),
  foreign key (user_id, agent_instance_id, seq) references messages (user_id, agent_instance_id, seq) on delete cascade
);
create index answer_callbacks_chat on answer_callbacks (user_id, agent_instance_id, seq);
`

// Every change that a live view must hear of takes the next revision of the account's clock, so the changes of an account,
// whichever run they are of, have one order without gaps. The clock's row is the lock: a writer holds it until it commits,
// so a lower revision never becomes visible after a higher one, as it can with a sequence, and a single number is the
// cursor of every live view. The order of locks is in docs/architecture.md.
//
// account_events      changes besides messages, which carry their revisions themselves. No foreign key to the run: what is
//                     said of a deleted one outlives it. It refers to the clock, which the writer has locked: a check that
//                     the account exists would wait for a deletion that waits for the clock
//   status            of the run, with status_changed
//   credential_id     with credential_revoked: the session or API key that must not be served any longer; null for all
const LOG = `
create type account_event_kind as enum
  ('instance_created', 'status_changed', 'git_diff_changed', 'instance_deleted', 'credential_revoked');

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

-- Runs are deleted in several ways, mostly with what they belong to; subscribers hear of all of them. When the account
-- itself goes, nobody is left to hear. The event of a deletion stays, and counts among the stored bytes.
create function log_deleted_instances() returns trigger language plpgsql as $$
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
create trigger log_deleted after delete on agent_instances
  referencing old table as gone for each statement execute function log_deleted_instances();

-- A run that was deleted stays deleted: for 90 days (src/modules/account-log/deleted-instances.ts) none is made under its id.
-- The code that makes runs looks for a deletion first; one that commits after that, while the INSERT waits for it, only a
-- later statement sees.
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

// A delivery is the durable thing; a job of the queue (db/queue.ts) only says when to look at it.
//
// webhooks
//   url, secret, previous_secret   sealed, as the URL of a delivery: URLs may be capabilities
//   since_revision      events up to this revision of the account are not for it
//   dropped_count, dropped_at   deliveries that were given up to make room for later ones, and the last time
// webhook_cursors       how far the account's log has been turned into deliveries; a row exists while there are active webhooks
//   unweighed           bytes stored for deliveries since the last check whether they are too many
// webhook_events        the body that is sent, once for all its deliveries
//   message_id          of an event about a message: of each type, there is one a message
// webhook_deliveries    no foreign key to the webhook: an account may have any number of them, and deleting a webhook must not
//                       wait for that; they are swept with their events. None to the run: its events are delivered although
//                       it is deleted
//   webhook_id, url     one of them. A delivery without a webhook calls back on an answer
//   lane                deliveries of one webhook and lane go out one after the other, in the order of seq, until each was
//                       tried once. 'waiting' ones have no job yet; the 'pending' one that has a lane holds the lane up
//   round_attempts      attempts since it was made, or asked for again
//   attempts            the last ones, oldest first
const WEBHOOKS = `
create table webhooks (
  user_id             uuid not null references users (id) on delete cascade,
  id                  uuid not null,
  url                 text not null,
  description         text,
  events              text[] not null check (cardinality(events) > 0),
  is_active           boolean not null default true,
  disabled_reason     text check (disabled_reason in ('paused', 'gone', 'failing')),
  disabled_at         timestamptz(3),
  secret              text not null,
  previous_secret     text,
  previous_expires_at timestamptz(3),
  since_revision      bigint not null,
  dropped_count       integer not null default 0,
  dropped_at          timestamptz(3),
  last_success_at     timestamptz(3),
  last_failure_at     timestamptz(3),
  created_at          timestamptz(3) not null default now(),
  updated_at          timestamptz(3) not null default now(),
  primary key (user_id, id),
  check (is_active = (disabled_reason is null))
);

create table webhook_cursors (
  user_id   uuid primary key references users (id) on delete cascade,
  revision  bigint not null,
  unweighed integer not null default 0
);

create table webhook_events (
  user_id    uuid not null references users (id) on delete cascade,
  id         uuid not null,
  type       text not null,
  message_id uuid,
  body       text not null,
  created_at timestamptz(3) not null default now(),
  primary key (user_id, id)
);
create unique index webhook_events_message on webhook_events (user_id, message_id, type) where message_id is not null;
create index webhook_events_age on webhook_events (created_at);

create type webhook_delivery_status as enum ('waiting', 'pending', 'succeeded', 'failed');

create table webhook_deliveries (
  user_id           uuid not null references users (id) on delete cascade,
  id                uuid not null,
  seq               bigint generated by default as identity,
  webhook_id        uuid,
  url               text,
  event_id          uuid not null,
  event_type        text not null,
  agent_instance_id uuid,
  status            webhook_delivery_status not null default 'pending',
  lane              smallint,
  round_attempts    integer not null default 0,
  attempt_count     integer not null default 0,
  attempts          jsonb not null default '[]',
  next_attempt_at   timestamptz(3),
  created_at        timestamptz(3) not null default now(),
  finished_at       timestamptz(3),
  primary key (user_id, id),
  foreign key (user_id, event_id) references webhook_events (user_id, id) on delete cascade,
  check ((webhook_id is null) = (url is not null))
);
create index webhook_deliveries_event on webhook_deliveries (user_id, event_id);
create index webhook_deliveries_webhook on webhook_deliveries (user_id, webhook_id, id);
create index webhook_deliveries_lane on webhook_deliveries (user_id, webhook_id, lane, seq) where lane is not null;
create index webhook_deliveries_failed on webhook_deliveries (user_id, webhook_id, seq) where status = 'failed';
-- A webhook is told once of an event.
create unique index webhook_deliveries_once on webhook_deliveries (user_id, event_id, webhook_id)
  where webhook_id is not null;
-- Those that call back on an answer. There are few: they go when they are over.
create index webhook_deliveries_callbacks on webhook_deliveries (user_id) where webhook_id is null;
`

// First answers to requests that carried an Idempotency-Key. Key and request are kept as hashes, the answer encrypted:
// nothing here can be read without the caller's key.
const REQUESTS = `
create table idempotency_keys (
  user_id      uuid not null references users (id) on delete cascade,
  key_hash     text not null,
  request_hash text not null,
  answer       bytea,
  created_at   timestamptz(3) not null default now(),
  primary key (user_id, key_hash)
);
create index idempotency_keys_age on idempotency_keys (created_at);
`

// They belong to no tenant: most addresses that are counted are nobody's. Subjects are keyed hashes, so nothing here can be
// read. Unlogged: a count costs no write-ahead log, and after a crash of the server every count starts anew. The free space
// in each page lets PostgreSQL count in place, without touching the indexes (heap-only tuples).
//
// access_digests   what db/roles.ts has applied last: digests of what was declared, and of what the catalog then said
const COUNTERS = `
create table access_digests (
  declared text not null,
  applied  text not null
);

create unlogged table rate_limits (
  subject   text primary key,
  count     integer not null,
  resets_at timestamptz(3) not null
) with (fillfactor = 50);
create index rate_limits_end on rate_limits (resets_at);

create unlogged table login_pauses (
  subject text primary key,
  count   integer not null,
  free_at timestamptz(3) not null,
  ends_at timestamptz(3) not null
) with (fillfactor = 50);
create index login_pauses_end on login_pauses (ends_at);
`

/** Every table whose rows are a tenant's. A test finds those that are missing here. */
const TENANT_TABLES = [
  'users',
  'account_clocks',
  'sessions',
  'refresh_tokens',
  'external_identities',
  'takeovers',
  'api_keys',
  'user_agents',
  'agent_instances',
  'messages',
  'answer_callbacks',
  'account_events',
  'webhooks',
  'webhook_cursors',
  'webhook_events',
  'webhook_deliveries',
  'idempotency_keys',
]

// Forced: on the owner of the tables as well. Without a policy, nobody reaches a row.
const WALLS = TENANT_TABLES.map(
  (table) => `
alter table ${table} enable row level security;
alter table ${table} force row level security;`,
).join('\n')
