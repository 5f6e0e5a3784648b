import type pg from 'pg'
import type { Test } from 'tap'
import type { Dependencies } from '../../src/app.js'
import { startService, type TestService, type TestUser } from './app.js'
import { eventually } from './wait-timeout.js'
import type { Receiver } from './webhook-receiver.js'

export const ALLOW_LOOPBACK = { WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8' } as const

/** Delays in milliseconds with which a delivery makes three attempts quickly. */
export const QUICK = { retryDelays: [50, 50], pollInterval: 50 } as const

/** A service that may call receivers on this machine, and does not wait long between attempts. */
export function startQuickService(
  t: Test,
  changes: Dependencies['webhooks'] = {},
  overrides: Partial<Dependencies['config']> = {},
): Promise<TestService> {
  return startService(t, { ...ALLOW_LOOPBACK, ...overrides }, { webhooks: { ...QUICK, ...changes } })
}

/** Subscribes a receiver. @returns the answer of the service */
export async function subscribe(user: TestUser, { url }: Pick<Receiver, 'url'>, ...events: string[]) {
  const made = await user.call('POST', '/webhooks', { url, events })
  if (made.status !== 201) throw new Error(`cannot subscribe: ${JSON.stringify(made.body)}`)
  return made.body
}

/**
 * Stores deliveries of a webhook that became due an hour ago, with their jobs.
 *
 * @param owner a connection that bypasses row-level security, see `connectAsOwner`
 */
export async function insertDue(owner: pg.Client, user: TestUser, webhookId: string, count: number): Promise<void> {
  await owner.query(
    `with event as (
       insert into webhook_events (user_id, id, type, body)
       select $1, gen_random_uuid(), 'ping', '{}' from generate_series(1, $3) returning id
     ), delivery as (
       insert into webhook_deliveries (user_id, id, webhook_id, event_id, event_type, next_attempt_at)
       select $1, gen_random_uuid(), $2, id, 'ping', now() from event returning id
     )
     insert into signalbox_queue.job (name, id, data, start_after)
     select 'deliveries', id, jsonb_build_object('user_id', $1::uuid, 'delivery_id', id), now() - interval '1 hour'
     from delivery`,
    [user.id, webhookId, count],
  )
}

/** Waits until a delivery has ended. @returns the latest one as the log shows it */
export async function finished(user: TestUser, webhookId: string, index = 0) {
  return eventually(async () => {
    const { body } = await user.call('GET', `/webhooks/${webhookId}/deliveries`)
    const delivery = body[index]
    return delivery && delivery.status !== 'pending' && delivery
  })
}
