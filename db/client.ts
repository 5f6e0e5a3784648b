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

/** What a `Database` connects to, and the size of its pool. */
export interface DatabaseOptions {
  /** Connection URL of the powerless service role, as `prepareDatabase` gives it. */
  readonly url: string
  /** The most connections lent at once. Those for LISTEN, readiness and exclusive jobs come on top. */
  readonly poolMax: number
  /** Called when an idle connection breaks. Queries report their own failures. */
  readonly onConnectionError?: (error: Error) => void
}

/**
 * Milliseconds to wait for a free connection, and for the server to answer one query. Together they bound how long a
 * caller waits for its 503 when the server hangs. A server that is only slow says so first: `prepareDatabase` gives the
 * service's role a `statement_timeout` that is shorter.
 */
const CONNECT_TIMEOUT = 4_000
const QUERY_TIMEOUT = 4_500

/** How many requests may wait for a connection per account: each holds a request, with its body, in memory. */
const MAX_WAITING = 1_000

/** Milliseconds that a dedicated connection gets to close. */
const GOODBYE_TIMEOUT = 1_000

/**
 * The service's connections. It hands out scopes (db/access.ts) and nothing else: there is no other way to a table.
 *
 * Connections are lent in fair shares (`FairShares`), and no transaction waits long for another's lock while it holds one
 * (`Contention`).
 */
export class Database {
  readonly #url: string
  readonly #role: string
  readonly #shares: FairShares
  readonly #contention = new Contention()
  readonly #pool: pg.Pool
  /** A connection apart, so that readiness can be checked under any load. */
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
   * @param userId UUID of the user that the statements reach
   * @param actor the actor; a key that is bound to a run reaches that run alone. Default: the service
   * @returns the handle for every query on behalf of the tenant
   */
  tenant(userId: string, actor?: Actor): TenantScope {
    return new TenantScope(this, userId, actor)
  }

  /**
   * @param credential an e-mail address at login, or the SHA-256 of a key, of a refresh token or of an external identity
   * @returns a handle that can read the one row with this credential
   */
  lookup(credential: string): LookupScope {
    return LookupScope.on(this, credential)
  }

  /** @param userIds UUIDs of the users that one statement serves together @returns a handle for such statements */
  severalTenants(userIds: readonly string[]): SeveralTenantsScope {
    return new SeveralTenantsScope(this, userIds)
  }

  /** @param concern the concern that pays with its share of connections @returns a handle for work on behalf of no account */
  errands(concern: Concern = 'errands'): ErrandScope {
    return new ErrandScope(this, concern)
  }

  /** @returns a handle for the worker of the queue */
  queue(): QueueScope {
    return new QueueScope(this)
  }

  /**
   * Lends a connection to `work` and takes it back; a connection that may be broken is closed instead. `work` must not borrow
   * another one meanwhile: that could wait for a turn which only comes when this one ends.
   *
   * @param borrower the borrower that pays with its share
   * @throws {BusyError} when too many wait for this borrower's share
   * @throws {DatabaseUnavailableError} when no connection is available
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
   * Repeats an attempt, from its beginning, that was rolled back because of contention; see `Contention`.
   *
   * @param borrower the borrower that the connections count for
   */
  overcome<T>(borrower: Borrower, attempt: () => Promise<T>): Promise<T> {
    return this.#contention.overcome(borrower, attempt)
  }

  /**
   * Runs work that one process at a time should do, unless another process is doing it. The lock ends with the transaction that
   * holds it, so also with the process, and works behind PgBouncer. The connection that holds it is not one of the pool.
   *
   * @param lock an otherwise unused constant
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
   * Uses a connection of its own; concurrent calls share an answer.
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
   * A connection outside the pool. The caller connects it, watches for its 'error' and 'end', and ends it by `endDedicated`.
   *
   * @param purpose its purpose, shown in `pg_stat_activity`
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

  /** Ends a dedicated connection without waiting for a server that hangs, which would not answer the Terminate message. */
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

/** @throws {DatabaseUnavailableError} when no connection is available */
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
