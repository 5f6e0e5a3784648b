import { join } from 'node:path'
import { startEmbedded } from '../../db/embedded.js'
import { atEnd } from './benchmark.js'
import { connectAs, type Superuser, superuserOf, temporaryFolder } from './service.js'

/** A database of its own on the benchmark's server. */
export interface BenchDatabase {
  /** The role that owns it: what `DATABASE_URL` takes. */
  readonly ownerUrl: string
  /** Whom no policy of row-level security binds. */
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
