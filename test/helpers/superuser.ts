import { readFileSync } from 'node:fs'
import pg from 'pg'
import type { Test } from 'tap'
import { clusterDir } from './cluster.js'
import type { TestDatabase } from './database.js'

/** A connection that bypasses row-level security: as superuser, which may also end other sessions. */
export async function superuser(t: Test, { ownerUrl }: TestDatabase): Promise<pg.Client> {
  const url = new URL(ownerUrl)
  const client = new pg.Client({
    host: url.hostname,
    port: Number(url.port),
    user: 'postgres',
    password: JSON.parse(readFileSync(`${clusterDir}/postgres.json`, 'utf8')).superuser,
    database: url.pathname.slice(1),
  })
  await client.connect()
  t.teardown(() => client.end())
  return client
}
