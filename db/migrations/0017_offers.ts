import { type Kysely, sql } from 'kysely'

/**
 * What `GET /messages/pending` hands out may not arrive either, and where the agent was before.
 *
 *   agent_instances.offered_message_id        the step or question with which the agent is handed something that is on its
 *                                             way to it, or an id of its own for what a poll hands out
 *   agent_instances.offered_from_message_id   the last_read_message_id to go back to if it does not arrive; null when the
 *                                             place has been moved since
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table agent_instances add column offered_from_message_id uuid').execute(db)
}
