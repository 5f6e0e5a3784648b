import { Kysely, Migrator, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Test } from 'tap'
import { migrations, withSealing } from '../../db/migrations/index.js'
import { emptyDatabase } from './database.js'

/** A database as it was before a migration, to be filled and then migrated. */
export interface OldDatabase {
  /** Runs statements behind no wall. */
  query(sql: string): Promise<pg.QueryResult>
  /** Applies the migration. */
  migrate(): Promise<void>
  /** Applies those behind it. */
  migrateToLatest(): Promise<void>
}

/**
 * @param name the migration
 * @param tables those that are filled and looked at
 */
export async function databaseBefore(t: Test, name: string, tables: readonly string[]): Promise<OldDatabase> {
  const { url } = await emptyDatabase(t)
  const pool = new pg.Pool({ connectionString: url })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  t.teardown(() => db.destroy())
  const migrateTo = async (isIncluded: (other: string) => boolean) => {
    const some = Object.fromEntries(Object.entries(migrations).filter(([other]) => isIncluded(other)))
    const provider = { getMigrations: async () => withSealing(some) }
    const { error } = await new Migrator({ db, provider }).migrateToLatest()
    if (error) throw error
  }
  await migrateTo((other) => other < name)
  const wall = (no: string) => tables.map((table) => `alter table ${table} ${no} force row level security`).join(';')
  return {
    query: async (sql) => {
      await pool.query(wall('no'))
      const result = await pool.query(sql)
      await pool.query(wall(''))
      return result
    },
    migrate: () => migrateTo((other) => other <= name),
    migrateToLatest: () => migrateTo(() => true),
  }
}
