import type pg from 'pg'
import type { Database } from '../../../db/client.js'
import type { Log } from '../../logging/log.js'
import type { HintTransport } from './hints.js'

const CHANNEL = 'signalbox'

/** Hints in one notification: 87 characters each at most, under PostgreSQL's limit of 8000 bytes a payload. */
const HINTS_PER_NOTIFICATION = 85

/** Milliseconds between attempts to get the LISTEN connection back. */
const RECONNECT_DELAY = 500

/**
 * Hints by LISTEN and NOTIFY: one connection a process. They are sent in transactions of their own: one that contains
 * NOTIFY commits under a lock that all such transactions share.
 */
export class PostgresTransport implements HintTransport {
  readonly #database: Database
  readonly #log: Log
  #receive: (hints: readonly string[]) => void = () => {}
  #client: pg.Client | undefined
  #reconnect: NodeJS.Timeout | undefined
  #closed = false

  constructor(database: Database, log: Log) {
    this.#database = database
    this.#log = log
  }

  async send(hints: readonly string[]): Promise<void> {
    const statements = []
    for (let start = 0; start < hints.length; start += HINTS_PER_NOTIFICATION) {
      const payload = hints.slice(start, start + HINTS_PER_NOTIFICATION).join(',')
      statements.push({ sql: 'select pg_notify($1, $2)', parameters: [CHANNEL, payload] })
    }
    await this.#database.errands('events').run(statements)
  }

  /** Connects and listens; when the connection breaks, goes on trying until `close`. */
  async start(receive: (hints: readonly string[]) => void): Promise<void> {
    this.#receive = receive
    await this.#listen()
  }

  async #listen(): Promise<void> {
    const client = this.#database.dedicatedClient('listen')
    this.#client = client
    client.on('notification', ({ payload }) => this.#receive((payload ?? '').split(',')))
    client.on('error', (error) => this.#log.warn({ err: error }, 'the LISTEN connection broke'))
    client.on('end', () => this.#listenAgain())
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
    } catch (error) {
      this.#log.warn({ err: error }, 'cannot listen for events; trying again')
      // 'end' follows, also for a connection that never came to be.
      client.end().catch(() => {})
    }
  }

  #listenAgain(): void {
    if (this.#closed || this.#reconnect) return
    this.#reconnect = setTimeout(() => {
      this.#reconnect = undefined
      this.#listen().catch(() => {})
    }, RECONNECT_DELAY)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#reconnect)
    if (this.#client) await this.#database.endDedicated(this.#client)
  }
}
