import { type CompiledQuery, sql } from 'kysely'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { Attempt } from './delivery-log.js'

/** Attempts that the log of one delivery keeps. */
const KEPT_ATTEMPTS = 20

/** The data of a delivery's next attempt. */
export interface DueDelivery {
  readonly id: string
  readonly webhook_id: string | null
  readonly event_id: string
  readonly event_type: string
  readonly body: string
  /** Of the webhook, or the delivery's own; sealed. */
  readonly url: string
  readonly secret: string | null
  /** If it still signs. */
  readonly previous_secret: string | null
}

/**
 * @returns undefined when the delivery or its webhook is gone, or it is not pending any more. A delivery from before
 *   the account's owner moved in is not due, although it may not be deleted yet
 */
export async function findDue(tenant: Tenant, id: string): Promise<DueDelivery | undefined> {
  const { rows } = await sql<DueDelivery>`
    select d.id, d.webhook_id, d.event_id, d.event_type, e.body, coalesce(d.url, w.url) as url, w.secret,
      case when w.previous_expires_at > now() then w.previous_secret end as previous_secret
    from webhook_deliveries d join webhook_events e on e.user_id = d.user_id and e.id = d.event_id
      left join webhooks w on w.user_id = d.user_id and w.id = d.webhook_id
    where d.user_id = ${tenant.userId} and d.id = ${id} and d.status = 'pending'
      and (d.webhook_id is null or w.id is not null)
      and not exists (select from takeovers t where t.user_id = d.user_id and t.created_at > d.created_at)
  `.execute(tenant)
  return rows[0]
}

/**
 * Locks the webhook, or the event of a call about an answer, then the delivery: docs/architecture.md, "Lock order".
 *
 * @returns undefined when there is nothing to note
 */
export async function lockPending(
  trx: TenantTransaction,
  { id, webhook_id, event_id }: Pick<DueDelivery, 'id' | 'webhook_id' | 'event_id'>,
) {
  const [webhooks, , deliveries] = await trx.pipeline(
    trx
      .selectFrom('webhooks')
      .select(['last_success_at', 'is_active'])
      .where('user_id', '=', trx.userId)
      .where('id', '=', sql<string>`${webhook_id}::uuid`)
      .forNoKeyUpdate()
      .compile(),
    sql`
      select from webhook_events
      where user_id = ${trx.userId} and id = ${event_id} and ${webhook_id}::uuid is null for update`.compile(trx),
    trx
      .selectFrom('webhook_deliveries')
      .select(['round_attempts', 'lane', 'created_at'])
      .where('user_id', '=', trx.userId)
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .forNoKeyUpdate()
      .compile(),
  )
  return deliveries[0] && { ...deliveries[0], webhook: webhooks[0] }
}

/** Notes an attempt. @param retryDelay milliseconds until the next one; without it, the delivery is over */
export function noteAttempt(
  trx: TenantTransaction,
  id: string,
  attempt: Attempt,
  status: 'succeeded' | 'failed' | 'pending',
  retryDelay: number | undefined,
): CompiledQuery {
  const next = retryDelay === undefined ? sql`null` : sql`now() + ${retryDelay} * interval '1 ms'`
  const entries = sql`attempts || ${JSON.stringify([attempt])}::jsonb`
  return sql`
    update webhook_deliveries set
      status = ${status}::webhook_delivery_status, lane = null, round_attempts = round_attempts + 1,
      attempt_count = attempt_count + 1, next_attempt_at = ${next},
      finished_at = case when ${status} = 'pending' then null else now() end,
      attempts = case when jsonb_array_length(attempts) < ${sql.lit(KEPT_ATTEMPTS)} then ${entries} else ${entries} - 0 end
    where user_id = ${trx.userId} and id = ${id}
  `.compile(trx)
}

/** The query that notes at a webhook the time and result of its last call. */
export function noteOutcome(trx: TenantTransaction, webhookId: string, succeeded: boolean): CompiledQuery {
  return trx
    .updateTable('webhooks')
    .set(
      succeeded ? { last_success_at: sql<Date>`clock_timestamp()` } : { last_failure_at: sql<Date>`clock_timestamp()` },
    )
    .where('user_id', '=', trx.userId)
    .where('id', '=', webhookId)
    .compile()
}
