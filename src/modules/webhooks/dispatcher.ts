import { setTimeout as sleep } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../../db/client.js'
import type { TenantTransaction } from '../../../db/tenant.js'
import type { Log } from '../../logging.js'
import { insertWaiting, LANES, type NewDelivery, releaseLanes } from './deliveries.js'
import { findProgress, lockCursor, moveCursor, readLog, removeCursor } from './log.js'
import { eventsOf, type InstanceView } from './payload.js'

/** Revisions that one transaction turns into deliveries. */
const PAGE = 100

/** Milliseconds until somebody looks again whose account another process is at. */
const BUSY_DELAY = 100

/** Accounts that one process reads at once. */
const CONCURRENCY = 4

export interface DispatcherOptions {
  readonly database: Database
  /** Shows runs as lists do. */
  readonly instances: (trx: TenantTransaction, ids: string[]) => Promise<readonly InstanceView[]>
  /** Says that there are jobs. */
  readonly wake: () => void
  readonly log: Log
  /** Milliseconds between reconcile passes: the longest that a lost hint delays a delivery. */
  readonly reconcileInterval: number
}

/** What is left to do at an account. */
type Outcome = 'done' | 'more' | 'busy'

/**
 * Turns what happens in accounts into deliveries. It reads the log of an account (see the migration 0006) from where it was
 * read last, and in one transaction stores deliveries with their jobs and how far it has come: whatever happens to this
 * process, nothing is left out and nothing is made twice. Those who write to the log do nothing for it.
 *
 * Hints say when to look; a reconcile pass finds what they have missed. Every process does this: whoever is first locks.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  /** Accounts that have webhooks, as far as this process knows. */
  #accounts = new Set<string>()
  /** Accounts to be read; those whose turn has come stand in `#reading`. */
  readonly #queued = new Set<string>()
  readonly #reading = new Map<string, Promise<void>>()
  readonly #again = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #reconciling: Promise<void> | undefined
  #closed = false

  constructor(options: DispatcherOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => this.#reconcile(), this.#options.reconcileInterval)
    this.#timer.unref()
    this.#reconcile()
  }

  /** The account has a webhook from now on. */
  watch(userId: string): void {
    this.#accounts.add(userId)
  }

  /** Something has happened in an account. */
  hint(userId: string): void {
    if (this.#accounts.has(userId)) this.#look(userId)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    this.#queued.clear()
    await Promise.all([this.#reconciling, ...this.#reading.values()])
  }

  #look(userId: string): void {
    if (this.#closed) return
    if (this.#reading.has(userId)) this.#again.add(userId)
    else this.#queued.add(userId)
    this.#next()
  }

  #next(): void {
    for (const userId of this.#queued) {
      if (this.#reading.size >= CONCURRENCY) return
      this.#queued.delete(userId)
      const reading = this.#read(userId)
        .catch((error) => this.#options.log.warn({ err: error }, 'webhooks lag; the reconcile pass will try again'))
        .finally(() => {
          this.#reading.delete(userId)
          this.#next()
        })
      this.#reading.set(userId, reading)
    }
  }

  async #read(userId: string): Promise<void> {
    do {
      this.#again.delete(userId)
      const outcome = await this.#step(userId)
      if (outcome === 'busy') await sleep(BUSY_DELAY)
      if (outcome !== 'done') this.#again.add(userId)
    } while (this.#again.has(userId) && !this.#closed)
  }

  async #step(userId: string): Promise<Outcome> {
    const tenant = this.#options.database.tenant(userId)
    const progress = await findProgress(tenant)
    if (!progress || progress.revision >= progress.end) return 'done'
    return tenant.transaction(async (trx) => {
      const after = await lockCursor(trx)
      if (after === undefined) return 'busy'
      const upTo = Math.min(progress.end, after + PAGE)
      if (upTo <= after) return 'done'
      const webhooks = await lockActive(trx)
      if (webhooks.length === 0) {
        await removeCursor(trx)
        return 'done'
      }
      const deliveries = await this.#deliveries(trx, webhooks, after, upTo)
      if (deliveries.length > 0) {
        await trx.pipeline(insertWaiting(trx, deliveries))
        const released = await releaseLanes(trx, [...new Set(deliveries.map(({ webhook_id }) => webhook_id))])
        if (released > 0) trx.afterCommit(this.#options.wake)
      }
      await moveCursor(trx, upTo)
      return upTo < progress.end ? 'more' : 'done'
    })
  }

  async #deliveries(
    trx: TenantTransaction,
    webhooks: readonly ActiveWebhook[],
    after: number,
    upTo: number,
  ): Promise<NewDelivery[]> {
    const entries = await readLog(trx, after, upTo)
    const ids = [...new Set(entries.events.map((entry) => entry.agent_instance_id))]
    const instances = ids.length > 0 ? await this.#options.instances(trx, ids) : []
    const events = eventsOf(entries, new Map(instances.map((instance) => [instance.id, instance])))
    return events.flatMap((event) =>
      webhooks
        .filter(({ events: wanted, since_revision }) => wanted.includes(event.type) && since_revision < event.revision)
        .map(({ id }) => ({
          id: uuidv7(),
          webhook_id: id,
          event_type: event.type,
          agent_instance_id: event.instanceId,
          lane: laneOf(event.instanceId),
          body: event.body,
        })),
    )
  }

  #reconcile(): void {
    this.#reconciling ??= this.#findBehind()
      .catch((error) => this.#options.log.warn({ err: error }, 'the reconcile pass failed; it runs again in a moment'))
      .finally(() => {
        this.#reconciling = undefined
      })
  }

  async #findBehind(): Promise<void> {
    const [, result] = await this.#options.database.run([AS_DISPATCHER, BEHIND])
    const accounts = (result?.rows ?? []).map(({ user_id, is_behind }) => ({
      userId: String(user_id),
      isBehind: is_behind,
    }))
    this.#accounts = new Set(accounts.map(({ userId }) => userId))
    for (const { userId, isBehind } of accounts) if (isBehind) this.#look(userId)
  }
}

const AS_DISPATCHER = { sql: "select set_config('app.task', 'webhooks', true)", parameters: [] }
const BEHIND = {
  sql: `select c.user_id, c.revision < k.revision as is_behind
    from webhook_cursors c join account_clocks k on k.user_id = c.user_id`,
  parameters: [],
}

interface ActiveWebhook {
  readonly id: string
  readonly events: string[]
  readonly since_revision: number
}

/** In the order of their ids, so that nobody waits for somebody who waits for them. */
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

/** Of a version 4 or 7 UUID the last digits are random; whoever chooses ids chooses the order of its own deliveries. */
function laneOf(instanceId: string): number {
  return Number.parseInt(instanceId.slice(-2), 16) % LANES
}
