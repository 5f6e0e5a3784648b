import { rename, writeFile } from 'node:fs/promises'
import pg from 'pg'
import { startEmbedded } from '../../db/embedded.js'
import { prepareDatabase } from '../../db/migrate.js'
import { type ClusterConnection, clusterDir, connectionFile } from './cluster.js'

/** Longer than any test run: a leftover keeper ends itself. */
const LIFETIME = 2 * 60 * 60_000

const TEMPLATE = 'signalbox_template'

/** The data need not survive a power failure: no fsync is awaited. */
const settings = { max_connections: '400', fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

const server = await startEmbedded({ dataDir: clusterDir, database: TEMPLATE, settings })
const serviceUrl = await prepareDatabase(server.url, 'test')
await allowCloning(server.url)
const connection: ClusterConnection = { ownerUrl: server.url, template: TEMPLATE, serviceUrl, keeper: process.pid }
await writeFile(`${connectionFile}.draft`, JSON.stringify(connection))
await rename(`${connectionFile}.draft`, connectionFile)

const stop = () => server.stop().then(() => process.exit(0))
process.once('SIGTERM', stop)
setTimeout(stop, LIFETIME)

/** The owner has no right to create databases of its own; the tests need it. */
async function allowCloning(ownerUrl: string): Promise<void> {
  const { readFile } = await import('node:fs/promises')
  const { superuser } = JSON.parse(await readFile(`${clusterDir}/postgres.json`, 'utf8'))
  const url = new URL(ownerUrl)
  const client = new pg.Client({
    host: url.hostname,
    port: Number(url.port),
    user: 'postgres',
    password: superuser,
    database: 'postgres',
  })
  await client.connect()
  await client.query('alter role signalbox_owner createdb')
  await client.end()
}
