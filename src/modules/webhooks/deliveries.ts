import { type CompiledQuery, sql } from 'kysely'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { DeliveryStatus, EventType } from '../../../schemas/webhooks.js'
import { type Page, untilFull } from '../../paging.js'
import { schedule } from '../../queue/jobs.js'

/**
 * A webhook's deliveries go out in so many lanes side by side, those of one run in one lane: in the order in which things
 * happened, as long as nothing fails.
 */
export const LANES = 4

/** Attempts that the log of one delivery keeps. */
const KEPT_ATTEMPTS = 20

/** Deliveries that one request has tried again. */
const MAX_REDELIVERED = 1000

/** A try, as the log keeps it. */
export interface Attempt {
  readonly attempted_at: Date
  readonly response_status: number | null
  readonly duration_ms: number
  readonly error: string | null
  readonly response_excerpt: string | null
}

const columns = [
  'id',
  'webhook_id',
  sql<EventType>`event_type`.as('type'),
  'agent_instance_id',
  // That it waits for its turn is nobody's business.
  sql<DeliveryStatus>`case when status = 'waiting' then 'pending' else status::text end`.as('status'),
  'attempt_count',
  sql<Attempt[]>`attempts`.as('attempts'),
  'next_attempt_at',
  'created_at',
  'finished_at',
] as const

type DeliveryRow = Awaited<ReturnType<ReturnType<typeof page>['execute']>>[number]

/** Newest first. Excerpts of what receivers answered make some of them large. */
export async function list(
  tenant: Tenant,
  webhookId: string,
  status: DeliveryStatus | undefined,
  at: Page<{ id: string }>,
) {
  const size = sql`octet_length(attempts::text)`
  const { rows } = await untilFull<DeliveryRow>(page(tenant, webhookId, status, at), size, sql`id desc`).execute(tenant)
  return rows
}

function page(
  tenant: Tenant,
  webhookId: string,
  status: DeliveryStatus | undefined,
  { limit, after }: Page<{ id: string }>,
) {
  return tenant
    .selectFrom('webhook_deliveries')
    .select(columns)
    .$narrowType<{ webhook_id: string }>()
    .where('user_id', '=', tenant.userId)
    .where('webhook_id', '=', webhookId)
    .$if(status !== undefined && status !== 'pending', (query) => query.where('status', '=', status ?? 'failed'))
    .$if(status === 'pending', (query) => query.where('status', 'in', ['pending', 'waiting']))
    .$if(after !== undefined, (query) => query.where('id', '<', after?.id ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
}

/** @returns the delivery as the log shows it; undefined when the webhook has none with this UUID */
export function find(tenant: Tenant, webhookId: string, id: string) {
  return tenant
    .selectFrom('webhook_deliveries')
    .select(columns)
    .$narrowType<{ webhook_id: string }>()
    .where('user_id', '=', tenant.userId)
    .where('webhook_id', '=', webhookId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Inserts one that goes out at once, past all lanes. */
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
 * Lets the first of each lane go out, unless one is under way there. What has a lane is waiting or under way, and what is
 * under way came first. The webhooks must be locked.
 *
 * @returns how many go out now
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
 * Tries one again from the start of the schedule, with the same id.
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

/** Tries all of a webhook's failed ones again, the oldest first. @returns how many */
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

/** What it takes to make a delivery. */
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
 * @returns undefined when it is gone, or its webhook is, or there is nothing to do about it any more. What was to be
 * delivered before the account's owner moved in is not, although it may not be cleared away yet
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

/** Locks first the webhook, as everybody does, then the delivery. @returns undefined when there is nothing to note */
export async function lockPending(trx: TenantTransaction, { id, webhook_id }: Pick<DueDelivery, 'id' | 'webhook_id'>) {
  const [webhooks, deliveries] = await trx.pipeline(
    trx
      .selectFrom('webhooks')
      .select(['last_success_at', 'is_active'])
      .where('user_id', '=', trx.userId)
      .where('id', '=', sql<string>`${webhook_id}::uuid`)
      .forNoKeyUpdate()
      .compile(),
    trx
      .selectFrom('webhook_deliveries')
      .select(['round_attempts', 'lane', 'created_at'])
      .where('user_id', '=', trx.userId)
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .forUpdate()
      .compile(),
  )
  return deliveries[0] && { ...deliveries[0], webhook: webhooks[0] }
}

/** Notes an attempt. @param retryDelay milliseconds until the next one; without, the delivery is over */
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

/** The query that notes at a webhook when it was last called, and how that ended. */
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

function scheduleAll(trx: TenantTransaction, ids: string[]): CompiledQuery {
  return schedule(trx, sql`select unnest(${ids}::uuid[]) as id`).compile(trx)
}
