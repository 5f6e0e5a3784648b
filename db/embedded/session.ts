import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { hasCode, isRecord, isServerNotReady, messageOf } from '../errors.js'
import type { Cluster } from './cluster.js'
import { DataDirBusyError } from './errors.js'
import { findPostmaster, type Postmaster } from './pidfile.js'
import { freePort, type Launched, launchPostmaster } from './postmaster.js'

/** A running server, and the connection by which this service alone holds it. */
export interface Session {
  readonly pid: number
  readonly port: number
  /** whether the server was already running, left behind by a service that was killed */
  readonly adopted: boolean
  /** superuser, database postgres; holds the lock for as long as it lives */
  readonly admin: pg.Client
  /** resolves when the connection is gone */
  readonly closed: Promise<void>
}

/** How a session with the embedded server is opened. */
export interface SessionOptions {
  readonly settings: Readonly<Record<string, string>>
  /** required TCP port; by default any free one, or that of a server already running */
  readonly port?: number
  readonly signal?: AbortSignal
}

const START_LIMIT_MS = 30_000
const POLL_MS = 10

/**
 * Connects to the cluster's server, after starting it if it is not running, and takes the lock.
 *
 * @throws DataDirBusyError when another service holds the lock.
 * @throws Error when the server does not come up within 30 s, or fails; with the last lines of its log.
 */
export async function openSession(cluster: Cluster, options: SessionOptions): Promise<Session> {
  const deadline = Date.now() + START_LIMIT_MS
  for (;;) {
    const session = await reachServer(cluster, options, deadline)
    try {
      if (await acquireLock(session.admin)) return session
    } catch (error) {
      await session.admin.end()
      // The service we waited for has just stopped the server: this process may start it now.
      if (isTransient(error) && Date.now() < deadline) continue
      throw error
    }
    await session.admin.end()
    throw new DataDirBusyError(cluster.dataDir)
  }
}

async function reachServer(cluster: Cluster, options: SessionOptions, deadline: number): Promise<Session> {
  let launched: Launched | undefined
  try {
    for (; Date.now() < deadline; await sleep(POLL_MS)) {
      options.signal?.throwIfAborted()
      const found = await findPostmaster(cluster.dir)
      const session = found?.ready && (await connectSession(cluster, found, launched))
      if (session) return insistOnPort(session, options.port)
      if (found || launched?.isRunning()) continue
      if (launched) await ensureWorthRetrying(launched)
      launched = await launchPostmaster(cluster, options.port ?? (await freePort()), options.settings)
    }
  } catch (error) {
    await launched?.abandon()
    throw error
  }
  // A start that may be a slow recovery is left to finish: the next start waits for it.
  throw new Error(`PostgreSQL has not come up within 30 s; see ${cluster.logFile}\n${(await launched?.log()) ?? ''}`)
}

async function insistOnPort(session: Session, port: number | undefined): Promise<Session> {
  if (port === undefined || session.port === port) return session
  await session.admin.end()
  throw new Error(`another Signalbox has started the database on port ${session.port} instead of ${port}`)
}

/** Transient failures of a start: a port just taken, a concurrent start, or the last processes of a killed server. */
const PASSING =
  /could not bind|could not create any TCP\/IP sockets|lock file ".*" (already exists|is empty)|pre-existing shared memory block/

async function ensureWorthRetrying(launched: Launched): Promise<void> {
  const log = await launched.log()
  if (!PASSING.test(log)) throw new Error(`PostgreSQL has failed to start:\n${log}`)
  await sleep(50)
}

async function connectSession(
  cluster: Cluster,
  { pid, port }: Postmaster,
  launched: Launched | undefined,
): Promise<Session | undefined> {
  const admin = createClient(port, cluster.passwords.superuser)
  const closed = new Promise<void>((resolve) => {
    admin.once('end', () => resolve())
  })
  try {
    await admin.connect()
    return { pid, port, admin, closed, adopted: launched?.port !== port }
  } catch (error) {
    if (isTransient(error)) return undefined
    throw new Error(`cannot connect to the database in ${cluster.dir}: ${messageOf(error)}`, { cause: error })
  }
}

function createClient(port: number, password: string): pg.Client {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    ssl: false,
    application_name: 'signalbox supervisor',
    // Keeps the owner's password out of the log should CREATE ROLE fail, and overrides PGOPTIONS.
    options: '-c log_min_error_statement=panic',
    connectionTimeoutMillis: 5000,
  })
  // Without a listener the loss of the connection would end the process. Its 'end' event is enough.
  client.on('error', () => {})
  return client
}

/** The errors of a server that is not up yet, and of a connection that was just cut. */
const NETWORK_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']

/** pg reports a cut connection, and its own timeout, by message only. */
function isTransient(error: unknown): boolean {
  return (
    isServerNotReady(error) ||
    hasCode(error, ...NETWORK_CODES) ||
    /connection terminated|timeout expired|not queryable/i.test(messageOf(error))
  )
}

const LOCK_LIMIT_MS = 1000

/** Right after a holder was killed, its backend takes a moment to notice. */
async function acquireLock(admin: pg.Client): Promise<boolean> {
  for (const deadline = Date.now() + LOCK_LIMIT_MS; ; await sleep(50)) {
    if (await tryLock(admin)) return true
    if (Date.now() >= deadline) return false
  }
}

/** The ASCII codes of "SIGNALBX": any number does that no other program uses in the database postgres. */
const LOCK_KEY = '6001406379876434520'

async function tryLock(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query('SELECT pg_try_advisory_lock($1) AS locked', [LOCK_KEY])
  const row: unknown = rows[0]
  return isRecord(row) && row['locked'] === true
}

/** Whether a service other than this one holds the lock of a running server. False if it cannot be asked. */
export async function isHeldByAnother(cluster: Cluster, { port }: Postmaster): Promise<boolean> {
  const admin = createClient(port, cluster.passwords.superuser)
  try {
    await admin.connect()
    return !(await acquireLock(admin))
  } catch {
    return false
  } finally {
    await admin.end()
  }
}
