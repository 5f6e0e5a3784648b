import type { Database } from '../../../db/client.js'
import { BoundedMap } from '../../collections/bounded-map.js'
import type { Log } from '../../logging/log.js'
import { CatchUps } from './catch-up.js'
import type { ChangeHint, Events } from './events.js'
import { Feed } from './feed.js'
import type { FeedSubscriber } from './feed-subscriber.js'
import { listRevisions } from './queries.js'

/** Milliseconds between reconcile passes: the longest that a lost hint delays a reader. */
const RECONCILE_INTERVAL = 3_000

/** Accounts per query of the reconcile pass. */
const ACCOUNTS_PER_QUERY = 1_000

/** Runs whose last sign of life is remembered. */
const SIGNS = 10_000

/** A subscriber; agents' signs of life are not changes, and are delivered separately. */
export interface Subscriber extends FeedSubscriber {
  onHeartbeat?(instanceId: string, at: Date): void
}

/** A subscriber's handle on its subscription. */
export interface Subscription {
  /** The subscriber has room again. */
  resume(): void
  unsubscribe(): void
}

interface Account {
  readonly feed: Feed
  /** The subscribers to signs of life, by the run that they subscribe to. */
  readonly heartbeats: Map<string | undefined, Set<Subscriber>>
}

/** The feeds of this process: one per account with subscribers, removed with the last of them. */
export class Hub {
  readonly #database: Database
  readonly #log: Log
  readonly #accounts = new Map<string, Account>()
  readonly #catchUps: CatchUps
  readonly #unsubscribe: () => void
  readonly #timer: NodeJS.Timeout
  readonly #signs = new BoundedMap<number>(SIGNS)
  #reconciling = false

  constructor(database: Database, events: Events, log: Log) {
    this.#database = database
    this.#log = log
    this.#catchUps = new CatchUps(log)
    this.#unsubscribe = events.subscribe((hint) => this.#onHint(hint))
    this.#timer = setInterval(() => this.#reconcile(), RECONCILE_INTERVAL)
    this.#timer.unref()
  }

  /**
   * Subscribes to an account, or a run of it, from the subscriber's position on.
   *
   * @param revision the account's, read after the subscriber was authorized
   */
  subscribe(userId: string, revision: number, subscriber: Subscriber): Subscription {
    return this.#subscribe(userId, revision, subscriber, (feed) => feed.add(subscriber))
  }

  /**
   * Subscribes to the new changes of an account, without those that were missed. The subscriber's position says where
   * they begin.
   *
   * @param revision as for `subscribe`
   */
  subscribeToNew(userId: string, revision: number, subscriber: Subscriber): Subscription {
    return this.#subscribe(userId, revision, subscriber, (feed) => feed.addLive(subscriber))
  }

  #subscribe(userId: string, revision: number, subscriber: Subscriber, join: (feed: Feed) => void): Subscription {
    const account = this.#accountOf(userId, revision)
    join(account.feed)
    if (subscriber.onHeartbeat) addTo(account.heartbeats, subscriber)
    return {
      resume: () => account.feed.resume(subscriber),
      unsubscribe: () => {
        account.feed.remove(subscriber)
        removeFrom(account.heartbeats, subscriber)
        if (account.feed.isIdle) this.#forget(userId, account)
      },
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#unsubscribe()
    for (const { feed } of this.#accounts.values()) feed.close()
  }

  #accountOf(userId: string, revision: number): Account {
    const known = this.#accounts.get(userId)
    if (known) return known
    const feed = new Feed(this.#database.tenant(userId), revision, this.#catchUps)
    const account = { feed, heartbeats: new Map() }
    this.#accounts.set(userId, account)
    // What was committed after the revision was read had no subscriber here.
    account.feed.readLog()
    return account
  }

  #forget(userId: string, account: Account): void {
    account.feed.close()
    if (this.#accounts.get(userId) === account) this.#accounts.delete(userId)
  }

  #onHint(hint: ChangeHint): void {
    const account = this.#accounts.get(hint.userId)
    if (!account || hint.kind === 'cancelled') return
    if (hint.kind === 'heartbeat') {
      if (!this.#isNewSign(hint)) return
      const subscribers = [
        ...(account.heartbeats.get(undefined) ?? []),
        ...(account.heartbeats.get(hint.instanceId) ?? []),
      ]
      for (const subscriber of subscribers) subscriber.onHeartbeat?.(hint.instanceId, hint.at)
    } else if (hint.changes) account.feed.onChanges(hint.changes)
    else account.feed.onHint(hint.revision)
  }

  /** A sign of life in this process is delivered at once, and arrives again when its hint comes back. */
  #isNewSign({ userId, instanceId, at }: Extract<ChangeHint, { kind: 'heartbeat' }>): boolean {
    const run = `${userId}:${instanceId}`
    const isNew = at.getTime() > (this.#signs.get(run) ?? 0)
    if (isNew) this.#signs.set(run, at.getTime())
    return isNew
  }

  /** Finds missed changes, with one query for many accounts. One pass at a time. */
  #reconcile(): void {
    if (this.#reconciling || this.#accounts.size === 0) return
    this.#reconciling = true
    this.#compare()
      .catch((error) => this.#log.warn({ err: error }, 'the reconcile pass failed; it runs again in a moment'))
      .finally(() => {
        this.#reconciling = false
      })
  }

  async #compare(): Promise<void> {
    const watched = [...this.#accounts]
    for (let start = 0; start < watched.length; start += ACCOUNTS_PER_QUERY) {
      const some = watched.slice(start, start + ACCOUNTS_PER_QUERY)
      const userIds = some.map(([userId]) => userId)
      const found = await listRevisions(this.#database.severalTenants(userIds), userIds)
      const revisions = new Map(found.map(({ user_id, revision }) => [user_id, revision]))
      for (const [userId, { feed }] of some) feed.reconcile(revisions.get(userId))
    }
  }
}

function addTo(sets: Map<string | undefined, Set<Subscriber>>, subscriber: Subscriber): void {
  sets.set(subscriber.instanceId, (sets.get(subscriber.instanceId) ?? new Set()).add(subscriber))
}

function removeFrom(sets: Map<string | undefined, Set<Subscriber>>, subscriber: Subscriber): void {
  const subscribers = sets.get(subscriber.instanceId)
  subscribers?.delete(subscriber)
  if (subscribers?.size === 0) sets.delete(subscriber.instanceId)
}
