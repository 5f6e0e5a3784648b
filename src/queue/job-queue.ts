import { setTimeout as sleep } from 'node:timers/promises'
import PgBoss from 'pg-boss'
import type { Database } from '../../db/client.js'
import { DELIVERIES, QUEUE_SCHEMA } from '../../db/queue.js'
import type { Log } from '../logging.js'
import { putBack } from './jobs.js'

/** A delivery that is due. */
export interface Job {
  readonly userId: string
  readonly deliveryId: string
}

/**
 * Works on a job, and takes it off the queue or puts it back. Aborted when the service stops: then it puts it back.
 *
 * @throws what keeps it from that; the job is given out again, after a moment or when it expires
 */
export type Work = (job: Job, signal: AbortSignal) => Promise<void>

/** Times in milliseconds. */
export interface QueueOptions {
  /** How often to ask for jobs that have become due, while nobody says that there are some. */
  readonly pollInterval: number
  /** How long jobs may go on when the service stops. */
  readonly patience: number
  /** How many jobs this process works on at once. They mostly wait for somebody else's server. */
  readonly concurrency: number
  /** …and how many of them may be of one account: its slow receivers are not to hold up the others. */
  readonly perAccount: number
}

const DEFAULTS: QueueOptions = { pollInterval: 1_000, patience: 4_000, concurrency: 100, perAccount: 30 }

/** Milliseconds until a job is looked at again whose account has enough under way. */
const CROWDED_DELAY = 500

/** Milliseconds that aborted jobs get to put themselves back. */
const ABORT_PATIENCE = 1_500

/** Jobs fetched at once. */
const BATCH = 20

/**
 * Seconds between pg-boss's rounds, in which jobs of killed workers become free again. A round that comes a moment early
 * does nothing, so there may be twice as many between two. With `JOB_EXPIRY` and the pause before a further try that makes
 * less than 90 s.
 */
const MAINTENANCE_INTERVAL = 10

interface JobData {
  readonly user_id: string
  readonly delivery_id: string
}

/**
 * The one durable queue, worked off by all processes of the service. See db/queue.ts for the library.
 *
 * It has no connections of its own: each statement takes one of the service's pool for a moment. One statement a second
 * asks for jobs that have become due; jobs made in this process are fetched at once (`wake`).
 */
export class JobQueue {
  readonly #database: Database
  readonly #work: Work
  readonly #log: Log
  readonly #options: QueueOptions
  #boss: PgBoss | undefined
  readonly #abort = new AbortController()
  readonly #running = new Map<Promise<void>, string>()
  #pumping: Promise<void> | undefined
  #wake: (() => void) | undefined
  #awake = false
  #closed = false

  constructor(database: Database, work: Work, log: Log, options: Partial<QueueOptions> = {}) {
    this.#database = database
    this.#work = work
    this.#log = log
    this.#options = { ...DEFAULTS, ...options }
  }

  /** Begins to work off the queue; when the database is away, as soon as it is there. */
  start(): void {
    this.#pumping = this.#pump()
  }

  /** Says that there are jobs that are due. */
  wake(): void {
    this.#awake = true
    this.#wake?.()
  }

  /** Takes no more jobs, and waits for those under way; what takes too long is aborted, and left to others. */
  async close(): Promise<void> {
    this.#closed = true
    this.wake()
    await this.#pumping
    await this.#boss?.stop({ graceful: false })
    await this.#settled(this.#options.patience)
    this.#abort.abort()
    await this.#settled(ABORT_PATIENCE)
  }

