import { type Kysely, sql } from 'kysely'
import type { Sealing } from './sealing.js'

/**
 * URLs that are capabilities are sealed like other secrets: where webhooks are called, where flows want to be called with
 * an answer, and where agents are launched. And what is delivered is stored once, however many webhooks are told of it.
 *
 * What was stored in clear is sealed here, by the key of the service that starts: SQL has no key, and nothing is read in
 * two forms afterwards.
 */
export async function up(db: Kysely<unknown>, sealing?: Sealing): Promise<void> {
  await sql.raw(TABLES).execute(db)
  await sql.raw(MOVE).execute(db)
  await sealUrls(db, sealing)
  await sealConfigurations(db, sealing)
  await sql.raw(WALLS).execute(db)
}

const TABLES = `
-- The questions that want a call when they are answered, and the steps that may become one. When it is called, a row
-- becomes a delivery of the same id, and its URL moves there: it is sealed for that place from the beginning.
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

-- What is sent, once for all its deliveries, which go with it.
--   message_id  of what tells of a message: of each type, a message is told of once
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

alter table webhook_deliveries
  add column event_id uuid,
  add foreign key (user_id, event_id) references webhook_events (user_id, id) on delete cascade;

-- unweighed: bytes that were stored for the account's deliveries since somebody looked whether they are too many.
alter table webhook_cursors add column unweighed integer not null default 0;
-- dropped_count: deliveries that were given up to make room for later ones. dropped_at: when that last happened.
alter table webhooks
  add column dropped_count integer not null default 0,
  add column dropped_at    timestamptz(3);
`

/** Tables whose rows are changed here. The owner is subject to forced row-level security too, and is nobody. */
const CHANGED = ['messages', 'webhooks', 'webhook_deliveries', 'user_agents']

const MOVE = `
${CHANGED.map((table) => `alter table ${table} no force row level security;`).join('\n')}

insert into answer_callbacks (user_id, id, agent_instance_id, seq, url)
  select user_id, gen_random_uuid(), agent_instance_id, seq, message_metadata ->> 'webhook_url'
  from messages
  where message_metadata ? 'webhook_url' and callback_seq is null and sender_type = 'AGENT' and not is_history
    and jsonb_typeof(message_metadata -> 'webhook_url') = 'string'
    and length(message_metadata ->> 'webhook_url') between 1 and 2048;
update messages set message_metadata = nullif(message_metadata - 'webhook_url', '{}') where message_metadata ? 'webhook_url';
drop index messages_callbacks;
alter table messages drop column callback_seq;

insert into webhook_events (user_id, id, type, body, created_at)
  select user_id, id, event_type, body, created_at from webhook_deliveries;
update webhook_deliveries set event_id = id;
alter table webhook_deliveries alter column event_id set not null, drop column body;
create index webhook_deliveries_event on webhook_deliveries (user_id, event_id);
-- Of an event, a webhook is told once. They are swept with their events.
create unique index webhook_deliveries_once on webhook_deliveries (user_id, event_id, webhook_id)
  where webhook_id is not null;
drop policy expired on webhook_deliveries;
drop policy sweep on webhook_deliveries;
drop index webhook_deliveries_age;
-- Those that call back on an answer; there are few, as they go when they are over.
create index webhook_deliveries_callbacks on webhook_deliveries (user_id) where webhook_id is null;
`

/** Rows that one statement reads or writes: a batch must fit into memory. */
const BATCH = 1_000

/** What is sealed in these columns, and for which place. */
const URLS = [
  { table: 'answer_callbacks', sealedFor: 'webhook_deliveries' },
  { table: 'webhook_deliveries', sealedFor: 'webhook_deliveries' },
  { table: 'webhooks', sealedFor: 'webhooks' },
]

interface Row {
  readonly user_id: string
  readonly id: string
  readonly url: string
}

