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
import { type Actor, boundTo, SERVICE } from './actor.js'
import { LOCK_TIMEOUT } from './contention.js'
import { DatabaseUnavailableError } from './errors.js'
import type { Borrower, Concern } from './fair-shares.js'
import type { DB } from './generated/types.js'
import { BEGIN, COMMIT, ROLLBACK, runPipeline, type Statement, type StatementResult } from './pipeline.js'
import { type Results, readSteps, type Steps, statementsOf } from './step.js'

/** Settings that policies compare with, by name; see the `current_…` functions of the schema. */
type ScopeSettings = Readonly<Record<string, string>>

interface ConnectionSource {
  /** @returns the database role of a scope */
  roleOf(scope: ScopeName): string
  /** Lends a connection out of the borrower's share. */
  withClient<T>(borrower: Borrower, work: (client: pg.PoolClient) => Promise<T>): Promise<T>
  /** Retries an attempt that lost to contention. */
  overcome<T>(borrower: Borrower, attempt: () => Promise<T>): Promise<T>
}

/** The frame of a pipeline on a connection: the statements that enter the scope, and those that leave it. */
interface Frame {
  readonly before: readonly Statement[]
  readonly after: readonly Statement[]
}

/** Gives a client, and the frame of each pipeline on it. */
type Lend = <T>(work: (client: pg.ClientBase, frame: Frame) => Promise<T>) => Promise<T>

const NO_FRAME: Frame = { before: [], after: [] }

const adapter = new PostgresAdapter()
const compiler = new PostgresQueryCompiler()

/**
 * A Kysely query creator that runs every query in a scope: a role of the database with the access of db/access.ts. Role and
 * settings travel with the query, before one Sync: no extra round trip, and nothing is left on the connection afterwards.
 */
abstract class Scope extends QueryCreator<DB> implements QueryExecutorProvider {
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

/** Reads the one row that carries a credential. Sees nothing else and can write nothing. */
export class LookupScope extends Scope {
  constructor(lend: Lend) {
    super('lookup', lend)
  }

  /** @param credential see `Database.lookup` */
  static on(source: ConnectionSource, credential: string): LookupScope {
    return new LookupScope(lendScoped(source, 'lookup', 'lookups', { 'app.credential': credential }))
  }
}

/**
 * The handle for statements that serve requests of several tenants together. It reaches rows of exactly these tenants, and can
 * read chats and append to them. The statement itself keeps tenants apart: each row it writes must take its `user_id` from the
 * request that it serves.
 *
 * A statement that fails because of contention on one tenant is not retried: the others must not wait for it.
 */
export class SeveralTenantsScope extends Scope {
  constructor(source: ConnectionSource, userIds: readonly string[]) {
    const before = [enterScope(source, 'several', { 'app.user_ids': arrayLiteral(userIds) })]
    super('several', (work) => source.withClient('combined posts', (client) => work(client, { before, after: [] })))
  }
}

/** Work on behalf of no account: finding tenants with work due, sweeping expired rows, counting calls. */
export class ErrandScope extends Scope {
  constructor(source: ConnectionSource, concern: Concern) {
    super('errands', lendScoped(source, 'errands', concern, {}))
  }
}

/** The worker of the queue. It reaches jobs, which hold ids and nothing else. */
export class QueueScope extends Scope {
  constructor(source: ConnectionSource) {
    super('queue', lendScoped(source, 'queue', 'queue', {}))
  }
}

/** The tenant-scoped handle: queries through it see and write the rows of one user, or of one run. */
export class TenantScope extends Scope {
  /** UUID of the user that owns these rows. */
  readonly userId: string
  /** The actor, which need not be the user that owns these rows. */
  readonly actor: Actor
  readonly #source: ConnectionSource
  readonly #name: ScopeName
  readonly #settings: ScopeSettings

  constructor(source: ConnectionSource, userId: string, actor: Actor = SERVICE) {
    const instanceId = boundTo(actor)
    const name = instanceId === undefined ? 'tenant' : 'run'
    const settings = { 'app.user_id': userId, ...(instanceId === undefined ? {} : { 'app.instance_id': instanceId }) }
    super(name, lendScoped(source, name, userId, settings))
    this.userId = userId
    this.actor = actor
    this.#source = source
    this.#name = name
    this.#settings = settings
  }

