import { type Kysely, sql } from 'kysely'

/** How the refresh token of a session travels: in a cookie, as that of every session before, or in bodies. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`alter table sessions add column carrier text not null default 'cookie' check (carrier in ('cookie', 'body'))`)
    .execute(db)
}
