import { randomInt } from 'node:crypto'
import type pg from 'pg'
import type { Database } from '../../db/client.js'
import { WORKER_LOCK } from '../../db/queue.js'

/** What a process may work on jobs with, as long as it lasts. */
export interface Lease {
  /** Says in the queue whose jobs they are. */
  readonly worker: number
  /** Aborted when others may take the jobs over. */
  readonly lost: AbortSignal
}

/**
 * Shows the other processes that this one is alive: a lock that ends with the connection which holds it, so also with the
 * process. Jobs of a worker whose lock is free are given to others at once, and never before: no clock is asked, so a
 * process that is slow is not taken for one that is gone.
 *
 * It is held by a transaction, which also works behind PgBouncer in transaction mode. Idle and without a snapshot, it holds
 * nothing up. It takes a connection of its own.
 */
export class WorkerLock {
  readonly #database: Database
  #client: pg.Client | undefined
  #lease: Lease | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /** @returns the lease that there is, or a new one @throws when the database is away */
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

  /** Lets others have the jobs. */
  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    if (client) await this.#database.endDedicated(client)
  }
}

/** The lock is to last, but not longer than a machine that is gone without a word: the server asks after 10 s whether it is there. */
const SETTINGS = `
set local idle_in_transaction_session_timeout = 0;
set local tcp_keepalives_idle = 10;
set local tcp_keepalives_interval = 5;
set local tcp_keepalives_count = 2`
