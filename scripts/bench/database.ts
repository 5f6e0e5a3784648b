import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../db/embedded.js'
import { atEnd } from './benchmark.js'
import { connectAs, type Superuser, superuserOf, temporaryFolder } from './service.js'

/** A database of its own on the benchmark's server. */
export interface BenchDatabase {
  /** URL of the owner role, for `DATABASE_URL`. */
  readonly ownerUrl: string
  /** URL of the superuser, which bypasses row-level security. */
  readonly superuser: Superuser
}

/** Starts an embedded PostgreSQL, with its durability as shipped, and makes databases on it. */
export async function startDatabases(names: readonly string[]): Promise<BenchDatabase[]> {
  const dataDir = join(await temporaryFolder(), 'data')
  const server = await startEmbedded({ dataDir })
  atEnd(() => server.stop())
  const admin = await connectAs(await superuserOf(dataDir))
  const databases: BenchDatabase[] = []
  for (const name of names) {
    const url = new URL(server.url)
    await admin.query(`create database ${name} owner ${url.username}`)
    url.pathname = name
    databases.push({ ownerUrl: url.toString(), superuser: await superuserOf(dataDir, name) })
  }
  return databases
}

/** The same on another server, as its superuser. Leftovers of an earlier run are dropped first. */
export async function databasesOn(superuserUrl: string, names: readonly string[]): Promise<BenchDatabase[]> {
  const { host, port, user, password } = new pg.Client({ connectionString: superuserUrl })
  const superuser = { host, port, user: user ?? 'postgres', password: String(password ?? '') }
  const admin = await connectAs({ ...superuser, database: 'postgres' })
  const databases: BenchDatabase[] = []
  for (const name of names) {
    const owner = `${name}_owner`
    const drop = async () => {
      await admin.query(`drop database if exists ${name} with (force)`)
      const { rows } = await admin.query<{ role: string }>(
        'select rolname as role from pg_roles where starts_with(rolname, $1)',
        [`${name}_`],
      )
      for (const { role } of rows) await admin.query(`drop role ${role}`)
    }
    await drop()
    await admin.query(`create role ${owner} login createrole password 'benchmark'`)
    await admin.query(`create database ${name} owner ${owner}`)
    atEnd(drop)
    databases.push({
      ownerUrl: `postgres://${owner}:benchmark@${host}:${port}/${name}`,
      superuser: { ...superuser, database: name },
    })
  }
  return databases
}
