import type { Database } from '../../../db/client.js'
import { BoundedMap } from '../../bounded-map.js'
import type { Log } from '../../logging.js'
import { CatchUps } from './catch-up.js'
import type { Events, News } from './events.js'
import { Feed, type Reader } from './feed.js'
import { listRevisions } from './queries.js'

/** Milliseconds between reconcile passes: the longest that a lost hint delays a reader. */
const RECONCILE_INTERVAL = 3_000

/** Accounts that one query of the reconcile pass asks for. */
const ACCOUNTS_PER_QUERY = 1_000

/** Runs of which it is remembered when they last gave a sign of life. */
const SIGNS = 10_000

/** Somebody who watches; agents' signs of life are no changes, and come by the way. */
export interface Watcher extends Reader {
  heartbeat?(instanceId: string, at: Date): void
}

/** What a watcher can do once it watches. */
export interface Watching {
  /** It has room again after it had none. */
  goOn(): void
  leave(): void
}

interface Account {
  readonly feed: Feed
  /** Those who want to hear of signs of life, by the run that they watch. */
  readonly heartbeats: Map<string | undefined, Set<Watcher>>
}

/** The feeds of this process: one per account that somebody watches, gone with its last watcher. */
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
    this.#unsubscribe = events.subscribe((news) => this.#hear(news))
    this.#timer = setInterval(() => this.#reconcile(), RECONCILE_INTERVAL)
    this.#timer.unref()
  }

  /**
   * Shows an account, or a run of it, to a watcher, from the watcher's position on, until it leaves.
   *
   * @param revision the account's, read after the watcher was found to be entitled
   */
  watch(userId: string, revision: number, watcher: Watcher): Watching {
    return this.#watch(userId, revision, watcher, (feed) => feed.add(watcher))
  }

  /**
   * Shows a watcher what is new in an account, without what the watcher has missed. Its position says where that is.
   *
   * @param revision as for `watch`
   */
  follow(userId: string, revision: number, watcher: Watcher): Watching {
    return this.#watch(userId, revision, watcher, (feed) => feed.follow(watcher))
  }

  #watch(userId: string, revision: number, watcher: Watcher, join: (feed: Feed) => void): Watching {
    const account = this.#accountOf(userId, revision)
    join(account.feed)
    if (watcher.heartbeat) addTo(account.heartbeats, watcher)
    return {
      goOn: () => account.feed.goOn(watcher),
      leave: () => {
        account.feed.remove(watcher)
        removeFrom(account.heartbeats, watcher)
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
    // What was committed after the revision was read was announced to nobody.
    account.feed.look()
    return account
  }

  #forget(userId: string, account: Account): void {
    account.feed.close()
    if (this.#accounts.get(userId) === account) this.#accounts.delete(userId)
  }

  #hear(news: News): void {
    const account = this.#accounts.get(news.userId)
    if (!account || news.kind === 'cancelled') return
    if (news.kind === 'heartbeat') {
      if (!this.#isNewSign(news)) return
      const watchers = [
        ...(account.heartbeats.get(undefined) ?? []),
        ...(account.heartbeats.get(news.instanceId) ?? []),
      ]
      for (const watcher of watchers) watcher.heartbeat?.(news.instanceId, news.at)
    } else if (news.changes) account.feed.offer(news.changes)
    else account.feed.hear(news.revision)
  }

  /** What happens in this process is heard at once, and again when its hint comes back. */
  #isNewSign({ userId, instanceId, at }: Extract<News, { kind: 'heartbeat' }>): boolean {
    const run = `${userId}:${instanceId}`
    const isNew = at.getTime() > (this.#signs.get(run) ?? 0)
    if (isNew) this.#signs.set(run, at.getTime())
    return isNew
  }

  /** Finds, with one query for many accounts, what hints have missed. One pass at a time. */
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

function addTo(sets: Map<string | undefined, Set<Watcher>>, watcher: Watcher): void {
  sets.set(watcher.instanceId, (sets.get(watcher.instanceId) ?? new Set()).add(watcher))
}

function removeFrom(sets: Map<string | undefined, Set<Watcher>>, watcher: Watcher): void {
  const watchers = sets.get(watcher.instanceId)
  watchers?.delete(watcher)
  if (watchers?.size === 0) sets.delete(watcher.instanceId)
}