  /**
   * Runs `work` in one transaction under READ COMMITTED. Committed when it returns, rolled back when it throws.
   *
   * @param work gets a handle bound to the transaction; the outer handle must not be used inside. It is run again, from its
   *   beginning and in a new transaction, when another transaction held a lock for too long or this one was the victim of a
   *   deadlock: other side effects have to wait for the commit, see `afterCommit`
   */
  transaction<T>(work: (trx: TenantTransaction) => Promise<T>): Promise<T> {
    return this.#source.overcome(this.userId, () => this.#attempt(work))
  }

  async #attempt<T>(work: (trx: TenantTransaction) => Promise<T>): Promise<T> {
    const followUps: (() => void)[] = []
    const result = await this.#source.withClient(this.userId, async (client) => {
      const enter = enterScope(this.#source, this.#name, this.#settings)
      await runPipeline(client, [BEGIN, enter])
      const lookup = (credential: string): Frame => ({
        before: [enterScope(this.#source, 'lookup', { 'app.credential': credential })],
        after: [enter],
      })
      try {
        const result = await work(new TenantTransaction(this.#name, client, this, { followUps, lookup }))
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

  /** Runs at once what a transaction would defer until its commit. */
  afterCommit(followUp: () => void): void {
    followUp()
  }
}

/** The state that a transaction shares with the handle that began it. */
interface Begun {
  readonly followUps: (() => void)[]
  /** @returns the statements that enter the scope of a credential, and leave it */
  lookup(credential: string): Frame
}

/** The tenant-scoped handle inside a transaction. Query functions that require a transaction ask for this type. */
export class TenantTransaction extends Scope {
  readonly userId: string
  readonly actor: Actor
  readonly #client: pg.ClientBase
  readonly #begun: Begun

  constructor(
    name: ScopeName,
    client: pg.ClientBase,
    { userId, actor }: { readonly userId: string; readonly actor: Actor },
    begun: Begun,
  ) {
    super(name, (work) => work(client, NO_FRAME))
    this.userId = userId
    this.actor = actor
    this.#client = client
    this.#begun = begun
  }

  /** @returns a handle that reads the one row with this credential in the transaction, in any account */
  lookup(credential: string): LookupScope {
    return new LookupScope((work) => work(this.#client, this.#begun.lookup(credential)))
  }

  /** Joins the current transaction: `work` is committed or rolled back with it. */
  transaction<T>(work: (trx: TenantTransaction) => Promise<T>): Promise<T> {
    return work(this)
  }

  /** Defers a callback until the transaction is committed; a rollback drops it. */
  afterCommit(followUp: () => void): void {
    this.#begun.followUps.push(followUp)
  }
}

/** First parameter of query functions: the tenant's handle, inside a transaction or not. */
export type Tenant = TenantScope | TenantTransaction

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

function lendScoped(source: ConnectionSource, scope: ScopeName, borrower: Borrower, settings: ScopeSettings): Lend {
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

/** COMMIT after a failed statement: PostgreSQL rolls back and reports that without an error. */
async function commit(client: pg.ClientBase): Promise<void> {
  const [result] = await runPipeline(client, [COMMIT])
  if (result?.command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements had failed')
}

/**
 * `true` limits it to this transaction, so that a pooled connection keeps no trace. No statement waits for locks for long while
 * holding a connection, see `Contention`.
 */
function enterScope(source: ConnectionSource, scope: ScopeName, settings: ScopeSettings): Statement {
  const calls = Object.keys(settings).map((name, index) => `set_config('${name}', $${index + 2}, true)`)
  const lockTimeout = `set_config('lock_timeout', '${LOCK_TIMEOUT}', true)`
  return {
    sql: `select ${["set_config('role', $1, true)", ...calls, lockTimeout].join(', ')}`,
    parameters: [source.roleOf(scope), ...Object.values(settings)],
  }
}

/** Only for values without quotes and backslashes: ids and hashes. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.join(',')}}`
}
