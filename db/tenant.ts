import type pg from 'pg'
import type { ScopeName } from './access.js'
import { type Actor, boundTo, SERVICE } from './actor.js'
import { DatabaseUnavailableError } from './errors.js'
import type { Concern } from './fair-shares.js'
import { BEGIN, COMMIT, ROLLBACK, runPipeline } from './pipeline.js'
import {
  type ConnectionSource,
  enterScope,
  type Frame,
  type Lend,
  lendScoped,
  Scope,
  type ScopeSettings,
} from './scope.js'

const NO_FRAME: Frame = { before: [], after: [] }

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

/** COMMIT after a failed statement: PostgreSQL rolls back and reports that without an error. */
async function commit(client: pg.ClientBase): Promise<void> {
  const [result] = await runPipeline(client, [COMMIT])
  if (result?.command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements had failed')
}

/** Only for values without quotes and backslashes: ids and hashes. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.join(',')}}`
}
