import { type Kysely, sql } from 'kysely'

/**
 * What a poll with `confirm` has been given: it stays in the queue until the agent goes on, and nobody else is given it.
 *
 *   agent_instances.claim_place_id   the last_read_message_id that was polled from; elsewhere the claim means nothing
 *   agent_instances.claim_key_id     the API key that polled last, or was given the messages. Refers to nothing
 *   agent_instances.claim_last_id    the last message that was given; null while the key waits for one
 *   agent_instances.claim_last_seq   its seq
 *   agent_instances.claim_turn       counts such polls: of several of one key the latest one is answered
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(COLUMNS).execute(db)
}

const COLUMNS = `
alter table agent_instances
  add column claim_place_id uuid,
  add column claim_key_id   uuid,
  add column claim_last_id  uuid,
  add column claim_last_seq integer,
  add column claim_turn     integer not null default 0;
`
