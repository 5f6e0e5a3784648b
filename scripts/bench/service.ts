import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { findPostmaster } from '../../db/embedded/pidfile.js'
import { atEnd } from './benchmark.js'
import { launch } from './children.js'

/** The Node.js options of `npm start`. */
const OF_NPM_START = ['--max-semi-space-size=32', '--enable-source-maps']

const SERVER = new URL('../../src/server.js', import.meta.url)

/** Connections for queries, of the service and of the baseline alike. */
export const POOL = 16

/** The service as its own process, as in production. */
export interface Service {
  readonly url: string
  readonly port: number
  readonly child: ChildProcess
}

/** How the service is started. */
interface Start {
  readonly nodeOptions?: readonly string[]
  /** The `server.js` of another build. */
  readonly server?: URL
  /** Drops what it logs. */
  readonly isQuiet?: boolean
}

/**
 * Starts the service and waits until it listens.
 *
 * @param settings name its database: `DATA_DIR`, or `DATABASE_URL`; an empty one keeps its default
 */
export async function startService(
  settings: Readonly<Record<string, string>>,
  { nodeOptions = [], server = SERVER, isQuiet = false }: Start = {},
): Promise<Service> {
  const child = launch(server, {
    nodeOptions: [...OF_NPM_START, ...nodeOptions],
    env: {
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      RATE_LIMIT_MAX: '0',
      RATE_LIMIT_AUTH_MAX: '0',
      DATABASE_POOL_MAX: String(POOL),
      JWT_SECRET: `${randomUUID()}${randomUUID()}`,
      ...settings,
    },
  })
  const url = await banner(child, isQuiet)
  return { url, port: Number(new URL(url).port), child }
}

/** @returns its address, once it reports it */
async function banner({ stdout }: ChildProcess, isQuiet: boolean): Promise<string> {
  if (!stdout) throw new Error('the service has no output')
  let text = ''
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    text += chunk
    const url = /listens on (\S+)/.exec(text)?.[1]
    if (url) {
      if (!isQuiet) stdout.on('data', (more) => process.stderr.write(more))
      stdout.resume()
      return url
    }
  }
  throw new Error(`the service has ended: ${text}`)
}

/**
 * A folder of the benchmark's own. World-accessible, so that a server started by root, which runs as another account, gets in.
 */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'))
  atEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  await chmod(folder, 0o755)
  return folder
}

/** The service on an embedded PostgreSQL of its own. */
export interface EmbeddedService extends Service {
  /** The superuser of its database, which bypasses row-level security. */
  readonly superuser: Superuser
}

export interface Superuser {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

/** Starts the service on a new data directory: PostgreSQL with its durability as shipped. */
export async function startEmbeddedService(nodeOptions: readonly string[] = []): Promise<EmbeddedService> {
  const dataDir = join(await temporaryFolder(), 'data')
  const service = await startService({ DATA_DIR: dataDir }, { nodeOptions })
  return { ...service, superuser: await superuserOf(dataDir) }
}

export async function superuserOf(dataDir: string, database = 'signalbox'): Promise<Superuser> {
  const server = await findPostmaster(join(dataDir, 'postgres'))
  if (!server) throw new Error('there is no PostgreSQL server')
  const passwords: { superuser: string } = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8'))
  return { host: '127.0.0.1', port: server.port, user: 'postgres', password: passwords.superuser, database }
}

/** A connection for seeding and inspection, outside the measurements. */
export async function connectAs(superuser: Superuser): Promise<pg.Client> {
  const client = new pg.Client({ ...superuser, application_name: 'benchmark' })
  // A failing query reports the error; at the end the server stops first.
  client.on('error', () => {})
  await client.connect()
  atEnd(() => client.end())
  return client
}
