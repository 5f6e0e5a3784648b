import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'
import { AccountWaits, type Secret, type WaitLimits } from './account-waits.js'
import type { Hub } from './hub.js'
import { findStandingOfKey, type StandingOfKey } from './queries.js'
import { SharedLooks } from './shared-looks.js'
import type { Waiter, WakeUp } from './wait.js'

export type { WaitLimits } from './account-waits.js'
export type { Waiter, WakeUp } from './wait.js'

const LIMITS: WaitLimits = { perKey: 200, perAccount: 600 }

/** Wakes those who wait at runs. Waiting costs no query, and no connection of the database. */
export class WakeUps {
  readonly #database: Database
  readonly #hub: Hub
  readonly #limits: WaitLimits
  readonly #accounts = new Map<string, AccountWaits>()
  readonly #standings = new SharedLooks<Secret & { userId: string }, StandingOfKey | undefined>(async ([secret]) =>
    // Not the caller's tenant: for a key that is bound to a run, that shows no keys.
    findStandingOfKey(this.#database.tenant(secret.userId), secret),
  )
  #closed = false

  constructor(database: Database, hub: Hub, limits: Partial<WaitLimits> = {}) {
    this.#database = database
    this.#hub = hub
    this.#limits = { ...LIMITS, ...limits }
  }

  /**
   * Begins to listen. Look for messages after this and before the first `next`: what was written before is not announced.
   *
   * @throws {ProblemError} 401 when the account is gone, the key was revoked, or the secret has ended; 429 when too many
   *   wait
   */
  async listen({ userId }: Tenant, instanceId: string, waiter: Waiter): Promise<WakeUp> {
    const wait = await this.#accountOf(userId).add(instanceId.toLowerCase(), waiter)
    if (this.#closed) wait.stop()
    return wait
  }

  /** How many wait in this process. */
  get waiting(): number {
    return [...this.#accounts.values()].reduce((sum, account) => sum + account.size, 0)
  }

  /** Lets everybody who waits go, with nothing. */
  close(): void {
    this.#closed = true
    for (const account of this.#accounts.values()) account.stop()
  }

  #accountOf(userId: string): AccountWaits {
    const known = this.#accounts.get(userId)
    if (known) return known
    const account = new AccountWaits({
      limits: this.#limits,
      look: (secret) => this.#standings.join(`${userId}:${secret.keyId}:${secret.secretHash}`, { ...secret, userId }),
      follow: (revision, reader) => this.#hub.follow(userId, revision, reader),
      onEmpty: () => this.#accounts.delete(userId),
    })
    this.#accounts.set(userId, account)
    return account
  }
}
