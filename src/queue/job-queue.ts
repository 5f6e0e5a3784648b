import { setTimeout as sleep } from 'node:timers/promises'
import PgBoss from 'pg-boss'
import type { Database } from '../../db/client.js'
import { QUEUE_SCHEMA } from '../../db/queue.js'
import type { Log } from '../logging/log.js'
import { GIVE_BACK, type Job, putBack, take } from './jobs.js'
import { type Lease, WorkerLock } from './worker-lock.js'

/**
 * Works on a job, and completes or reschedules it. Aborted when the service stops, or when other workers may take the job over:
 * then it reschedules it.
 *
 * @throws when it can do neither; the job is handed out again, after a moment or when it expires
 */
export type Work = (job: Job, signal: AbortSignal) => Promise<void>

/** Times in milliseconds. */
export interface QueueOptions {
  /** How often to poll for jobs that have become due, without a wake-up. */
  readonly pollInterval: number
  /** How long jobs may go on when the service stops. */
  readonly drainTimeoutMs: number
  /** How many jobs this process works on at once. They mostly wait for remote servers. */
  readonly concurrency: number
  /** …and how many of them may be of one account: its slow receivers must not hold up the others. */
  readonly perAccount: number
}

const DEFAULTS: QueueOptions = { pollInterval: 1_000, drainTimeoutMs: 4_000, concurrency: 100, perAccount: 30 }

/** Milliseconds until a failed job is handed out again. */
const FAILED_DELAY = 1_000

/** Milliseconds that aborted jobs get to reschedule themselves. */
const ABORT_TIMEOUT_MS = 1_500

/** Jobs fetched at once. */
const BATCH = 20

/** Seconds between pg-boss's maintenance rounds, in which expired jobs become available again. */
const MAINTENANCE_INTERVAL = 10

/**
 * The one durable queue, processed by all processes of the service. See db/queue.ts for the library.
 *
 * A connection of its own shows that this process is alive (`WorkerLock`); each statement takes one of the service's pool for a
 * moment. Once a second it takes jobs that have become due, or lost their worker; it takes jobs made in this process at once
 * (`wake`).
 */
export class JobQueue {
  readonly #database: Database
  readonly #work: Work
  readonly #log: Log
  readonly #options: QueueOptions
  readonly #lock: WorkerLock
  #boss: PgBoss | undefined
  readonly #abort = new AbortController()
  /** The jobs in progress, with their accounts. */
  readonly #running = new Map<Promise<void>, string>()
  #pumping: Promise<void> | undefined
  #wake: (() => void) | undefined
  #awake = false
  #closed = false

  constructor(database: Database, work: Work, log: Log, options: Partial<QueueOptions> = {}) {
    this.#database = database
    this.#lock = new WorkerLock(database)
    this.#work = work
    this.#log = log
    this.#options = { ...DEFAULTS, ...options }
  }

  /** Starts processing the queue; if the database is unavailable, as soon as it is back. */
  start(): void {
    this.#pumping = this.#pump()
  }

  /** Announces that jobs are due. */
  wake(): void {
    this.#awake = true
    this.#wake?.()
  }

  /** Takes no more jobs, and waits for those in progress; slow ones are aborted, and left to other workers. */
  async close(): Promise<void> {
    this.#closed = true
    this.wake()
    await this.#pumping
    await this.#boss?.stop({ graceful: false })
    await this.#settled(this.#options.drainTimeoutMs)
    this.#abort.abort()
    await this.#settled(ABORT_TIMEOUT_MS)
    await this.#lock.close()
  }

  async #settled(drainTimeoutMs: number): Promise<void> {
    const abort = new AbortController()
    const late = sleep(drainTimeoutMs, undefined, { signal: abort.signal }).catch(() => {})
    await Promise.race([Promise.all(this.#running.keys()), late])
    abort.abort()
  }

  async #pump(): Promise<void> {
    while (!this.#closed && !(await this.#connect())) await this.#pause()
    while (!this.#closed) {
      this.#awake = false
      const free = Math.min(this.#options.concurrency - this.#running.size, BATCH)
      const taken = free > 0 ? await this.#take(free) : 0
      if (taken === 0) await this.#pause()
    }
  }

  /** A pg-boss that failed to start cannot be started again. @returns whether a startable one exists */
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

  /** Takes jobs and starts them. @returns how many; none when the database is unavailable, which is reported elsewhere */
  async #take(count: number): Promise<number> {
    try {
      const lease = await this.#lock.hold()
      const load = { underWay: [...this.#running.values()], perAccount: this.#options.perAccount }
      const [, taken] = await this.#database.queue().run([GIVE_BACK, take(lease.worker, count, load)])
      for (const { user_id, delivery_id } of taken?.rows ?? []) {
        this.#begin({ userId: String(user_id), deliveryId: String(delivery_id), worker: lease.worker }, lease)
      }
      return taken?.rows.length ?? 0
    } catch {
      return 0
    }
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

  #begin(job: Job, { lost }: Lease): void {
    const { userId, deliveryId } = job
    const running: Promise<void> = this.#run(job, lost)
      .catch((error) =>
        this.#log.warn({ err: error, deliveryId }, 'a delivery could not be made; it will be tried again'),
      )
      .finally(() => {
        const wasFull = this.#isFull(userId)
        this.#running.delete(running)
        if (wasFull) this.wake()
      })
    this.#running.set(running, userId)
  }

  /** Whether no job of an account is taken until one ends. */
  #isFull(userId: string): boolean {
    const { concurrency, perAccount } = this.#options
    const accounts = [...this.#running.values()]
    return accounts.length >= concurrency || accounts.filter((id) => id === userId).length >= perAccount
  }

  async #run(job: Job, lost: AbortSignal): Promise<void> {
    try {
      await this.#work(job, AbortSignal.any([this.#abort.signal, lost]))
    } catch (error) {
      await this.#putBack(job, FAILED_DELAY)
      throw error
    }
  }

  async #putBack(job: Job, delay: number): Promise<void> {
    const tenant = this.#database.tenant(job.userId)
    await tenant.pipeline(putBack(tenant, job, delay))
  }

  /**
   * Runs a statement of pg-boss. Those without parameters may be several in one text, transaction included; the setting is then
   * local to that transaction, as BEGIN in the middle of a text includes the statements before it. Source: PostgreSQL
   * documentation, "Multiple Statements in a Simple Query".
   */
  async #execute(text: string, values: unknown[] | undefined): Promise<{ rows: Record<string, unknown>[] }> {
    if (values) {
      const [result] = await this.#database.queue().run([{ sql: text, parameters: values }])
      return { rows: result?.rows ?? [] }
    }
    return this.#database.withClient('queue', async (client) => {
      const role = client.escapeLiteral(this.#database.roleOf('queue'))
      const results: unknown = await client.query(`select set_config('role', ${role}, true); ${text}`)
      const last: unknown = Array.isArray(results) ? results.at(-1) : results
      return { rows: hasRows(last) ? last.rows : [] }
    })
  }
}

function hasRows(result: unknown): result is { rows: Record<string, unknown>[] } {
  return typeof result === 'object' && result !== null && 'rows' in result && Array.isArray(result.rows)
}
