import { type CompiledQuery, sql } from 'kysely'
import type { TenantTransaction } from '../../../db/tenant.js'
import type { EventType } from '../../../schemas/webhooks.js'
import { schedule } from '../../queue/jobs.js'

/**
 * Lanes of a webhook that deliver concurrently. The deliveries of one run use one lane: they keep the order of their
 * events as long as nothing fails.
 */
export const LANES = 4

/** Deliveries that one request retries at most. */
const MAX_REDELIVERED = 1000

/** Inserts a delivery that goes out at once, past all lanes. */
export async function insertNow(
  trx: TenantTransaction,
  delivery: { id: string; webhookId: string; type: EventType; body: string },
): Promise<void> {
  await trx.pipeline(
    trx
      .insertInto('webhook_events')
      .values({ user_id: trx.userId, id: delivery.id, type: delivery.type, body: delivery.body })
      .compile(),
    trx
      .insertInto('webhook_deliveries')
      .values({
        user_id: trx.userId,
        id: delivery.id,
        webhook_id: delivery.webhookId,
        event_id: delivery.id,
        event_type: delivery.type,
        next_attempt_at: sql<Date>`now()`,
      })
      .compile(),
    scheduleAll(trx, [delivery.id]),
  )
}

/** A delivery to be stored. It waits for its turn in its lane. */
export interface NewDelivery {
  readonly id: string
  readonly webhook_id: string
  readonly event_id: string
  readonly event_type: EventType
  readonly agent_instance_id: string
  readonly lane: number
}

/** Deliveries that one statement inserts at most. */
const INSERT_BATCH = 1_000

/** Inserts deliveries that wait for their turn, in this order. One parameter, so one prepared statement for any number. */
export async function insertWaiting(trx: TenantTransaction, deliveries: readonly NewDelivery[]): Promise<void> {
  for (let first = 0; first < deliveries.length; first += INSERT_BATCH) {
    await sql`
      insert into webhook_deliveries (user_id, id, webhook_id, event_id, event_type, agent_instance_id, lane, status)
      select ${trx.userId}, d.id, d.webhook_id, d.event_id, d.event_type, d.agent_instance_id, d.lane, 'waiting'
      from rows from (json_to_recordset(${JSON.stringify(deliveries.slice(first, first + INSERT_BATCH))}::json) as
        (id uuid, webhook_id uuid, event_id uuid, event_type text, agent_instance_id uuid, lane smallint)
        ) with ordinality as d
      order by d.ordinality
    `.execute(trx)
  }
}

/**
 * Releases the first delivery of each lane, unless one is under way there. A delivery with a lane is waiting or under
 * way, and the one under way came first. The webhooks must be locked.
 *
 * @returns the number of released deliveries
 */
export async function releaseLanes(trx: TenantTransaction, webhookIds: readonly string[]): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update webhook_deliveries set status = 'pending', next_attempt_at = now()
    where user_id = ${trx.userId} and id = any(array(
      select head.id from unnest(${[...webhookIds]}::uuid[]) as w (id)
      cross join generate_series(0, ${sql.lit(LANES - 1)}) as l (lane)
      cross join lateral (
        select id, status from webhook_deliveries
        where user_id = ${trx.userId} and webhook_id = w.id and lane = l.lane
        order by seq limit 1) as head
      where head.status = 'waiting'))
    returning id
  `.execute(trx)
  return putInQueue(trx, rows)
}

/**
 * Retries a delivery from the start of the schedule, with the same id.
 *
 * @returns whether there is such a delivery
 */
export async function retry(trx: TenantTransaction, webhookId: string, id: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    update webhook_deliveries set
      status = case when status = 'waiting' then status else 'pending' end, round_attempts = 0, finished_at = null,
      next_attempt_at = now()
    where user_id = ${trx.userId} and webhook_id = ${webhookId} and id = ${id}
    returning id, status
  `.execute(trx)
  return (await putInQueue(trx, rows)) > 0
}

/** Retries all of a webhook's failed deliveries, the oldest first. @returns how many */
export async function retryFailed(trx: TenantTransaction, webhookId: string): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update webhook_deliveries set status = 'pending', round_attempts = 0, finished_at = null, next_attempt_at = now()
    where user_id = ${trx.userId} and id = any(array(
      select id from webhook_deliveries
      where user_id = ${trx.userId} and webhook_id = ${webhookId} and status = 'failed'
      order by seq limit ${sql.lit(MAX_REDELIVERED)}))
    returning id
  `.execute(trx)
  return putInQueue(trx, rows)
}

/** Makes jobs of deliveries. @returns how many */
async function putInQueue(trx: TenantTransaction, deliveries: readonly { id: string }[]): Promise<number> {
  const ids = deliveries.map(({ id }) => id)
  if (ids.length > 0) await trx.pipeline(scheduleAll(trx, ids))
  return ids.length
}

function scheduleAll(trx: TenantTransaction, ids: string[]): CompiledQuery {
  return schedule(trx, sql`select unnest(${ids}::uuid[]) as id`).compile(trx)
}
