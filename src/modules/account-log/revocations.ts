import { type RawBuilder, sql } from 'kysely'
import { effectOf, type Step } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'
import { EVENT_BYTES } from '../../storage/sizes.js'

/**
 * Ends credentials and logs it, so that their subscribers and long polls end. A key whose secret was replaced is logged
 * as well: long polls check whether their own secret is still good.
 *
 * @param change ends sessions or API keys of one account, and returns `user_id` and the `id` of each, on however many
 *   rows; a null `id` stands for all of them
 * @param columns selected from these rows
 */
export function revokeCredentials<Row>(change: RawBuilder<unknown>, columns: RawBuilder<unknown>): RawBuilder<Row> {
  return sql<Row>`
    with revoked as (${change}), ended as (
      select user_id, id, row_number() over (order by id) as number from (select distinct user_id, id from revoked) as r
    ), ticked as (
      update account_clocks c set revision = c.revision + e.ended,
        stored_bytes = c.stored_bytes + e.ended * ${sql.lit(EVENT_BYTES)}
      from (select user_id, count(*) as ended from ended group by user_id) as e where c.user_id = e.user_id
      returning c.user_id, c.revision, c.revision - e.ended as base
    ), logged as (
      insert into account_events (user_id, revision, kind, credential_id)
      select user_id, base + number, 'credential_revoked', id from ticked join ended using (user_id)
    )
    select ${columns} from revoked`
}

/** Logs that every credential of the account was revoked; the caller ends them. */
export function logAllRevoked(tenant: Tenant): Step<void> {
  const all = sql`select ${tenant.userId}::uuid as user_id, null::uuid as id`
  return effectOf(revokeCredentials(all, sql`id`).compile(tenant))
}
