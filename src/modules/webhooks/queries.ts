import { sql } from 'kysely'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { EventType } from '../../../schemas/webhooks.js'
import { currentRevision } from '../../credentials/owner.js'
import type { Page } from '../../paging.js'

const columns = [
  'id',
  'url',
  sql<EventType[]>`events`.as('events'),
  'description',
  'is_active',
  sql<DisabledReason | null>`disabled_reason`.as('disabled_reason'),
  'disabled_at',
  'last_success_at',
  'last_failure_at',
  'dropped_count',
  'dropped_at',
  'created_at',
  'updated_at',
] as const

/** `paused` by its owner, `gone` by a 410 of the receiver, `failing` for too long. */
export type DisabledReason = 'paused' | 'gone' | 'failing'

/** The URL is sealed. */
export type WebhookRow = NonNullable<Awaited<ReturnType<typeof find>>>

/** A webhook to be stored, its URL and its secret sealed. */
export interface NewWebhook {
  readonly id: string
  readonly sealedUrl: string
  readonly events: readonly EventType[]
  readonly description: string | null
  readonly sealedSecret: string
}

/** The account must be locked, so that concurrent inserts are counted one after the other. */
export async function count(trx: TenantTransaction): Promise<number> {
  const { count } = await trx
    .selectFrom('webhooks')
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('count'))
    .where('user_id', '=', trx.userId)
    .executeTakeFirstOrThrow()
  return count
}

/** Stores a webhook that gets the events from now on. @returns its row */
export function insert(trx: TenantTransaction, webhook: NewWebhook) {
  return trx
    .insertInto('webhooks')
    .values({
      user_id: trx.userId,
      id: webhook.id,
      url: webhook.sealedUrl,
      events: [...webhook.events],
      description: webhook.description,
      secret: webhook.sealedSecret,
      since_revision: currentRevision(trx),
    })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** Newest first: version 7 UUIDs sort by creation time. */
export function list(tenant: Tenant, { limit, after }: Page<{ id: string }>) {
  return tenant
    .selectFrom('webhooks')
    .select(columns)
    .where('user_id', '=', tenant.userId)
    .$if(after !== undefined, (query) => query.where('id', '<', after?.id ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** @returns the webhook with this UUID; undefined when there is none */
export function find(tenant: Tenant, id: string) {
  return tenant
    .selectFrom('webhooks')
    .select(columns)
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** A patch of a webhook; absent fields stay. */
export interface WebhookChanges {
  readonly sealedUrl?: string
  readonly events?: readonly EventType[]
  readonly description?: string | null
}

/** @returns the webhook as it is now; undefined when there is none */
export function update(tenant: Tenant, id: string, { sealedUrl, events, description }: WebhookChanges) {
  return tenant
    .updateTable('webhooks')
    .set({ updated_at: sql<Date>`now()` })
    .$if(sealedUrl !== undefined, (query) => query.set({ url: sealedUrl }))
    .$if(events !== undefined, (query) => query.set({ events: [...(events ?? [])] }))
    .$if(description !== undefined, (query) => query.set({ description: description ?? null }))
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
}

/** Events from while it was not active are skipped. */
export async function enable(tenant: Tenant, id: string): Promise<void> {
  await tenant
    .updateTable('webhooks')
    .set({ is_active: true, disabled_reason: null, disabled_at: null, since_revision: currentRevision(tenant) })
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .where('is_active', '=', false)
    .execute()
}

/** Stops its events, and drops its pending deliveries. A webhook that is not active keeps its reason. */
export async function disable(trx: TenantTransaction, id: string, reason: DisabledReason): Promise<void> {
  await trx.pipeline(
    trx
      .updateTable('webhooks')
      .set({ is_active: false, disabled_reason: reason, disabled_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
      .where('user_id', '=', trx.userId)
      .where('id', '=', id)
      .where('is_active', '=', true)
      .compile(),
    trx
      .updateTable('webhook_deliveries')
      .set({ status: 'failed', lane: null, next_attempt_at: null, finished_at: sql<Date>`now()` })
      .where('user_id', '=', trx.userId)
      .where('webhook_id', '=', id)
      .where('status', 'in', ['waiting', 'pending'])
      .compile(),
  )
}

/** Deletes it with its deliveries. @returns whether it existed */
export async function remove(tenant: Tenant, id: string): Promise<boolean> {
  const [deleted] = await tenant.pipeline(
    tenant.deleteFrom('webhooks').where('user_id', '=', tenant.userId).where('id', '=', id).returning('id').compile(),
    tenant.deleteFrom('webhook_deliveries').where('user_id', '=', tenant.userId).where('webhook_id', '=', id).compile(),
  )
  return deleted.length > 0
}

/** Locks a webhook. @returns its sealed secret; undefined when there is no such webhook */
export function findSecretLocked(trx: TenantTransaction, id: string) {
  return trx
    .selectFrom('webhooks')
    .select('secret')
    .where('user_id', '=', trx.userId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/**
 * @param sealed the new secret, and the replaced one, sealed for its new context; null if that cannot be opened any
 *   more
 */
export function replaceSecret(
  trx: TenantTransaction,
  id: string,
  sealed: { current: string; previous: string | null },
  graceSeconds: number,
) {
  const grace = sealed.previous === null ? 0 : graceSeconds
  return trx
    .updateTable('webhooks')
    .set({
      secret: sealed.current,
      previous_secret: grace > 0 ? sealed.previous : null,
      previous_expires_at: grace > 0 ? sql<Date>`now() + make_interval(secs => ${grace})` : null,
      updated_at: sql<Date>`now()`,
    })
    .where('user_id', '=', trx.userId)
    .where('id', '=', id)
    .returning('previous_expires_at')
    .executeTakeFirstOrThrow()
}

/**
 * Ensures that the account's log is read. The row is written in any case: its lock serializes this transaction with a
 * dispatcher that is about to delete the row, because it has seen no active webhook.
 */
export async function ensureCursor(tenant: Tenant): Promise<void> {
  await tenant
    .insertInto('webhook_cursors')
    .values({ user_id: tenant.userId, revision: currentRevision(tenant) })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ revision: sql`webhook_cursors.revision` }))
    .execute()
}
