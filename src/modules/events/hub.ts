import type { Database } from '../../../db/client.js'
import type { TenantScope } from '../../../db/tenant.js'
import type { Events, InstanceKey } from './events.js'
import { Feed, type Reader } from './feed.js'
import { listRevisions, type Standing } from './queries.js'

/** Milliseconds between reconcile passes: the longest that a lost hint delays a reader. */
const RECONCILE_INTERVAL = 3_000

interface Log {
  warn(object: object, message: string): void
}

/** What a reader can do once it watches. */
export interface Watching {
  /** It has room again after it had none. */
  goOn(): void
  leave(): void
}

/** The feeds of this process: one per instance that somebody watches, gone with its last reader. */
export class Hub {
  readonly #database: Database
  readonly #log: Log
  readonly #feeds = new Map<string, Map<string, Feed>>()
  readonly #unsubscribe: () => void
  readonly #timer: NodeJS.Timeout

  constructor(database: Database, events: Events, log: Log) {
    this.#database = database
    this.#log = log
    this.#unsubscribe = events.subscribe((key) => this.#wake(key))
    this.#timer = setInterval(() => this.#reconcile(), RECONCILE_INTERVAL)
    this.#timer.unref()
  }

  /**
   * Shows an instance to a reader, from the reader's position on, until it leaves.
   *
   * @param standing where the instance stood when the reader came
   */
  watch(userId: string, instanceId: string, standing: Standing, reader: Reader): Watching {
    const feed = this.#feedOf(userId, instanceId, standing)
    feed.add(reader)
    this.#look(feed)
    return {
      goOn: () => this.#look(feed),
      leave: () => {
        feed.remove(reader)
        if (feed.isIdle) this.#forget(userId, instanceId, feed)
      },
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#unsubscribe()
  }

  #feedOf(userId: string, instanceId: string, standing: Standing): Feed {
    const feeds = this.#feeds.get(userId) ?? new Map<string, Feed>()
    this.#feeds.set(userId, feeds)
    const feed = feeds.get(instanceId) ?? new Feed(this.#database.tenant(userId), instanceId, standing)
    feeds.set(instanceId, feed)
    return feed
  }

  /** Only if it is still the one in use: after a deletion the same id may be watched anew. */
  #forget(userId: string, instanceId: string, feed: Feed): void {
    const feeds = this.#feeds.get(userId)
    if (feeds?.get(instanceId) === feed) feeds.delete(instanceId)
    if (feeds?.size === 0) this.#feeds.delete(userId)
  }

  #wake({ userId, instanceId }: InstanceKey): void {
    const feed = this.#feeds.get(userId)?.get(instanceId)
    if (feed) this.#look(feed)
  }

  #look(feed: Feed): void {
    feed.look().catch((error) => this.#log.warn({ err: error }, 'a live view lags; the reconcile pass will try again'))
  }

  /** Finds, with one query a user, what hints have missed. */
  #reconcile(): void {
    for (const [userId, feeds] of this.#feeds) {
      this.#reconcileUser(this.#database.tenant(userId), feeds).catch((error) =>
        this.#log.warn({ err: error }, 'the reconcile pass failed; it runs again in a moment'),
      )
    }
  }

  async #reconcileUser(tenant: TenantScope, feeds: Map<string, Feed>): Promise<void> {
    const watched = [...feeds]
    const standings = await listRevisions(tenant, [...feeds.keys()])
    const byId = new Map(standings.map((standing) => [standing.id, standing]))
    for (const [id, feed] of watched) {
      const standing = byId.get(id)
      if (!standing || feed.isBehind(standing)) this.#look(feed)
    }
  }
}
