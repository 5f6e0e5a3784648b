import { sql } from 'kysely'
import type { Tenant } from '../../../db/tenant.js'
import type { DeliveryStatus, EventType } from '../../../schemas/webhooks.js'
import { type Page, untilFull } from '../../paging.js'

/** An attempt, as the log stores it. */
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
  // Lanes are not part of the contract.
  sql<DeliveryStatus>`case when status = 'waiting' then 'pending' else status::text end`.as('status'),
  'attempt_count',
  sql<Attempt[]>`attempts`.as('attempts'),
  'next_attempt_at',
  'created_at',
  'finished_at',
] as const

type DeliveryRow = Awaited<ReturnType<ReturnType<typeof page>['execute']>>[number]

/** Newest first. Excerpts of receivers' answers make some of them large. */
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
