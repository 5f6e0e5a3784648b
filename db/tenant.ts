import {
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  PostgresAdapter,
  PostgresQueryCompiler,
  QueryCreator,
  type QueryExecutor,
  type QueryExecutorProvider,
  type QueryResult,
} from 'kysely'
import type pg from 'pg'
import { LOCK_TIMEOUT } from './contention.js'
import { DatabaseUnavailableError } from './errors.js'
import type { Borrower } from './fair-shares.js'
import type { DB } from './generated/types.js'
import { BEGIN, COMMIT, ROLLBACK, runPipeline, type Statement, type StatementResult } from './pipeline.js'

/** Settings that row-level security compares with, by name; see the `current_…` functions of the migrations. */
type ScopeSettings = Readonly<Record<string, string>>

interface ConnectionSource {
  /** Lends a connection from the borrower's share. */
  withClient<T>(borrower: Borrower, work: (client: pg.PoolClient) => Promise<T>): Promise<T>
  /** Makes an attempt again that others stood in the way of. */
  overcome<T>(borrower: Borrower, attempt: () => Promise<T>): Promise<T>
}

/** Gives a client to run on, and the statements that must go before each pipeline on it. */
type Lend = <T>(work: (client: pg.ClientBase, before: readonly Statement[]) => Promise<T>) => Promise<T>

const adapter = new PostgresAdapter()
const compiler = new PostgresQueryCompiler()

/**
 * A Kysely query creator whose every query runs inside a row-level security scope. The settings travel with the query,
 * before one Sync: no extra round trip, and nothing is left on the connection afterwards.
 */
abstract class Scope extends QueryCreator<DB> implements QueryExecutorProvider {
  readonly #lend: Lend
  readonly #executor: QueryExecutor

  constructor(lend: Lend) {
    const executor = new DefaultQueryExecutor(compiler, adapter, {
      provideConnection: (consumer) => lend((client, before) => consumer(new ScopedConnection(client, before))),
    })
    super({ executor })
    this.#lend = lend
    this.#executor = executor
  }

  /** Lets Kysely's `sql` template run in this scope: `` sql`…`.execute(tenant) ``. */
  getExecutor(): QueryExecutor {
    return this.#executor
  }

  /**
   * Runs compiled queries in one round trip and one implicit transaction.
   *
   * @param queries what `compile()` gives; each sees what the ones before it did
   * @returns the rows of each query, in order
   */
  async pipeline<Rows extends readonly unknown[]>(
    ...queries: { [I in keyof Rows]: CompiledQuery<Rows[I]> }
  ): Promise<{ [I in keyof Rows]: Rows[I][] }> {
    const results = await this.#lend((client, before) => runScoped(client, before, queries))
    // The row types are those that Kysely inferred for each query; the driver cannot know them.
    return results.map((result) => result.rows) as { [I in keyof Rows]: Rows[I][] }
  }
}

/** Reads the one row that carries a credential. It sees nothing else and can write nothing. */
export class LookupScope extends Scope {
  constructor(source: ConnectionSource, credential: string) {
    super(lendScoped(source, 'lookups', { 'app.credential': credential }))
  }
}

/**
 * The handle for statements that serve requests of several tenants together. It reaches rows of exactly these tenants,
 * and can do with them what the policies named `several…` say: read chats and append to them. Which row is whose is up
 * to the statement: each row it writes must take its `user_id` from the request that it serves.
 *
 * What fails because somebody stands in the way of one of them is not tried again: the others must not wait for that.
 */
export class SeveralTenantsScope extends Scope {
  constructor(source: ConnectionSource, userIds: readonly string[]) {
    const scope = setScope({ 'app.user_ids': arrayLiteral(userIds) })
    super((work) => source.withClient('combined posts', (client) => work(client, [scope])))
  }
}

/** Finds runs that have given no sign of life since a moment, whoever they belong to. It can write nothing. */
export class SilenceScope extends Scope {
  constructor(source: ConnectionSource, since: Date) {
    super(lendScoped(source, 'errands', { 'app.silent_since': since.toISOString() }))
  }
}

/**
 * What the one who acts has shown. Whoever persists access checks in the same transaction that it is still good, see
 * `lockCredential`.
 */
export type Credential =
  | { readonly kind: 'session'; readonly id: string }
  /** At an OpenID provider, by the SHA-256 of issuer and subject. */
  | { readonly kind: 'identity'; readonly hash: string }
  | { readonly kind: 'key'; readonly id: string; readonly secretHash: string }

/** The tenant-scoped handle: queries through it see and write the rows of one user. */
export class TenantScope extends Scope {
  /** UUID of the user whose rows these are. */
  readonly userId: string
  /** UUID of the only run that it reaches; undefined for all of them. */
  readonly instanceId: string | undefined
  /** Whoever acts; undefined when the service acts by itself. */
  readonly credential: Credential | undefined
  readonly #source: ConnectionSource
  readonly #settings: ScopeSettings

