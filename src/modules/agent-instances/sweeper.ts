import type { Database } from '../../../db/client.js'
import type { Log } from '../../logging/log.js'
import type { Silence } from '../account-log/status-changes.js'
import * as queries from './queries.js'
import type { AgentInstances, SilenceTimeouts } from './service.js'

/** Passes within the shorter timeout: a run is found at most this fraction of it too late. */
const PASSES = 4

/** Milliseconds between two passes, at least and at most. */
const SHORTEST_INTERVAL = 500
const LONGEST_INTERVAL = 15_000

/** Any constant will do. */
const SWEEPER_LOCK = 5_316_023

/** Runs marked in one pass; with more, the next pass follows at once. */
const BATCH = 500

/** Marks the runs of silent agents as stale. One process at a time makes a pass. */
export class Sweeper {
  readonly #database: Database
  readonly #instances: AgentInstances
  readonly #timeouts: SilenceTimeouts
  readonly #log: Log
  #timer: NodeJS.Timeout | undefined
  #pass: Promise<void> | undefined
  #stopped = false

  constructor(database: Database, instances: AgentInstances, timeouts: SilenceTimeouts, log: Log) {
    this.#database = database
    this.#instances = instances
    this.#timeouts = timeouts
    this.#log = log
  }

  start(): void {
    const shorter = Math.min(this.#timeouts.withHeartbeats, this.#timeouts.without)
    const interval = Math.min(Math.max(shorter / PASSES, SHORTEST_INTERVAL), LONGEST_INTERVAL)
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
      .exclusively(SWEEPER_LOCK, async (now) => {
        const { withHeartbeats, without } = this.#timeouts
        await this.#markAll({ sendsHeartbeats: true, since: new Date(now.getTime() - withHeartbeats) })
        if (Number.isFinite(without)) {
          await this.#markAll({ sendsHeartbeats: false, since: new Date(now.getTime() - without) })
        }
      })
      .catch((error) => this.#log.warn({ err: error }, 'silent runs were not looked for; trying again in a moment'))
      .finally(() => {
        this.#pass = undefined
      })
  }

  async #markAll(silence: Silence): Promise<void> {
    for (let found = BATCH; found === BATCH && !this.#stopped; ) {
      const silent = await queries.listSilent(this.#database.errands(), silence, BATCH)
      for (const { user_id, id } of silent) await this.#instances.markStale(this.#database.tenant(user_id), id, silence)
      found = silent.length
    }
  }
}
