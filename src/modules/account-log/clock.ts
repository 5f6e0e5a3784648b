import { type RawBuilder, sql } from 'kysely'
import type { AccountEventKind } from '../../../db/generated/types.js'
import { effectOf, type Step } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'
import { EVENT_BYTES } from '../../storage/sizes.js'

/**
 * The account's clock: its revision, the number of bytes it stores, and the last lock in the lock order (see
 * docs/architecture.md, "Lock order"). Only this module writes to it.
 */

/**
 * Two members of a WITH clause that log what another one, named `changed`, did to one row: `ticked` takes the next
 * revision of the account's clock, if there is such a row, and `logged` notes the event under it and gives its time
 * `at`. As they select from `changed`, they run after it.
 *
 * @param kind the `changed` rows must have `user_id`, and the columns that the kind needs: `id` of the run and `status`
 * @param bytes an expression: by how much the account's stored bytes grow; the run counts the part that is deleted with
 *   it
 */
export function logChanged(
  kind: Exclude<AccountEventKind, 'credential_revoked' | 'instance_deleted'>,
  bytes: RawBuilder<unknown> = sql.lit(EVENT_BYTES),
) {
  return sql`
    ticked as (
      update account_clocks set revision = revision + 1, stored_bytes = stored_bytes + (${bytes})
      where user_id = (select user_id from changed) returning revision
    ), logged as (
      insert into account_events (user_id, revision, kind, agent_instance_id, status)
      select c.user_id, t.revision, ${sql.lit(kind)}::account_event_kind, c.id,
        case when ${sql.lit(kind)} = 'status_changed' then c.status end
      from changed c, ticked t
      returning created_at as at
    )`
}

/**
 * Counts bytes stored elsewhere; send it with the statement that stores them, and after it.
 *
 * @param bytes negative for what is deleted
 */
export function countBytes(tenant: Tenant, bytes: number): Step<void> {
  return effectOf(
    sql`
      update account_clocks set stored_bytes = stored_bytes + ${bytes} where user_id = ${tenant.userId}`.compile(
      tenant,
    ),
  )
}

/**
 * Deletes rows that were counted by `countBytes`.
 *
 * @param deletion members of a WITH clause; the last one, named `gone`, gives the `bytes` of each row that it deletes
 */
export async function giveBytesBack(tenant: Tenant, deletion: RawBuilder<unknown>): Promise<void> {
  await sql`
    with ${deletion}
    update account_clocks set stored_bytes = greatest(0, stored_bytes - (select coalesce(sum(bytes), 0) from gone))
    where user_id = ${tenant.userId}`.execute(tenant)
}

/** Locks the clock until the transaction ends. */
export function lockClock({ userId }: Tenant): Step<void> {
  return effectOf({ sql: 'select from account_clocks where user_id = $1 for update', parameters: [userId] })
}
