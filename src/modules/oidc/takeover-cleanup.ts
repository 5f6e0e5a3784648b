import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'
import type { Log } from '../../logging/log.js'
import { deleteTakeover, findTakeover, listTakeovers } from './queries.js'

/** Milliseconds between searches for accounts that an owner has moved into. */
const INTERVAL = 10_000

/** Rows deleted per statement at most: it has seconds, and other transactions want the tables. */
const BATCH = 500

/**
 * Deletes some of what the account's earlier holder created.
 *
 * @param before when the owner moved in
 * @param limit the most rows
 * @returns the number of deleted rows
 */
export type CleanupStep = (tenant: Tenant, before: Date, limit: number) => Promise<number>

/**
 * Deletes, in steps, what is left in accounts that their owners have moved into. All of it has been disabled since that
 * moment, so the time of the deletion does not matter, nor which processes do it.
 */
export class TakeoverCleanup {
  readonly #database: Database
  readonly #log: Log
  readonly #steps: readonly CleanupStep[]
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> | undefined
  #closed = false

  constructor(database: Database, log: Log, steps: readonly CleanupStep[]) {
    this.#database = database
    this.#log = log
    this.#steps = steps
    this.#timer = setInterval(() => this.start(), INTERVAL)
    this.#timer.unref()
  }

  /** Begins a round, unless one is under way. */
  start(): void {
    if (this.#closed) return
    this.#running ??= this.#clearAll()
      .catch((error) => this.#log.warn({ err: error }, 'old things could not be cleared away; trying again'))
      .finally(() => {
        this.#running = undefined
      })
  }

  /** Ends after the step that is under way. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#running
  }

  async #clearAll(): Promise<void> {
    for (const userId of await listTakeovers(this.#database)) await this.#clear(this.#database.tenant(userId))
  }

  async #clear(tenant: Tenant): Promise<void> {
    const before = await findTakeover(tenant)
    if (!before) return
    for (const clear of this.#steps) {
      for (let cleared = BATCH; cleared === BATCH; ) {
        if (this.#closed) return
        cleared = await clear(tenant, before, BATCH)
      }
    }
    await deleteTakeover(tenant, before)
  }
}
