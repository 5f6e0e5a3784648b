import { sql } from 'kysely'
import type { Database } from '../../../db/client.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'

/** How long a first answer is kept. The migration's policies for sweeping say the same. */
const KEPT = '24 hours'

/** How long a request that calls out may be under way: longer than the longest `WEBHOOK_TIMEOUT_MS`. */
const UNDER_WAY = '3 minutes'

/**
 * Claims a key for this transaction. A conflict locks the row of the key, so where there is an answer none is sought: those
 * who only want the answer again need not wait for each other.
 *
 * @returns whether this is the first request with the key, or the first in 24 hours
 * @throws {pg.DatabaseError} of a lock timeout, while another transaction has claimed it and is under way
 */
export async function claim(trx: TenantTransaction, keyHash: string, requestHash: string): Promise<boolean> {
  const claimed = await trx
    .insertInto('idempotency_keys')
    .columns(['user_id', 'key_hash', 'request_hash'])
    .expression(
      trx
        .selectNoFrom([
          sql<string>`${trx.userId}::uuid`.as('user_id'),
          sql<string>`${keyHash}::text`.as('key_hash'),
          sql<string>`${requestHash}::text`.as('request_hash'),
        ])
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('idempotency_keys')
                .select('user_id')
                .where('user_id', '=', trx.userId)
                .where('key_hash', '=', keyHash)
                .where('answer', 'is not', null)
                .where('created_at', '>=', sql<Date>`now() - ${sql.lit(KEPT)}::interval`),
            ),
          ),
        ),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'key_hash'])
        .doUpdateSet({ request_hash: requestHash, answer: null, created_at: sql`now()` })
        .where('idempotency_keys.created_at', '<', sql<Date>`now() - ${sql.lit(KEPT)}::interval`),
    )
    .returning('user_id')
    .executeTakeFirst()
  return claimed !== undefined
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
