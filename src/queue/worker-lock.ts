import { randomInt } from 'node:crypto'
import type pg from 'pg'
import type { Database } from '../../db/client.js'
import { WORKER_LOCK } from '../../db/queue.js'

/** A process's permission to work on jobs, as long as it lasts. */
export interface Lease {
  /** Identifies the process as the worker of its jobs. */
  readonly worker: number
  /** Aborted when other workers may take the jobs over. */
  readonly lost: AbortSignal
}

/**
 * Shows the other processes that this one is alive: a lock that ends with its connection, and so with the process. Jobs of a
 * worker go to others as soon as its lock is free, and never before: no clock is involved, so a slow process is not mistaken
 * for a dead one.
 *
 * It is held by a transaction, which also works behind PgBouncer in transaction mode. Idle and without a snapshot, it blocks
 * nothing. It takes a connection of its own.
 */
export class WorkerLock {
  readonly #database: Database
  #client: pg.Client | undefined
  #lease: Lease | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /** @returns the current lease, or a new one @throws when the database is unavailable */
  async hold(): Promise<Lease> {
    if (this.#lease && !this.#lease.lost.aborted) return this.#lease
    const worker = randomInt(1, 2 ** 31)
    const lost = new AbortController()
    const client = this.#database.dedicatedClient('worker')
    client.on('error', () => lost.abort())
    client.on('end', () => lost.abort())
    this.#client = client
    try {
      await client.connect()
      await client.query(`begin; ${SETTINGS}; select pg_advisory_xact_lock(${WORKER_LOCK}, ${worker})`)
    } catch (error) {
      await this.close()
      throw error
    }
    this.#lease = { worker, lost: lost.signal }
    return this.#lease
  }

  /** Releases the jobs to other workers. */
  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    if (client) await this.#database.endDedicated(client)
  }
}

/** The lock has to last, but not outlive a machine that vanished: after 10 s the server probes the connection. */
const SETTINGS = `
set local idle_in_transaction_session_timeout = 0;
set local tcp_keepalives_idle = 10;
set local tcp_keepalives_interval = 5;
set local tcp_keepalives_count = 2`
