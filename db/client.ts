import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { ScopeName } from './access.js'
import type { Actor } from './actor.js'
import { Contention } from './contention.js'
import { DatabaseUnavailableError, isForeignDatabase, messageOf } from './errors.js'
import { type Borrower, type Concern, FairShares } from './fair-shares.js'
import { latestMigration } from './migrate.js'
import { BEGIN, ROLLBACK, runPipeline } from './pipeline.js'
import { scopeRole } from './roles.js'
import { ErrandScope, LookupScope, QueueScope, SeveralTenantsScope, TenantScope } from './tenant.js'

/** What a `Database` connects to, and with how many connections. */
export interface DatabaseOptions {
  /** Connection URL of the powerless service role, as `prepareDatabase` gives it. */
  readonly url: string
  /** The most connections that are lent at once. Those for LISTEN, readiness and exclusive errands come on top. */
  readonly poolMax: number
  /** Told of connections that broke while nobody used them. Queries report their own failures. */
  readonly onConnectionError?: (error: Error) => void
}

/**
 * Milliseconds to wait for a free connection, and for the server to answer one query. Together they bound how long a
 * caller waits for its 503 when the server hangs. A server that is only slow says so first: `prepareDatabase` gives the
 * service's role a `statement_timeout` that is shorter.
 */
const CONNECT_TIMEOUT = 4_000
const QUERY_TIMEOUT = 4_500

/** How many may wait for a connection on behalf of one account: each holds a request, with its body, in memory. */
const MAX_WAITING = 1_000

/** Milliseconds that a dedicated connection gets to close. */
const GOODBYE_TIMEOUT = 1_000

/**
 * The service's connections. It hands out scopes and nothing else: there is no way to a table but through a tenant
 * (`tenant`) or through something that the caller has shown to know (`lookup`).
 *
 * Connections are lent in fair shares (`FairShares`), and nobody waits for somebody else's lock with one (`Contention`).
 */
export class Database {
  readonly #url: string
  readonly #role: string
  readonly #shares: FairShares
  readonly #contention = new Contention()
  readonly #pool: pg.Pool
  /** Whatever else is going on, somebody can find out whether the service is ready. */
  readonly #readinessPool: pg.Pool
  readonly #exclusivePool: pg.Pool
  #isCurrent: Promise<boolean> | undefined

