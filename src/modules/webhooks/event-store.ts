import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { WebhookEvent } from './payload.js'

/** Characters of bodies that are sent to the database at once; a longer one goes alone. */
const MAX_CHUNK = 256 * 1024

/** Bytes that a delivery takes besides its body, indexes included; the receiver's answers are not counted in it. */
export const DELIVERY_SIZE = 1024

/** Rows deleted per statement at most, with all that refers to them. */
const DELETE_BATCH = 500

/** An event that was stored, with the body that its deliveries send. */
export interface StoredEvent extends WebhookEvent {
  readonly id: string
}

/**
 * Stores events, once for all the webhooks that get them.
 *
 * @returns the events to be delivered: without those of messages that were delivered already
 */
export async function insertEvents(trx: TenantTransaction, events: readonly WebhookEvent[]): Promise<StoredEvent[]> {
  const named = events.map((event) => ({ ...event, id: uuidv7() }))
  const fresh = new Set<string>()
  for (const chunk of chunksOf(named)) {
    // A single body is sent as it is: in an array or in JSON each of its quotes would be escaped once more.
    const inserted = await trx.pipeline<{ id: string }[]>(...chunk.map((event) => insertion(trx, event)))
    for (const { id } of inserted.flat()) fresh.add(id)
  }
  return named.filter(({ id }) => fresh.has(id))
}

/** @returns a query for one row, unless the message's event exists */
function insertion(trx: TenantTransaction, { id, type, messageId, body }: StoredEvent): CompiledQuery<{ id: string }> {
  return sql<{ id: string }>`
    insert into webhook_events (user_id, id, type, message_id, body)
    values (${trx.userId}, ${id}, ${type}, ${messageId}, ${body})
    on conflict (user_id, message_id, type) where message_id is not null do nothing
    returning id
  `.compile(trx)
}

function* chunksOf(events: readonly StoredEvent[]): Generator<StoredEvent[]> {
  let chunk: StoredEvent[] = []
  let length = 0
  for (const event of events) {
    if (chunk.length > 0 && length + event.body.length > MAX_CHUNK) {
      yield chunk
      chunk = []
      length = 0
    }
    chunk.push(event)
    length += event.body.length
  }
  if (chunk.length > 0) yield chunk
}

/**
 * Deletes the oldest events of an account, with their deliveries, until the rest takes no more than `limit` bytes. Each
 * webhook counts its pending deliveries among them. The webhooks must be locked.
 *
 * @returns whether it is finished
 */
export async function makeRoom(trx: TenantTransaction, limit: number): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    select id from (
      select e.id, sum(octet_length(e.body) + d.size) over (order by e.id desc) as total from webhook_events e
      cross join lateral (
        select coalesce(sum(${sql.lit(DELIVERY_SIZE)} + pg_column_size(attempts)), 0) as size from webhook_deliveries
        where user_id = e.user_id and event_id = e.id) as d
      where e.user_id = ${trx.userId}
    ) as sized where total > ${limit} order by id limit ${sql.lit(DELETE_BATCH)}
  `.execute(trx)
  if (rows.length === 0) return true
  const ids = rows.map(({ id }) => id)
  await trx.pipeline(
    sql`
      update webhooks w set dropped_count = w.dropped_count + d.count, dropped_at = now()
      from (
        select webhook_id, count(*) from webhook_deliveries
        where user_id = ${trx.userId} and event_id = any(${ids}::uuid[]) and status in ('waiting', 'pending')
        group by webhook_id) as d
      where w.user_id = ${trx.userId} and w.id = d.webhook_id`.compile(trx),
    sql`delete from webhook_events where user_id = ${trx.userId} and id = any(${ids}::uuid[])`.compile(trx),
  )
  return rows.length < DELETE_BATCH
}

/**
 * Deletes a delivery that is over and not shown in the log, and with its last delivery the event. The event must be locked:
 * of two transactions that delete the last two deliveries, the second one sees that its own is the last.
 */
export function deleteDelivery(
  trx: TenantTransaction,
  { id, event_id }: { readonly id: string; readonly event_id: string },
): CompiledQuery<object>[] {
  const event = sql`user_id = ${trx.userId} and id = ${event_id}`
  return [
    sql<object>`delete from webhook_deliveries where user_id = ${trx.userId} and id = ${id}`.compile(trx),
    sql<object>`delete from webhook_events where ${event} and not exists (
      select from webhook_deliveries where user_id = ${trx.userId} and event_id = ${event_id})`.compile(trx),
  ]
}

/**
 * Deletes all events of an account with their deliveries, in short steps: the deletion of the account would delete them
 * in a single statement.
 */
export function deleteAllEvents(tenant: Tenant): Promise<void> {
  return deleteInSteps(tenant, sql`true`)
}

/** Deletes the events without deliveries. */
export function deleteUnneededEvents(tenant: Tenant): Promise<void> {
  return deleteInSteps(
    tenant,
    sql`not exists (select from webhook_deliveries where user_id = e.user_id and event_id = e.id)`,
  )
}

async function deleteInSteps(tenant: Tenant, condition: RawBuilder<unknown>): Promise<void> {
  for (let deleted = DELETE_BATCH; deleted === DELETE_BATCH; ) {
    const { numAffectedRows } = await sql`
      delete from webhook_events where user_id = ${tenant.userId} and id = any(array(
        select id from webhook_events e where user_id = ${tenant.userId} and ${condition} limit ${sql.lit(DELETE_BATCH)}))
    `.execute(tenant)
    deleted = Number(numAffectedRows ?? 0)
  }
}

/** Deletes events stored before a time, with their deliveries. @returns how many, `limit` at most */
export async function deleteEventsBefore(tenant: Tenant, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from webhook_events where user_id = ${tenant.userId} and id = any(array(
      select id from webhook_events where user_id = ${tenant.userId} and created_at < ${before} limit ${limit}))
  `.execute(tenant)
  return Number(numAffectedRows ?? 0)
}
