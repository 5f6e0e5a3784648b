import { sql } from 'kysely'
import type { Database } from '../../../db/client.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'

/** How long a first answer is kept. The migration's policies for sweeping say the same. */
const KEPT = '24 hours'

/** How long a request that calls out may be under way: longer than the longest `WEBHOOK_TIMEOUT_MS`. */
const UNDER_WAY = '3 minutes'

/** How long to wait for the first of several equal requests. */
const PATIENCE = '2s'

/**
 * Claims a key for this transaction. If another transaction has claimed it and is under way, waits for its end.
 *
 * @returns whether this is the first request with the key, or the first in 24 hours
 * @throws {pg.DatabaseError} 55P03 when the other one takes too long
 */
export async function claim(trx: TenantTransaction, keyHash: string, requestHash: string): Promise<boolean> {
  const [, claimed] = await trx.pipeline(
    sql`select set_config('lock_timeout', ${PATIENCE}, true)`.compile(trx),
    trx
      .insertInto('idempotency_keys')
      .values({ user_id: trx.userId, key_hash: keyHash, request_hash: requestHash })
      .onConflict((conflict) =>
        conflict
          .columns(['user_id', 'key_hash'])
          .doUpdateSet({ request_hash: requestHash, answer: null, created_at: sql`now()` })
          .where('idempotency_keys.created_at', '<', sql<Date>`now() - ${sql.lit(KEPT)}::interval`),
      )
      .returning('user_id')
      .compile(),
    sql`select set_config('lock_timeout', '0', true)`.compile(trx),
  )
  return claimed.length > 0
}

export function find(trx: TenantTransaction, keyHash: string) {
  return trx
    .selectFrom('idempotency_keys')
    .select([
      'request_hash',
      'answer',
      sql<boolean>`created_at > now() - ${sql.lit(UNDER_WAY)}::interval`.as('is_recent'),
    ])
    .where('user_id', '=', trx.userId)
    .where('key_hash', '=', keyHash)
    .executeTakeFirst()
}

export async function storeAnswer(tenant: Tenant, keyHash: string, answer: Buffer): Promise<void> {
  await tenant
    .updateTable('idempotency_keys')
    .set({ answer })
    .where('user_id', '=', tenant.userId)
    .where('key_hash', '=', keyHash)
    .execute()
}

/** Gives a claimed key back, as nothing was done with it. */
export async function release(tenant: Tenant, keyHash: string): Promise<void> {
  await tenant
    .deleteFrom('idempotency_keys')
    .where('user_id', '=', tenant.userId)
    .where('key_hash', '=', keyHash)
    .where('answer', 'is', null)
    .execute()
}

/** Deletes what has expired, whoever it belongs to. Row-level security shows an unknown caller nothing else. */
export async function sweep(database: Database): Promise<void> {
  await database.run([
    { sql: `delete from idempotency_keys where created_at < now() - interval '${KEPT}'`, parameters: [] },
  ])
}
