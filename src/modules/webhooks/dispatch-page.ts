import type { TenantScope, TenantTransaction } from '../../../db/tenant.js'
import { newId } from '../../ids.js'
import type { Log } from '../../logging/log.js'
import { DELIVERY_SIZE, insertEvents, makeRoom, type StoredEvent } from './event-store.js'
import { insertWaiting, LANES, type NewDelivery, releaseLanes } from './lanes.js'
import { findPageEnd, lockCursor, moveCursor, type Progress, readLog, removeCursor, resetUnweighed } from './log.js'
import { eventsOf, type InstanceView, type WebhookEvent } from './payload.js'

/** Bytes of the log that one transaction turns into deliveries: as JSON they may have six times as many. */
const PAGE_SIZE = 1024 * 1024

/** Bytes of events and deliveries that are stored for an account; the oldest make room for later ones. */
const STORED_LIMIT = 64 * 1024 * 1024

/** The share of the limit after which the stored bytes are summed up again. */
const WEIGHED_PART = 16

/** The dependencies of a dispatcher's step. */
export interface StepOptions {
  /** Reads runs as lists show them. */
  readonly instances: (trx: TenantTransaction, ids: string[]) => Promise<readonly InstanceView[]>
  /** Says that there are jobs. */
  readonly wake: () => void
  /** Bytes of events and deliveries that are stored for an account, instead of the default. */
  readonly storedLimit?: number | undefined
}

/** What a step leaves to do for an account; `busy`: another process has locked it. */
export type Outcome = 'done' | 'more' | 'busy'

/**
 * Turns a page of an account's log into deliveries with their jobs, and moves the log cursor in the same transaction.
 *
 * @param progress the log cursor, and the end of the log
 * @param page revisions that are read at most
 */
export function dispatchPage(
  tenant: TenantScope,
  progress: Progress,
  page: number,
  { instances, wake, storedLimit: limit = STORED_LIMIT }: StepOptions,
): Promise<Outcome> {
  return tenant.transaction(async (trx) => {
    const after = await lockCursor(trx)
    if (after === undefined) return 'busy'
    if (progress.end <= after) return 'done'
    const upTo = Math.min(progress.end, await findPageEnd(trx, after, page, PAGE_SIZE))
    const webhooks = await lockActive(trx)
    if (webhooks.length === 0) {
      await removeCursor(trx)
      return 'done'
    }
    const { size, told } = await tell(trx, webhooks, await eventsBetween(trx, after, upTo, instances))
    const unweighed = await moveCursor(trx, upTo, size)
    const isWeighed = unweighed > limit / WEIGHED_PART
    if (isWeighed && (await makeRoom(trx, limit))) await resetUnweighed(trx)
    // The deleted deliveries may have been the first of their lanes.
    const released = await releaseLanes(trx, isWeighed ? webhooks.map(({ id }) => id) : told)
    if (released > 0) trx.afterCommit(wake)
    return upTo < progress.end ? 'more' : 'done'
  })
}

/** Stores the events for the webhooks. @returns how many bytes that takes, and the webhooks that get any */
async function tell(trx: TenantTransaction, webhooks: readonly ActiveWebhook[], happened: readonly WebhookEvent[]) {
  const wanted = happened.filter((event) => webhooks.some((to) => wants(to, event)))
  const events = await insertEvents(trx, wanted)
  const deliveries = events.flatMap((event) =>
    webhooks.filter((to) => wants(to, event)).map((to) => deliveryOf(event, to)),
  )
  await insertWaiting(trx, deliveries)
  return {
    size: events.reduce((sum, { body }) => sum + Buffer.byteLength(body), deliveries.length * DELIVERY_SIZE),
    told: [...new Set(deliveries.map(({ webhook_id }) => webhook_id))],
  }
}

/** @returns the events of the revisions after `after`, up to `upTo` */
async function eventsBetween(
  trx: TenantTransaction,
  after: number,
  upTo: number,
  show: StepOptions['instances'],
): Promise<WebhookEvent[]> {
  const entries = await readLog(trx, after, upTo)
  const ids = [...new Set(entries.events.map((entry) => entry.agent_instance_id))]
  const instances = ids.length > 0 ? await show(trx, ids) : []
  return eventsOf(entries, new Map(instances.map((instance) => [instance.id, instance])))
}

/** Skips the events of the next revision. The log line has its number, and none of its contents. */
export async function leaveOut(tenant: TenantScope, after: number, log: Log): Promise<void> {
  await tenant.transaction(async (trx) => {
    if ((await lockCursor(trx)) !== after) return
    await moveCursor(trx, after + 1, 0)
    const ids = { userId: trx.userId, revision: after + 1 }
    trx.afterCommit(() => log.warn(ids, 'webhooks are not told of an event that always fails'))
  })
}

interface ActiveWebhook {
  readonly id: string
  readonly events: string[]
  readonly since_revision: number
}

function wants({ events, since_revision }: ActiveWebhook, { type, revision }: WebhookEvent): boolean {
  return events.includes(type) && since_revision < revision
}

function deliveryOf({ id, type, instanceId }: StoredEvent, webhook: ActiveWebhook): NewDelivery {
  return {
    id: newId(),
    webhook_id: webhook.id,
    event_id: id,
    event_type: type,
    agent_instance_id: instanceId,
    lane: laneOf(instanceId),
  }
}

/** In the order of their ids, against deadlocks. */
function lockActive(trx: TenantTransaction): Promise<ActiveWebhook[]> {
  return trx
    .selectFrom('webhooks')
    .select(['id', 'events', 'since_revision'])
    .where('user_id', '=', trx.userId)
    .where('is_active', '=', true)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

/**
 * The last digits of a version 4 or 7 UUID are random; an agent that chooses ids chooses the order of its own
 * deliveries.
 */
function laneOf(instanceId: string): number {
  return Number.parseInt(instanceId.slice(-2), 16) % LANES
}