async function sealUrls(db: Kysely<unknown>, sealing: Sealing | undefined): Promise<void> {
  for (const { table, sealedFor } of URLS) {
    for await (const rows of batches<Row>(db, table, 'url', 'url is not null')) {
      const sealed = rows.map(({ user_id, id, url }) => ({
        ...{ user_id, id },
        value: needed(sealing).seal(url, { table: sealedFor, column: 'url', userId: user_id, id }),
      }))
      await sql`update ${sql.table(table)} t set url = s.value ${from(sealed)}`.execute(db)
    }
  }
}

interface Configuration {
  readonly user_id: string
  readonly id: string
  readonly url: string
  readonly webhook_secrets: string | null
}

/** The mask that stands in `webhook_config` for what is sealed (schemas/user-agents.ts). */
const MASK = '********'

/** How agents are launched: the URL joins what is sealed of it. Where nobody can open that, it stays as it is. */
async function sealConfigurations(db: Kysely<unknown>, sealing: Sealing | undefined): Promise<void> {
  const columns = `webhook_config ->> 'url' as url, webhook_secrets`
  for await (const rows of batches<Configuration>(db, 'user_agents', columns, `webhook_config ? 'url'`)) {
    const sealed = rows.flatMap(({ user_id, id, url, webhook_secrets }) => {
      const place = { table: 'user_agents', column: 'webhook_secrets', userId: user_id, id }
      const others = webhook_secrets === null ? '{}' : opened(() => needed(sealing).open(webhook_secrets, place))
      if (others === undefined) return []
      return [{ user_id, id, value: needed(sealing).seal(JSON.stringify({ ...JSON.parse(others), url }), place) }]
    })
    await sql`
      update user_agents t set webhook_secrets = s.value,
        webhook_config = jsonb_set(t.webhook_config, '{url}', to_jsonb(${MASK}::text)) ${from(sealed)}
    `.execute(db)
  }
}

function opened(open: () => string): string | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}

function needed(sealing: Sealing | undefined): Sealing {
  if (!sealing) throw new Error('the database holds URLs that are to be sealed, and there is no key to seal them with')
  return sealing
}

/** Pages through a table by its key. */
async function* batches<R extends { readonly user_id: string; readonly id: string }>(
  db: Kysely<unknown>,
  table: string,
  columns: string,
  condition: string,
): AsyncGenerator<R[]> {
  for (let after: readonly [string, string] | undefined; ; ) {
    const beyond = after ? sql`and (user_id, id) > (${after[0]}::uuid, ${after[1]}::uuid)` : sql``
    const { rows } = await sql<R>`
      select user_id, id, ${sql.raw(columns)} from ${sql.table(table)} where ${sql.raw(condition)} ${beyond}
      order by user_id, id limit ${sql.lit(BATCH)}`.execute(db)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (!last || rows.length < BATCH) return
    after = [last.user_id, last.id]
  }
}

/** Joins rows of values with the table \`t\` that they belong to. */
function from(rows: readonly { user_id: string; id: string; value: string }[]) {
  return sql`from json_to_recordset(${JSON.stringify(rows)}::json) as s (user_id uuid, id uuid, value text)
    where t.user_id = s.user_id and t.id = s.id`
}

const WALLS = `
${CHANGED.map((table) => `alter table ${table} force row level security;`).join('\n')}

alter table answer_callbacks enable row level security;
alter table answer_callbacks force row level security;
create policy tenant on answer_callbacks
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
create policy bound on answer_callbacks as restrictive
  using ((select current_instance_id()) is null or agent_instance_id = (select current_instance_id()));

alter table webhook_events enable row level security;
alter table webhook_events force row level security;
create policy tenant on webhook_events
  using (user_id = (select current_user_id())) with check (user_id = (select current_user_id()));
create policy expired on webhook_events for select
  using ((select current_user_id()) is null and created_at < now() - interval '30 days');
create policy sweep on webhook_events for delete
  using ((select current_user_id()) is null and created_at < now() - interval '30 days');
`
