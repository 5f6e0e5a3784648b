import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import type { Test } from 'tap'
import { type ClusterConnection, connectionFile } from './cluster.js'

export interface TestDatabase {
  /** For what the service's role may not do: reading around row-level security, EXPLAIN, the catalog. */
  readonly ownerUrl: string
  /** URL of the service's role. */
  readonly serviceUrl: string
  drop(): Promise<void>
}

export function clusterConnection(): ClusterConnection {
  return JSON.parse(readFileSync(connectionFile, 'utf8'))
}

/** A database of the test file's own, cloned from the migrated template. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const { ownerUrl, serviceUrl, template } = clusterConnection()
  const name = `test_${randomBytes(8).toString('hex')}`
  // Copying files is faster than logging their pages, as no fsync is awaited.
  await administer(`create database ${name} template ${template} strategy file_copy`)
  return {
    ownerUrl: withDatabase(ownerUrl, name),
    serviceUrl: withDatabase(serviceUrl, name),
    // Not WITH (FORCE): the owner may not end the sessions of other roles. PostgreSQL waits for sessions that are closing.
    drop: () => administer(`drop database ${name}`),
  }
}

/** An unprepared database. It is dropped with the test, and so are the roles that begin with its name. */
export async function emptyDatabase(t: Test): Promise<{ name: string; url: string }> {
  const name = `empty_${randomBytes(6).toString('hex')}`
  await administer(`create database ${name}`)
  t.teardown(async () => {
    await administer(`drop database ${name} with (force)`)
    await administer(`do $$ declare role name; begin
      for role in select rolname from pg_roles where starts_with(rolname, '${name}') loop
        execute format('drop role %I', role);
      end loop;
    end $$`)
  })
  return { name, url: withDatabase(clusterConnection().ownerUrl, name) }
}

/** Runs one statement in a session of its own. @returns the rows */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  // The server may go away in the meantime; the statement reports it.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

export function withDatabase(url: string, database: string): string {
  const result = new URL(url)
  result.pathname = `/${database}`
  return result.toString()
}

/**
 * Object in use: another process clones the template, which must have no other sessions then. Insufficient privilege:
 * autovacuum is at work in a database that is to be dropped, and only a superuser may end it. Both are transient.
 */
const PASSING = ['55006', '42501']

/** Retries transient failures. */
async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(clusterConnection().ownerUrl, 'postgres') })
  await client.connect()
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query(statement)
        return
      } catch (error) {
        if (attempt >= 100 || !(error instanceof pg.DatabaseError) || !PASSING.includes(error.code ?? '')) throw error
        await new Promise((done) => setTimeout(done, 50))
      }
    }
  } finally {
    await client.end()
  }
}
