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
import { DatabaseUnavailableError } from './errors.js'
import type { DB } from './generated/types.js'
import { runPipeline, type Statement, type StatementResult } from './pipeline.js'

/** What row-level security compares with; see the functions of the same names in the first migration. */
interface ScopeSettings {
  readonly userId?: string
  readonly instanceId?: string | undefined
  readonly credential?: string
}

interface ConnectionSource {
  withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>
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
    super(lendScoped(source, { credential }))
  }
}

/** The tenant-scoped handle: queries through it see and write the rows of one user. */
export class TenantScope extends Scope {
  /** UUID of the user whose rows these are. */
  readonly userId: string
  readonly #source: ConnectionSource
  readonly #settings: ScopeSettings

  constructor(source: ConnectionSource, userId: string, instanceId?: string) {
    const settings = { userId, instanceId }
    super(lendScoped(source, settings))
    this.userId = userId
    this.#source = source
    this.#settings = settings
  }

  /**
   * Runs `work` in one transaction under READ COMMITTED. Committed when it returns, rolled back when it throws.
   *
   * @param work gets a handle bound to the transaction; the outer handle must not be used inside
   */
  async transaction<T>(work: (trx: TenantTransaction) => Promise<T>): Promise<T> {
    const followUps: (() => void)[] = []
    const result = await this.#source.withClient(async (client) => {
      await runPipeline(client, [BEGIN, setScope(this.#settings)])
      try {
        const result = await work(new TenantTransaction(client, this.userId, followUps))
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
  readonly #followUps: (() => void)[]

  constructor(client: pg.ClientBase, userId: string, followUps: (() => void)[]) {
    super((work) => work(client, []))
    this.userId = userId
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

function lendScoped(source: ConnectionSource, settings: ScopeSettings): Lend {
  return (work) => source.withClient((client) => work(client, [setScope(settings)]))
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

/** `true`: for this transaction only, so that a pooled connection keeps no trace of it. */
function setScope({ userId = '', instanceId = '', credential = '' }: ScopeSettings): Statement {
  return {
    sql: `select set_config('app.user_id', $1, true), set_config('app.instance_id', $2, true),
      set_config('app.credential', $3, true)`,
    parameters: [userId, instanceId, credential],
  }
}

const BEGIN: Statement = { sql: 'begin', parameters: [] }
const COMMIT: Statement = { sql: 'commit', parameters: [] }
const ROLLBACK: Statement = { sql: 'rollback', parameters: [] }
