import type { Database } from '../../../db/client.js'
import type { Log } from '../../logging.js'
import * as queries from './queries.js'
import type { AgentInstances } from './service.js'

/** Passes within one timeout: a run is found at most this fraction of the timeout too late. */
const PASSES = 4

/** Milliseconds between two passes, at least and at most. */
const SHORTEST_INTERVAL = 500
const LONGEST_INTERVAL = 15_000

/** Any constant will do. */
const SWEEPER_LOCK = 5_316_022

/** Runs that one pass marks; with more, the next one follows at once. */
const BATCH = 500

/** Finds runs whose agents have fallen silent, and marks them as stale. Of several processes one looks at a time. */
export class Sweeper {
  readonly #database: Database
  readonly #instances: AgentInstances
  readonly #timeout: number
  readonly #log: Log
  #timer: NodeJS.Timeout | undefined
  #pass: Promise<void> | undefined
  #stopped = false

  /** @param timeout milliseconds without a sign of life */
  constructor(database: Database, instances: AgentInstances, timeout: number, log: Log) {
    this.#database = database
    this.#instances = instances
    this.#timeout = timeout
    this.#log = log
  }

  start(): void {
    const interval = Math.min(Math.max(this.#timeout / PASSES, SHORTEST_INTERVAL), LONGEST_INTERVAL)
    this.#timer = setInterval(() => this.#sweep(), interval)
    this.#timer.unref()
  }

  /** Waits for the pass under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#pass
  }

  #sweep(): void {
    this.#pass ??= this.#database
      .exclusively(SWEEPER_LOCK, (now) => this.#markAll(new Date(now.getTime() - this.#timeout)))
      .catch((error) => this.#log.warn({ err: error }, 'silent runs were not looked for; trying again in a moment'))
      .finally(() => {
        this.#pass = undefined
      })
  }

  async #markAll(since: Date): Promise<void> {
    for (let found = BATCH; found === BATCH && !this.#stopped; ) {
      const silent = await queries.listSilent(this.#database.silentSince(since), since, BATCH)
      for (const { user_id, id } of silent) await this.#instances.markStale(this.#database.tenant(user_id), id, since)
      found = silent.length
    }
  }
}