  constructor(source: ConnectionSource, userId: string, instanceId?: string, credential?: Credential) {
    const settings = { 'app.user_id': userId, 'app.instance_id': instanceId ?? '' }
    super(lendScoped(source, userId, settings))
    this.userId = userId
    this.instanceId = instanceId
    this.credential = credential
    this.#source = source
    this.#settings = settings
  }

  /**
   * Runs `work` in one transaction under READ COMMITTED. Committed when it returns, rolled back when it throws.
   *
   * @param work gets a handle bound to the transaction; the outer handle must not be used inside. It is run again, from
   *   its beginning and in a new transaction, when somebody held a lock for too long or the first one was the victim of a
   *   deadlock: what it does besides has to wait for the commit, see `afterCommit`
   */
  transaction<T>(work: (trx: TenantTransaction) => Promise<T>): Promise<T> {
    return this.#source.overcome(this.userId, () => this.#attempt(work))
  }

  async #attempt<T>(work: (trx: TenantTransaction) => Promise<T>): Promise<T> {
    const followUps: (() => void)[] = []
    const result = await this.#source.withClient(this.userId, async (client) => {
      await runPipeline(client, [BEGIN, setScope(this.#settings)])
      try {
        const result = await work(new TenantTransaction(client, this.userId, this.credential, followUps))
        await commit(client)
        return result
      } catch (error) {
        // A connection that may be broken is closed, which rolls back as well; a hung one would not answer this either.
        if (!(error instanceof DatabaseUnavailableError)) await runPipeline(client, [ROLLBACK])
        throw error
      }
    })
    for (const followUp of followUps) followUp()
    return result
  }

  /** Does at once what a transaction would put off until it is committed. */
  afterCommit(followUp: () => void): void {
    followUp()
  }
}

/** The tenant-scoped handle inside a transaction. Query functions that must not run outside one ask for this type. */
export class TenantTransaction extends Scope {
  readonly userId: string
  readonly credential: Credential | undefined
  readonly #followUps: (() => void)[]

  constructor(client: pg.ClientBase, userId: string, credential: Credential | undefined, followUps: (() => void)[]) {
    super((work) => work(client, []))
    this.userId = userId
    this.credential = credential
    this.#followUps = followUps
  }

  /** Joins the transaction that is under way: what `work` does is committed or rolled back with it. */
  transaction<T>(work: (trx: TenantTransaction) => Promise<T>): Promise<T> {
    return work(this)
  }

  /** Has something done once the transaction is committed; never, if it is rolled back. */
  afterCommit(followUp: () => void): void {
    this.#followUps.push(followUp)
  }
}

/** What a query function takes first: the tenant's handle, inside a transaction or not. */
export type Tenant = TenantScope | TenantTransaction

class ScopedConnection implements DatabaseConnection {
  readonly #client: pg.ClientBase
  readonly #before: readonly Statement[]

  constructor(client: pg.ClientBase, before: readonly Statement[]) {
    this.#client = client
    this.#before = before
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const [result] = await runScoped(this.#client, this.#before, [query])
    // Kysely's interface asks the driver for a row type that only the query builder knows.
    return { rows: (result?.rows ?? []) as R[], numAffectedRows: BigInt(result?.affected ?? 0) }
  }

  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    yield* []
    throw new Error('streaming queries are not used here')
  }
}

function lendScoped(source: ConnectionSource, borrower: Borrower, settings: ScopeSettings): Lend {
  const scope = setScope(settings)
  return (work) => source.overcome(borrower, () => source.withClient(borrower, (client) => work(client, [scope])))
}

async function runScoped(
  client: pg.ClientBase,
  before: readonly Statement[],
  queries: readonly CompiledQuery[],
): Promise<StatementResult[]> {
  const results = await runPipeline(client, [...before, ...queries])
  return results.slice(before.length)
}

/** To COMMIT after a statement failed, PostgreSQL answers without an error that it has rolled back. */
async function commit(client: pg.ClientBase): Promise<void> {
  const [result] = await runPipeline(client, [COMMIT])
  if (result?.command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements had failed')
}

/**
 * `true`: for this transaction only, so that a pooled connection keeps no trace of it. Nobody waits for locks for long
 * while holding a connection, see `Contention`.
 */
function setScope(settings: ScopeSettings): Statement {
  const calls = Object.keys(settings).map((name, index) => `set_config('${name}', $${index + 1}, true)`)
  const lockTimeout = `set_config('lock_timeout', '${LOCK_TIMEOUT}', true)`
  return { sql: `select ${[...calls, lockTimeout].join(', ')}`, parameters: Object.values(settings) }
}

/** Only for values without quotes and backslashes: ids and hashes. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.join(',')}}`
}
