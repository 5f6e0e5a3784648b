import pg from 'pg'
import type { Test } from 'tap'
import type { TestDatabase } from './database.js'

/**
 * A connection that reads and writes the rows of every tenant, to check the effects of the service. Row-level security is
 * forced on the tables' owner as well; in this database that is reverted. The service is another role: nothing changes for it.
 */
export async function connectAsOwner(t: Test, { ownerUrl }: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  t.teardown(() => client.end())
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relforcerowsecurity and relkind in ('r', 'p')`,
  )
  for (const { name } of rows) {
    await client.query(`alter table ${client.escapeIdentifier(name)} no force row level security`)
  }
  return client
}

/**
 * Waits until this many transactions of the service have been seen waiting for a lock; fails after 10 seconds. One that waits
 * too long is rolled back, and runs again as a new one.
 */
export async function untilWaiting(owner: pg.Client, count: number): Promise<void> {
  const seen = new Set<string>()
  for (let attempt = 0; attempt < 500; attempt++) {
    // Inside a transaction, pg_stat_activity would keep showing its first snapshot.
    await owner.query('select pg_stat_clear_snapshot()')
    const { rows } = await owner.query<{ transaction: string }>(
      `select pid || ' ' || xact_start as transaction from pg_locks join pg_stat_activity using (pid)
       where not granted and datname = current_database()`,
    )
    for (const { transaction } of rows) seen.add(transaction)
    if (seen.size >= count) return
    await new Promise((done) => setTimeout(done, 20))
  }
  throw new Error(`never saw ${count} transactions waiting for a lock`)
}
