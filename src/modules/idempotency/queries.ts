import { sql } from 'kysely'
import type { Database } from '../../../db/client.js'
import type { TenantTransaction } from '../../../db/tenant.js'

/** How long a first answer is kept. The migration's policies for sweeping say the same. */
const KEPT = '24 hours'

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
    .select(['request_hash', 'answer'])
    .where('user_id', '=', trx.userId)
    .where('key_hash', '=', keyHash)
    .executeTakeFirst()
}

export async function storeAnswer(trx: TenantTransaction, keyHash: string, answer: Buffer): Promise<void> {
  await trx
    .updateTable('idempotency_keys')
    .set({ answer })
    .where('user_id', '=', trx.userId)
    .where('key_hash', '=', keyHash)
    .execute()
}

/** Deletes what has expired, whoever it belongs to. Row-level security shows an unknown caller nothing else. */
export async function sweep(database: Database): Promise<void> {
  await database.run([
    { sql: `delete from idempotency_keys where created_at < now() - interval '${KEPT}'`, parameters: [] },
  ])
}
