import { type Kysely, sql } from 'kysely'

/**
 * Whose words a message has, which of them an agent is handed, and how much that is.
 *
 *   messages.sender_key_id            the API key that sent the message or reported it; null for a person's own words, and
 *                                     where it was not noted. Refers to nothing: it outlives the key
 *   messages.reported_by_agent        an agent says that a person wrote this
 *   messages.for_agent                it is handed to the agent, if it is behind the agent's place
 *   messages.size                     bytes of what it holds, known without reading that
 *   agent_instances.posting_keys      the keys that speak for the run: each with a seq, and it had posted by then
 *   agent_instances.has_large_queue   what waits for the agent may be too much to be handed out along with what others get
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(COLUMNS).execute(db)
  await sql.raw(FILL).execute(db)
}

const COLUMNS = `
alter table messages
  add column sender_key_id uuid,
  add column for_agent     boolean not null default false,
  add column size          integer not null
    generated always as (octet_length(content) + coalesce(octet_length(message_metadata::text), 0)) stored;
alter table agent_instances
  add column posting_keys    jsonb not null default '{}',
  add column has_large_queue boolean not null default false;
`

// The owner is subject to forced row-level security as well, and is nobody: it would see no rows.
// reported_by_agent said that a message had been reported as read. A launch said so of its prompt as well, which is the
// person's own.
const FILL = `
alter table agent_instances no force row level security;
alter table api_keys no force row level security;
alter table messages no force row level security;

update messages set for_agent = true where sender_type = 'USER' and not reported_by_agent;
update messages m set reported_by_agent = false where m.seq = 1 and m.reported_by_agent and exists (
  select from api_keys k where k.user_id = m.user_id and k.agent_instance_id = m.agent_instance_id
    and k.name = 'launch ' || m.agent_instance_id);
create index messages_for_agent on messages (user_id, agent_instance_id, seq) where for_agent;

update agent_instances i set has_large_queue = true where (
  select sum(size) from messages m
  where m.user_id = i.user_id and m.agent_instance_id = i.id and m.seq > i.last_read_seq and m.for_agent) > 65536;

alter table agent_instances force row level security;
alter table api_keys force row level security;
alter table messages force row level security;
`
