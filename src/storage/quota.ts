import type { Database } from '../../db/client.js'
import type { Tenant } from '../../db/tenant.js'
import { BoundedMap } from '../collections/bounded-map.js'
import { ProblemError } from '../errors.js'

/** Milliseconds that an account's count is cached: for that long it may exceed its quota. */
const LIFETIME = 1_000

/** The most accounts that are cached. */
const CAPACITY = 20_000

interface QuotaCheck {
  readonly hasRoom: Promise<boolean>
  readonly since: number
}

/** Storage quota of an account. Reading, deleting and ending runs are possible beyond it. */
export class StorageQuota {
  readonly #database: Database
  readonly #max: number
  readonly #checks = new BoundedMap<QuotaCheck>(CAPACITY)

  /** @param max bytes of one account; 0: no limit */
  constructor(database: Database, max: number) {
    this.#database = database
    this.#max = max
  }

  /** Uses a connection of its own, so it must not be called while a transaction is open. @returns whether more may be stored */
  async hasRoom(userId: string): Promise<boolean> {
    if (this.#max === 0) return true
    const known = this.#checks.get(userId)
    if (known && performance.now() - known.since < LIFETIME) return known.hasRoom
    const hasRoom = findStoredBytes(this.#database.tenant(userId)).then((bytes) => bytes < this.#max)
    this.#checks.set(userId, { hasRoom, since: performance.now() })
    hasRoom.catch(() => this.#checks.delete(userId))
    return hasRoom
  }

  /** As `hasRoom`. @throws {ProblemError} 507 at the quota */
  async requireRoom(userId: string): Promise<void> {
    if (!(await this.hasRoom(userId))) throw quotaExceeded()
  }
}

/** @returns the 507 for an account at its quota */
export function quotaExceeded(): ProblemError {
  return new ProblemError(
    'storage_quota_exceeded',
    'This account stores as much as it may. Delete runs that are no longer needed.',
  )
}

async function findStoredBytes(tenant: Tenant): Promise<number> {
  const clock = await tenant
    .selectFrom('account_clocks')
    .select('stored_bytes')
    .where('user_id', '=', tenant.userId)
    .executeTakeFirst()
  return clock?.stored_bytes ?? 0
}
