import { type Kysely, sql } from 'kysely'

/**
 * What is handed out may take long to be written.
 *
 *   agent_instances.offered_until   until when the process that is writing it holds it, which it notes again and again;
 *                                   in the past when there is none
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table agent_instances add column offered_until timestamptz(3)').execute(db)
}
