import { sql } from 'kysely'
import type { Database } from '../../db/client.js'
import { effectOf } from '../../db/step.js'
import type { Tenant, TenantTransaction } from '../../db/tenant.js'
import { countBytes, giveBytesBack } from '../modules/account-log/clock.js'
import { ANSWER_BYTES } from '../storage/sizes.js'

/** Retention of a first answer. db/access.ts repeats it, for sweeping. */
const KEPT = '24 hours'

/** The most keys that one statement deletes. */
const BATCH = 5_000

/** How long a request that calls out may be in flight: longer than the longest `WEBHOOK_TIMEOUT_MS`. */
const UNDER_WAY = '3 minutes'

/**
 * Claims a key for this transaction. A conflict locks the row of the key, so none is provoked where an answer exists: requests
 * that only repeat the answer need not wait for each other.
 *
 * @returns whether this is the first request with the key, or the first in 24 hours
 * @throws {pg.DatabaseError} on a lock timeout, while another open transaction has claimed it
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

/** @returns the record of the request with this key: the hash of its body, its answer, and whether it may still be in flight */
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

/** Last statement of its transaction, as it locks the account's clock: docs/architecture.md, "Lock order". */
export async function storeAnswer(tenant: Tenant, keyHash: string, answer: Buffer): Promise<void> {
  const stored = tenant
    .updateTable('idempotency_keys')
    .set({ answer })
    .where('user_id', '=', tenant.userId)
    .where('key_hash', '=', keyHash)
  await tenant.pipeline({
    stored: effectOf(stored.compile()),
    counted: countBytes(tenant, ANSWER_BYTES + answer.length),
  })
}

/** Releases a claimed key whose request had no effect. */
export async function release(tenant: Tenant, keyHash: string): Promise<void> {
  await tenant
    .deleteFrom('idempotency_keys')
    .where('user_id', '=', tenant.userId)
    .where('key_hash', '=', keyHash)
    .where('answer', 'is', null)
    .execute()
}

/** Deletes expired answers of all accounts, and gives the bytes back. */
export async function sweep(database: Database): Promise<void> {
  for (let userIds = await listExpired(database); userIds.length > 0; userIds = await listExpired(database)) {
    for (const userId of userIds) await sweepAccount(database.tenant(userId))
  }
}

/** Row-level security shows this scope only expired rows. @returns some of the accounts */
async function listExpired(database: Database): Promise<string[]> {
  const sql = `select distinct user_id from (
    select user_id from idempotency_keys where created_at < now() - interval '${KEPT}' order by created_at limit ${BATCH}) as e`
  const [result] = await database.errands().run([{ sql, parameters: [] }])
  return (result?.rows ?? []).map(({ user_id }) => String(user_id))
}

async function sweepAccount(tenant: Tenant): Promise<void> {
  await giveBytesBack(
    tenant,
    sql`expired as (
      select user_id, key_hash from idempotency_keys
      where user_id = ${tenant.userId} and created_at < now() - ${sql.lit(KEPT)}::interval limit ${sql.lit(BATCH)}
    ), gone as (
      delete from idempotency_keys k using expired e where k.user_id = e.user_id and k.key_hash = e.key_hash
      returning case when k.answer is not null then ${sql.lit(ANSWER_BYTES)} + octet_length(k.answer) else 0 end as bytes
    )`,
  )
}
