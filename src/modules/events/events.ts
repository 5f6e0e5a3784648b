import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'

/** One instance of one tenant, as hints name it. */
export interface InstanceKey {
  readonly userId: string
  readonly instanceId: string
}

export type Listener = (key: InstanceKey) => void

interface Log {
  warn(object: object, message: string): void
}

const CHANNEL = 'signalbox'

/** Keys in one notification: 73 characters each, under PostgreSQL's limit of 8000 bytes a payload. */
const KEYS_PER_NOTIFICATION = 100

/** Milliseconds between attempts to get the LISTEN connection back. */
const RECONNECT_DELAY = 500

/** Milliseconds that the LISTEN connection gets to close. */
const GOODBYE_TIMEOUT = 1_000

/**
 * Tells every process that an instance has changed. A hint and no more: it says where to look, and the tables say what
 * happened. A lost one delays a reader until the next one or until the reconcile pass.
 *
 * Published after the commit and in batches: a transaction that contains NOTIFY commits under a lock that all such
 * transactions share.
 */
export class Events {
  readonly #database: Database
  readonly #log: Log
  readonly #listeners = new Set<Listener>()
  #unsent = new Map<string, InstanceKey>()
  #sending: Promise<void> | undefined
  #client: pg.Client | undefined
  #reconnect: NodeJS.Timeout | undefined
  #closed = false

  constructor(database: Database, log: Log) {
    this.#database = database
    this.#log = log
  }

  /** Says that an instance of the tenant has changed, as soon as the change is committed. Never fails. */
  publish(tenant: Tenant, instanceId: string): void {
    tenant.afterCommit(() => this.#announce({ userId: tenant.userId, instanceId: instanceId.toLowerCase() }))
  }

  #announce(key: InstanceKey): void {
    this.#emit(key)
    this.#unsent.set(`${key.userId}:${key.instanceId}`, key)
    this.#sending ??= this.#send()
  }

  /** @param listener called for each change, in this process or another. @returns a function that ends that */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Connects and listens; when the connection breaks, goes on trying until `close`. */
  async listen(): Promise<void> {
    const client = this.#database.dedicatedClient()
    this.#client = client
    client.on('notification', ({ payload }) => this.#receive(payload ?? ''))
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
      this.listen().catch(() => {})
    }, RECONNECT_DELAY)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#reconnect)
    await this.#sending
    // A server that hangs would not answer the goodbye.
    await Promise.race([this.#client?.end().catch(() => {}), sleep(GOODBYE_TIMEOUT, undefined, { ref: false })])
  }

  #emit(key: InstanceKey): void {
    for (const listener of this.#listeners) listener(key)
  }

  #receive(payload: string): void {
    for (const item of payload.split(',')) {
      const [userId, instanceId] = item.split(':')
      if (userId && instanceId) this.#emit({ userId, instanceId })
    }
  }

  /** While one batch is on its way the next one gathers. */
  async #send(): Promise<void> {
    await new Promise(setImmediate)
    while (this.#unsent.size > 0) {
      const keys = [...this.#unsent.keys()]
      this.#unsent = new Map()
      try {
        await this.#database.run(notifications(keys))
      } catch (error) {
        this.#log.warn({ err: error }, 'hints were lost; other replicas catch up at their next reconcile pass')
      }
    }
    this.#sending = undefined
  }
}

function notifications(keys: string[]) {
  const statements = []
  for (let start = 0; start < keys.length; start += KEYS_PER_NOTIFICATION) {
    const payload = keys.slice(start, start + KEYS_PER_NOTIFICATION).join(',')
    statements.push({ sql: 'select pg_notify($1, $2)', parameters: [CHANNEL, payload] })
  }
  return statements
}