  async #settled(patience: number): Promise<void> {
    const abort = new AbortController()
    const late = sleep(patience, undefined, { signal: abort.signal }).catch(() => {})
    await Promise.race([Promise.all(this.#running.keys()), late])
    abort.abort()
  }

  async #pump(): Promise<void> {
    while (!this.#closed && !(await this.#connect())) await this.#pause()
    while (!this.#closed) {
      this.#awake = false
      const free = Math.min(this.#options.concurrency - this.#running.size, BATCH)
      const jobs = free > 0 ? await this.#fetch(free) : []
      for (const job of jobs) this.#begin(job)
      if (jobs.length === 0 || free <= 0) await this.#pause()
    }
  }

  /** A pg-boss that could not start cannot be started again. @returns whether there is one that could */
  async #connect(): Promise<boolean> {
    const boss = new PgBoss({
      db: { executeSql: (text, values) => this.#execute(text, values) },
      schema: QUEUE_SCHEMA,
      migrate: false,
      schedule: false,
      supervise: true,
      maintenanceIntervalSeconds: MAINTENANCE_INTERVAL,
    })
    boss.on('error', (error) => {
      if (!this.#closed) this.#log.warn({ err: error }, 'the queue could not be cleared up; trying again')
    })
    try {
      await boss.start()
      this.#boss = boss
      return true
    } catch (error) {
      this.#log.warn({ err: error }, 'the queue cannot be worked off yet; trying again')
      return false
    }
  }

  /** pg-boss gives no jobs when the database is away, and does not say so. */
  async #fetch(batchSize: number): Promise<PgBoss.Job<JobData>[]> {
    return (await this.#boss?.fetch<JobData>(DELIVERIES, { batchSize, priority: false })) ?? []
  }

  async #pause(): Promise<void> {
    if (this.#awake || this.#closed) return
    await new Promise<void>((done) => {
      const timer = setTimeout(done, this.#options.pollInterval)
      this.#wake = () => {
        clearTimeout(timer)
        done()
      }
    })
    this.#wake = undefined
  }

  #begin({ data: { user_id: userId, delivery_id: deliveryId } }: PgBoss.Job<JobData>): void {
    const ofAccount = [...this.#running.values()].filter((id) => id === userId).length
    const isFull = this.#running.size >= this.#options.concurrency
    const isCrowded = ofAccount >= this.#options.perAccount
    const running: Promise<void> = (isCrowded ? this.#putBack(userId, deliveryId) : this.#run({ userId, deliveryId }))
      .catch((error) =>
        this.#log.warn({ err: error, deliveryId }, 'a delivery could not be made; it will be tried again'),
      )
      .finally(() => {
        this.#running.delete(running)
        if (isFull || this.#running.size === this.#options.concurrency - 1) this.wake()
      })
    this.#running.set(running, isCrowded ? '' : userId)
  }

  async #run(job: Job): Promise<void> {
    try {
      await this.#work(job, this.#abort.signal)
    } catch (error) {
      await this.#boss?.fail(DELIVERIES, job.deliveryId)
      throw error
    }
  }

  async #putBack(userId: string, deliveryId: string): Promise<void> {
    const tenant = this.#database.tenant(userId)
    await tenant.pipeline(putBack(tenant, deliveryId, CROWDED_DELAY))
  }

  /**
   * Runs a statement of pg-boss. Those without parameters may be several in one text, transaction included; the setting
   * then is local to that transaction, as BEGIN in the middle of a text makes what came before it a part of it.
   * Source: PostgreSQL documentation, "Multiple Statements in a Simple Query".
   */
  async #execute(text: string, values: unknown[] | undefined): Promise<{ rows: Record<string, unknown>[] }> {
    if (values) {
      const [, result] = await this.#database.run([AS_QUEUE, { sql: text, parameters: values }])
      return { rows: result?.rows ?? [] }
    }
    return this.#database.withClient(async (client) => {
      const results: unknown = await client.query(`select set_config('app.task', 'queue', true); ${text}`)
      const last: unknown = Array.isArray(results) ? results.at(-1) : results
      return { rows: hasRows(last) ? last.rows : [] }
    })
  }
}

const AS_QUEUE = { sql: "select set_config('app.task', 'queue', true)", parameters: [] }

function hasRows(result: unknown): result is { rows: Record<string, unknown>[] } {
  return typeof result === 'object' && result !== null && 'rows' in result && Array.isArray(result.rows)
}