  constructor(options: DatabaseOptions) {
    this.#url = options.url
    this.#role = new pg.Client({ connectionString: options.url }).user ?? ''
    this.#shares = new FairShares({
      capacity: options.poolMax,
      waitTimeoutMs: CONNECT_TIMEOUT,
      maxWaiting: MAX_WAITING,
    })
    this.#pool = newPool(options, options.poolMax)
    this.#readinessPool = newPool(options, 1, { idleTimeoutMillis: 0 })
    this.#exclusivePool = newPool(options, 1)
  }

  /** @returns the database role of a scope */
  roleOf(scope: ScopeName): string {
    return scopeRole(this.#role, scope)
  }

  /**
   * @param userId UUID of the user whose rows are to be reached
   * @param actor who acts; a key that is bound to a run reaches that run alone. Without it, the service does
   * @returns the handle that every query on a tenant's behalf goes through
   */
  tenant(userId: string, actor?: Actor): TenantScope {
    return new TenantScope(this, userId, actor)
  }

  /**
   * @param credential an e-mail address at login, or the SHA-256 of a key, of a refresh token or of an external identity
   * @returns a handle that can read the one row which carries this credential
   */
  lookup(credential: string): LookupScope {
    return LookupScope.on(this, credential)
  }

  /** @param userIds UUIDs of the users whose requests are served together @returns a handle for such statements */
  severalTenants(userIds: readonly string[]): SeveralTenantsScope {
    return new SeveralTenantsScope(this, userIds)
  }

  /** @param concern whose share of the connections it takes @returns a handle for what the service does on nobody's behalf */
  errands(concern: Concern = 'errands'): ErrandScope {
    return new ErrandScope(this, concern)
  }

  /** @returns a handle for the worker of the queue */
  queue(): QueueScope {
    return new QueueScope(this)
  }

  /**
   * Lends a connection to `work` and takes it back; one that may be broken is closed instead. `work` must not borrow
   * another one meanwhile: it might wait for a turn that comes when this one ends.
   *
   * @param borrower whose share it is taken from
   * @throws {BusyError} when too many wait for this borrower's share
   * @throws {DatabaseUnavailableError} when there is no connection to be had
   */
  async withClient<T>(borrower: Borrower, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    await this.#shares.borrow(borrower)
    try {
      return await lend(this.#pool, work)
    } finally {
      this.#shares.giveBack(borrower)
    }
  }

  /**
   * Makes an attempt again, from its beginning, that was rolled back because others stood in its way; see `Contention`.
   *
   * @param borrower whose connections it takes
   */
  overcome<T>(borrower: Borrower, attempt: () => Promise<T>): Promise<T> {
    return this.#contention.overcome(borrower, attempt)
  }

  /**
   * Does work that one process at a time should do, if no other one is at it. The lock ends with the transaction that
   * holds it, so also with the process, and works behind PgBouncer. The connection that holds it meanwhile is none of
   * those that are lent.
   *
   * @param lock any constant that nobody else uses
   * @param work gets the server's time
   */
  async exclusively(lock: number, work: (now: Date) => Promise<void>): Promise<void> {
    await lend(this.#exclusivePool, async (client) => {
      const sql = 'select pg_try_advisory_xact_lock($1) as free, now() as now'
      const [, result] = await runPipeline(client, [BEGIN, { sql, parameters: [lock] }])
      try {
        const now = result?.rows[0]?.['now']
        if (result?.rows[0]?.['free'] === true && now instanceof Date) await work(now)
      } finally {
        await runPipeline(client, [ROLLBACK])
      }
    })
  }

  /**
   * Has a connection of its own; those who ask at the same time share an answer.
   *
   * @returns whether the last migration of this build has been applied
   * @throws {DatabaseUnavailableError}
   */
  isCurrent(): Promise<boolean> {
    this.#isCurrent ??= this.#findWhetherCurrent().finally(() => {
      this.#isCurrent = undefined
    })
    return this.#isCurrent
  }

  async #findWhetherCurrent(): Promise<boolean> {
    const sql = 'select exists (select from kysely_migration where name = $1) as current'
    const statements = [{ sql, parameters: [latestMigration] }]
    const [result] = await lend(this.#readinessPool, (client) => runPipeline(client, statements)).catch((error) => {
      if (isForeignDatabase(error)) return []
      throw error
    })
    return result?.rows[0]?.['current'] === true
  }

  /**
   * A connection outside the pool. The caller connects it, watches for its 'error' and 'end', and ends it by
   * `endDedicated`.
   *
   * @param purpose what it is for, as `pg_stat_activity` shows it
   */
  dedicatedClient(purpose: 'listen' | 'worker'): pg.Client {
    return new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      query_timeout: QUERY_TIMEOUT,
      keepAlive: true,
      application_name: `signalbox ${purpose}`,
    })
  }

  /** Ends a dedicated connection, without waiting for a server that hangs: that would not answer the goodbye. */
  async endDedicated(client: pg.Client): Promise<void> {
    await Promise.race([client.end().catch(() => {}), sleep(GOODBYE_TIMEOUT, undefined, { ref: false })])
  }

  /** Waits for running queries, then closes every connection. */
  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#readinessPool.end(), this.#exclusivePool.end()])
  }
}

function newPool({ url, onConnectionError }: DatabaseOptions, max: number, changes: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    query_timeout: QUERY_TIMEOUT,
    keepAlive: true,
    application_name: 'signalbox',
    ...changes,
  })
  // Without a listener an 'error' event ends the process; the pool listens only while a client is idle.
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', (error) => {
    if (!pool.ending) onConnectionError?.(error)
  })
  return pool
}

/** @throws {DatabaseUnavailableError} when there is no connection to be had */
async function lend<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: Error) => {
    throw new DatabaseUnavailableError(`no database connection: ${messageOf(error)}`, { cause: error })
  })
  let broken = false
  try {
    return await work(client)
  } catch (error) {
    broken = error instanceof DatabaseUnavailableError
    throw error
  } finally {
    client.release(broken)
  }
}
