import { type Kysely, sql } from 'kysely'

/**
 * How often whom was counted in the current minute, for services that count together. It belongs to no tenant: most of
 * those counted are addresses of callers that nobody knows. Subjects are keyed hashes, so nothing here can be read.
 *
 * Unlogged: a count costs no write-ahead log, and after a crash of the server everybody starts anew. The free space in
 * each page lets PostgreSQL count in place, without touching the indexes (heap-only tuples).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create unlogged table rate_limits (
  subject   text primary key,
  count     integer not null,
  resets_at timestamptz(3) not null
) with (fillfactor = 50);
create index rate_limits_end on rate_limits (resets_at);
`)
    .execute(db)
}
