import { setTimeout as sleep } from 'node:timers/promises'
import { locateBinaries } from './embedded/binaries.js'
import { bootstrap, OWNER } from './embedded/bootstrap.js'
import { type Cluster, prepareCluster } from './embedded/cluster.js'
import { keepLogShort } from './embedded/log-file.js'
import { findPostmaster } from './embedded/pidfile.js'
import { stopPostmaster } from './embedded/postmaster.js'
import { isHeldByAnother, openSession, type Session } from './embedded/session.js'
import { messageOf } from './errors.js'

export { DataDirBusyError } from './embedded/errors.js'

/** A PostgreSQL server that belongs to this process and is kept running until `stop`. */
export interface EmbeddedServer {
  /** Connection URL of the role that owns the database (not a superuser; CREATEROLE). Never changes. */
  readonly url: string
  /** Process id of the server; another one after a supervised restart. */
  readonly pid: number
  /**
   * Ends the supervision, stops the server (fast mode: open sessions are cut, a checkpoint is written) and releases
   * the data directory. Further calls return the same promise.
   *
   * @throws Error when the server has not stopped after 30 s; the next start will adopt it.
   */
  stop(): Promise<void>
}

/** How the embedded server is started. */
export interface EmbeddedOptions {
  /** Folder for the database and its passwords; made if missing. One service at a time may use it. */
  readonly dataDir: string
  /** Name of the database; made if missing. Default: `signalbox`. */
  readonly database?: string
  /** Takes one line per notable event: creation, adoption, loss and recovery of the server. Default: nothing. */
  readonly log?: (message: string) => void
  /** Further settings as in postgresql.conf. Those that say where the server listens cannot be changed. */
  readonly settings?: Readonly<Record<string, string>>
  /** Bytes after which the server's log is truncated, instead of 8 MiB; one old one is kept. */
  readonly logLimit?: number
}

/**
 * Starts the PostgreSQL server that npm installed with us, on the data directory; creates its cluster, role and
 * database as far as they are missing; and restarts it on the same port whenever it dies. A server that a killed
 * service left running is adopted as it is, with its port and settings.
 *
 * @throws DataDirBusyError when another service runs on the data directory (which is not harmed).
 * @throws Error when there are no programs for this platform, the folder cannot be used, or the server does not come
 *   up within 30 s; the message says what to do, or holds the last lines of the server's log.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { dataDir, database = 'signalbox', log = () => {}, settings = {}, logLimit } = options
  const cluster = await prepareCluster(dataDir, await locateBinaries(), log)
  const session = await openSession(cluster, { settings })
  if (session.adopted) log(`adopted the database server (pid ${session.pid}) that a killed service left running`)
  try {
    await bootstrap(session.admin, database, cluster.passwords.owner)
  } catch (error) {
    await stopPostmaster(cluster, session.pid)
    throw error
  }
  return new Supervisor(cluster, session, { database, log, settings, logLimit })
}

interface SupervisorOptions {
  readonly database: string
  readonly logLimit: number | undefined
  readonly log: (message: string) => void
  readonly settings: Readonly<Record<string, string>>
}

const FIRST_DELAY_MS = 200
const LAST_DELAY_MS = 5000

class Supervisor implements EmbeddedServer {
  readonly url: string
  readonly #cluster: Cluster
  readonly #options: SupervisorOptions
  readonly #abort = new AbortController()
  readonly #watching: Promise<void>
  readonly #keepingLog: Promise<void>
  #session: Session
  #connected = true
  #stopped: Promise<void> | undefined

  constructor(cluster: Cluster, session: Session, options: SupervisorOptions) {
    const database = encodeURIComponent(options.database)
    this.url = `postgres://${OWNER}:${cluster.passwords.owner}@127.0.0.1:${session.port}/${database}`
    this.#cluster = cluster
    this.#session = session
    this.#options = options
    this.#watching = this.#watch()
    this.#keepingLog = keepLogShort(cluster.logFile, this.#abort.signal, options.log, options.logLimit)
  }

  get pid(): number {
    return this.#session.pid
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown()
    return this.#stopped
  }

  async #watch(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      await this.#session.closed
      this.#connected = false
      if (!this.#abort.signal.aborted) await this.#recover()
    }
  }

  async #recover(): Promise<void> {
    const { log } = this.#options
    const { signal } = this.#abort
    log('lost the connection to the database server; recovering')
    for (let delay = FIRST_DELAY_MS; !signal.aborted; delay = Math.min(delay * 2, LAST_DELAY_MS)) {
      try {
        await this.#reopen()
        return
      } catch (error) {
        if (signal.aborted) return
        log(`cannot recover the database server yet: ${messageOf(error)}`)
      }
      await sleep(delay, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  async #reopen(): Promise<void> {
    const { settings, log } = this.#options
    const { signal } = this.#abort
    this.#session = await openSession(this.#cluster, { settings, port: this.#session.port, signal })
    this.#connected = true
    log(`the database server is back (pid ${this.#session.pid})`)
  }

  /** The lock is held until the server is down: the server's end cuts the connection, so no other start can get in between. */
  async #shutDown(): Promise<void> {
    this.#abort.abort()
    await this.#keepingLog
    if (!this.#connected) await this.#watching
    try {
      if (this.#connected) await stopPostmaster(this.#cluster, this.#session.pid)
      else await this.#stopUnheld()
    } finally {
      await this.#session.admin.end()
      await this.#watching
    }
  }

  /** Without our lock, another service may own the server by now. */
  async #stopUnheld(): Promise<void> {
    const found = await findPostmaster(this.#cluster.dir)
    if (found && !(await isHeldByAnother(this.#cluster, found))) await stopPostmaster(this.#cluster, found.pid)
  }
}
