import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../db/embedded.js'
import { prepareDatabase } from '../../db/migrate.js'

export interface BenchDatabase {
  /** The service's own way in. */
  readonly serviceUrl: string
  /** The owner, who can lift row-level security for the yardstick. */
  readonly ownerUrl: string
}

/** A fresh embedded PostgreSQL with its durability as shipped, for the time that `work` takes. */
export async function withDatabase(work: (database: BenchDatabase) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-bench-'))
  const server = await startEmbedded({ dataDir })
  try {
    await work({ ownerUrl: server.url, serviceUrl: await prepareDatabase(server.url, 'bench') })
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true })
  }
}

/** Runs statements as the owner. */
export async function asOwner(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
