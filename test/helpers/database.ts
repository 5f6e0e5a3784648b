import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { type ClusterConnection, connectionFile } from './cluster.js'

export interface TestDatabase {
  /** For what the service may not do: reading around row-level security, EXPLAIN, the catalog. */
  readonly ownerUrl: string
  /** What the service connects with. */
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
  await administer(`create database ${name} template ${template}`)
  return {
    ownerUrl: withDatabase(ownerUrl, name),
    serviceUrl: withDatabase(serviceUrl, name),
    drop: () => administer(`drop database ${name} with (force)`),
  }
}

export function withDatabase(url: string, database: string): string {
  const result = new URL(url)
  result.pathname = `/${database}`
  return result.toString()
}

/**
 * Worth another try in a moment: cloning while somebody else clones (the template must have no other sessions), and
 * dropping while a process is there that the owner may not end: a session of another role that is just ending, or the
 * autovacuum.
 */
const PASSING = ['55006', '42501']

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
