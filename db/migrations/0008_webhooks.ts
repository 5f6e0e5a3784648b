import { type Kysely, sql } from 'kysely'

/**
 * Webhooks, and what is to be delivered: events to webhooks, and answers to whoever asked for a call. A delivery is the
 * durable thing; a job of the queue (db/queue.ts) only says when to look at it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(TABLES).execute(db)
  await sql.raw(WALLS).execute(db)
}

const TABLES = `
-- secret, previous_secret: sealed. since_revision: events up to this revision of the account are none of its business.
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
  last_success_at     timestamptz(3),
  last_failure_at     timestamptz(3),
  created_at          timestamptz(3) not null default now(),
  updated_at          timestamptz(3) not null default now(),
  primary key (user_id, id),
  check (is_active = (disabled_reason is null))
);

-- How far an account's log has been turned into deliveries. There is a row while the account has active webhooks.
create table webhook_cursors (
  user_id  uuid primary key references users (id) on delete cascade,
  revision bigint not null
);

create type webhook_delivery_status as enum ('waiting', 'pending', 'succeeded', 'failed');

-- webhook_id and url: one of them. A delivery without a webhook calls back on an answer.
-- agent_instance_id refers to nothing: what has happened in a run is delivered although the run is deleted.
-- lane: deliveries of one webhook and lane go out one after the other, in the order of seq, until each was tried once.
--   'waiting' ones have no job yet; the 'pending' one that has a lane holds it up.
-- round_attempts: those since it was made, or asked for again. attempts: the last ones, oldest first.
create table webhook_deliveries (
  user_id           uuid not null references users (id) on delete cascade,
  id                uuid not null,
  seq               bigint generated always as identity,
  webhook_id        uuid,
  url               text,
  event_type        text not null,
  agent_instance_id uuid,
  body              text not null,
  status            webhook_delivery_status not null default 'pending',
  lane              smallint,
  round_attempts    integer not null default 0,
  attempt_count     integer not null default 0,
  attempts          jsonb not null default '[]',
  next_attempt_at   timestamptz(3),
  created_at        timestamptz(3) not null default now(),
  finished_at       timestamptz(3),
  primary key (user_id, id),
  foreign key (user_id, webhook_id) references webhooks (user_id, id) on delete cascade,
  check ((webhook_id is null) = (url is not null))
);
create index webhook_deliveries_webhook on webhook_deliveries (user_id, webhook_id, id);
create index webhook_deliveries_lane on webhook_deliveries (user_id, webhook_id, lane, seq) where lane is not null;
create index webhook_deliveries_failed on webhook_deliveries (user_id, webhook_id, seq) where status = 'failed';
create index webhook_deliveries_age on webhook_deliveries (created_at);

-- The questions of a run that want a call when they are answered.
create index messages_callbacks on messages (user_id, agent_instance_id, seq) where message_metadata ? 'webhook_url';
`

const WALLS = `
-- What somebody does who acts in nobody's name; policies open for each task what it takes.
create function current_task() returns text language sql stable
  as $$ select nullif(current_setting('app.task', true), '') $$;

alter table webhooks enable row level security;
alter table webhooks force row level security;
create policy tenant on webhooks
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));

alter table webhook_cursors enable row level security;
alter table webhook_cursors force row level security;
create policy tenant on webhook_cursors
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));

alter table webhook_deliveries enable row level security;
alter table webhook_deliveries force row level security;
create policy tenant on webhook_deliveries
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
create policy expired on webhook_deliveries for select
  using ((select current_user_id()) is null and created_at < now() - interval '30 days');
create policy sweep on webhook_deliveries for delete
  using ((select current_user_id()) is null and created_at < now() - interval '30 days');

-- Whoever looks for accounts whose events wait sees which accounts have webhooks, and two numbers.
create policy behind on webhook_cursors for select
  using ((select current_user_id()) is null and (select current_task()) = 'webhooks');
`
