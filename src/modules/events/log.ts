import { type RawBuilder, sql } from 'kysely'
import type { AccountEventKind } from '../../../db/generated/types.js'
import { EVENT_BYTES } from '../../storage/sizes.js'

/**
 * Two members of a WITH clause that log what another one, named `changed`, has done to one row: `ticked` takes the next
 * revision of the account's clock, if there is such a row, and `logged` notes the event under it and gives its time `at`.
 * Being made of `changed` they run after it, so the clock is locked last.
 *
 * @param kind the `changed` rows must have `user_id`, and the columns that the kind needs: `id` of the run and `status`
 * @param bytes what the account stores more, as an expression; of that, `changed` counts with the run what goes with it
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
 * The same for credentials that are not to be served any longer: a member named `revoked` gives `user_id` and the `id` of
 * sessions or API keys of one account, each on however many rows; null stands for all of them. A key whose secret was
 * replaced is logged as well: whoever waits with it looks whether its own secret is still good.
 */
export const logRevoked = sql`
  ended as (
    select user_id, id, row_number() over (order by id) as number from (select distinct user_id, id from revoked) as r
  ), ticked as (
    update account_clocks c set revision = c.revision + e.ended,
      stored_bytes = c.stored_bytes + e.ended * ${sql.lit(EVENT_BYTES)}
    from (select user_id, count(*) as ended from ended group by user_id) as e where c.user_id = e.user_id
    returning c.user_id, c.revision, c.revision - e.ended as base
  ), logged as (
    insert into account_events (user_id, revision, kind, credential_id)
    select user_id, base + number, 'credential_revoked', id from ticked join ended using (user_id)
  )`
