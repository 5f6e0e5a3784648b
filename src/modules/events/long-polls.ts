import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'
import { AccountLongPolls, type KeySecret, type LongPollLimits } from './account-long-polls.js'
import type { Hub } from './hub.js'
import type { LongPoll, LongPollOptions } from './long-poll.js'
import { findKeyStatus, type KeyStatus } from './queries.js'
import { SharedQueries } from './shared-queries.js'

export type { LongPollLimits } from './account-long-polls.js'
export type { LongPoll, LongPollOptions } from './long-poll.js'

const LIMITS: LongPollLimits = { perKey: 200, perAccount: 600 }

/** The long polls at runs in this process. Waiting costs neither queries nor a connection of the database. */
export class LongPolls {
  readonly #database: Database
  readonly #hub: Hub
  readonly #limits: LongPollLimits
  readonly #accounts = new Map<string, AccountLongPolls>()
  readonly #keyStatuses = new SharedQueries<KeySecret & { userId: string }, KeyStatus | undefined>(async ([secret]) =>
    // Not the caller's tenant: the scope of a key that is bound to a run sees no secrets of keys.
    findKeyStatus(this.#database.tenant(secret.userId), secret),
  )
  #closed = false

  constructor(database: Database, hub: Hub, limits: Partial<LongPollLimits> = {}) {
    this.#database = database
    this.#hub = hub
    this.#limits = { ...LIMITS, ...limits }
  }

  /**
   * Begins to listen. Query messages after this and before the first `next`: earlier ones are not announced.
   *
   * @throws {ProblemError} 401 when the account is gone, the key was revoked, or the secret has ended; 429 when too
   *   many wait
   */
  async open({ userId }: Tenant, instanceId: string, options: LongPollOptions): Promise<LongPoll> {
    const longPoll = await this.#accountOf(userId).add(instanceId.toLowerCase(), options)
    if (this.#closed) longPoll.stop()
    return longPoll
  }

  /** The number of long polls in this process. */
  get openCount(): number {
    return [...this.#accounts.values()].reduce((sum, account) => sum + account.size, 0)
  }

  /** Ends all long polls without a result. */
  close(): void {
    this.#closed = true
    for (const account of this.#accounts.values()) account.stop()
  }

  #accountOf(userId: string): AccountLongPolls {
    const known = this.#accounts.get(userId)
    if (known) return known
    const account = new AccountLongPolls({
      limits: this.#limits,
      findKeyStatus: (secret) =>
        this.#keyStatuses.join(`${userId}:${secret.keyId}:${secret.secretHash}`, { ...secret, userId }),
      subscribe: (revision, reader) => this.#hub.subscribeToNew(userId, revision, reader),
      onEmpty: () => this.#accounts.delete(userId),
    })
    this.#accounts.set(userId, account)
    return account
  }
}
