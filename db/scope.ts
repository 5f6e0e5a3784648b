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
import type { ScopeName } from './access.js'
import { LOCK_TIMEOUT } from './contention.js'
import type { Borrower } from './fair-shares.js'
import type { DB } from './generated/types.js'
import { runPipeline, type Statement, type StatementResult } from './pipeline.js'
import { type Results, readSteps, type Steps, statementsOf } from './step.js'

/** Settings that policies compare with, by name; see the `current_…` functions of the schema. */
export type ScopeSettings = Readonly<Record<string, string>>

/** Lends connections, as `Database` does. */
export interface ConnectionSource {
  /** @returns the database role of a scope */
  roleOf(scope: ScopeName): string
  /** Lends a connection out of the borrower's share. */
  withClient<T>(borrower: Borrower, work: (client: pg.PoolClient) => Promise<T>): Promise<T>
  /** Retries an attempt that lost to contention. */
  overcome<T>(borrower: Borrower, attempt: () => Promise<T>): Promise<T>
}

/** The frame of a pipeline on a connection: the statements that enter the scope, and those that leave it. */
export interface Frame {
  readonly before: readonly Statement[]
  readonly after: readonly Statement[]
}

/** Gives a client, and the frame of each pipeline on it. */
export type Lend = <T>(work: (client: pg.ClientBase, frame: Frame) => Promise<T>) => Promise<T>

const adapter = new PostgresAdapter()
const compiler = new PostgresQueryCompiler()

/**
 * A Kysely query creator that runs every query in a scope: a role of the database with the access of db/access.ts. Role and
 * settings travel with the query, before one Sync: no extra round trip, and nothing is left on the connection afterwards.
 */
export abstract class Scope extends QueryCreator<DB> implements QueryExecutorProvider {
  readonly #name: ScopeName
  readonly #lend: Lend
  readonly #executor: QueryExecutor

  constructor(name: ScopeName, lend: Lend) {
    const executor = new DefaultQueryExecutor(compiler, adapter, {
      provideConnection: (consumer) => lend((client, frame) => consumer(new ScopedConnection(name, client, frame))),
    })
    super({ executor })
    this.#name = name
    this.#lend = lend
    this.#executor = executor
  }

  /** Lets Kysely's `sql` template run in this scope: `` sql`…`.execute(tenant) ``. */
  getExecutor(): QueryExecutor {
    return this.#executor
  }

  /**
   * Runs steps in one round trip and one implicit transaction.
   *
   * @param steps each sees the effects of the earlier ones
   * @returns their results, by name
   */
  pipeline<S extends Steps>(steps: S): Promise<Results<S>>
  /**
   * The same for a module's own queries.
   *
   * @param queries compiled queries; each sees the effects of the earlier ones
   * @returns the rows of each query, in order
   */
  pipeline<Rows extends readonly unknown[]>(
    ...queries: { [I in keyof Rows]: CompiledQuery<Rows[I]> }
  ): Promise<{ [I in keyof Rows]: Rows[I][] }>
  async pipeline(...given: [Steps] | readonly CompiledQuery[]): Promise<unknown> {
    const [first] = given
    if (!first || isQuery(first)) return rowsIn(await this.run(given.filter(isQuery)))
    return readSteps(first, rowsIn(await this.run(statementsOf(first))))
  }

  /** As `pipeline`, for statements with unknown row types. */
  run(statements: readonly Statement[]): Promise<StatementResult[]> {
    return this.#lend((client, frame) => runScoped(this.#name, client, frame, statements))
  }
}

/**
 * `true` limits it to this transaction, so that a pooled connection keeps no trace. No statement waits for locks for long while
 * holding a connection, see `Contention`.
 */
export function enterScope(source: ConnectionSource, scope: ScopeName, settings: ScopeSettings): Statement {
  const calls = Object.keys(settings).map((name, index) => `set_config('${name}', $${index + 2}, true)`)
  const lockTimeout = `set_config('lock_timeout', '${LOCK_TIMEOUT}', true)`
  return {
    sql: `select ${["set_config('role', $1, true)", ...calls, lockTimeout].join(', ')}`,
    parameters: [source.roleOf(scope), ...Object.values(settings)],
  }
}

class ScopedConnection implements DatabaseConnection {
  readonly #scope: ScopeName
  readonly #client: pg.ClientBase
  readonly #frame: Frame

  constructor(scope: ScopeName, client: pg.ClientBase, frame: Frame) {
    this.#scope = scope
    this.#client = client
    this.#frame = frame
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const [result] = await runScoped(this.#scope, this.#client, this.#frame, [query])
    // Kysely's interface asks the driver for a row type that only the query builder knows.
    return { rows: (result?.rows ?? []) as R[], numAffectedRows: BigInt(result?.affected ?? 0) }
  }

  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    yield* []
    throw new Error('streaming queries are not used here')
  }
}

/** @returns what lends connections of a borrower's share, in a scope */
export function lendScoped(
  source: ConnectionSource,
  scope: ScopeName,
  borrower: Borrower,
  settings: ScopeSettings,
): Lend {
  const frame = { before: [enterScope(source, scope, settings)], after: [] }
  return (work) => source.overcome(borrower, () => source.withClient(borrower, (client) => work(client, frame)))
}

function isQuery(given: Steps | CompiledQuery): given is CompiledQuery {
  return typeof given['sql'] === 'string'
}

function rowsIn(results: readonly StatementResult[]) {
  return results.map(({ rows }) => rows)
}

async function runScoped(
  scope: ScopeName,
  client: pg.ClientBase,
  { before, after }: Frame,
  statements: readonly Statement[],
): Promise<StatementResult[]> {
  const scoped = statements.map(({ sql, parameters }) => ({ sql, parameters, scope }))
  const results = await runPipeline(client, [...before, ...scoped, ...after])
  return results.slice(before.length, before.length + statements.length)
}
