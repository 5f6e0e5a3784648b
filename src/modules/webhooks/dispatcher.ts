import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../../db/client.js'
import { DatabaseUnavailableError, isClientTimeout, isStatementTimeout } from '../../../db/errors.js'
import type { TenantScope, TenantTransaction } from '../../../db/tenant.js'
import type { Log } from '../../logging/log.js'
import { insertWaiting, LANES, type NewDelivery, releaseLanes } from './deliveries.js'
import { DELIVERY_SIZE, insertEvents, makeRoom, type StoredEvent } from './event-store.js'
import {
  findPageEnd,
  findProgress,
  lockCursor,
  moveCursor,
  type Progress,
  readLog,
  removeCursor,
  resetUnweighed,
} from './log.js'
import { eventsOf, type InstanceView, type WebhookEvent } from './payload.js'

/** Revisions that one transaction turns into deliveries, and bytes of them: as JSON they may have six times as many. */
const PAGE = 100
const PAGE_SIZE = 1024 * 1024

/** Times that a single revision is tried that cannot be turned into deliveries. */
const ATTEMPTS = 3

/** Bytes of events and deliveries that are stored for an account; the oldest make room for later ones. */
const STORED_LIMIT = 64 * 1024 * 1024

/** It is looked whether there are too many when this part of the limit has been added. */
const WEIGHED_PART = 16

/** Milliseconds until somebody looks again whose account another process is at. */
const BUSY_DELAY = 100

/** Milliseconds that an account with more to tell waits after a step at most. */
const LONGEST_PAUSE = 1_000

/** Accounts that one process reads at once. */
const CONCURRENCY = 4

/** What `Dispatcher` works with. */
export interface DispatcherOptions {
  readonly database: Database
  /** Shows runs as lists do. */
  readonly instances: (trx: TenantTransaction, ids: string[]) => Promise<readonly InstanceView[]>
  /** Says that there are jobs. */
  readonly wake: () => void
  readonly log: Log
  /** Milliseconds between reconcile passes: the longest that a lost hint delays a delivery. */
  readonly reconcileInterval: number
  /** Bytes of events and deliveries that are stored for an account, instead of the usual ones. */
  readonly storedLimit?: number | undefined
}

/** How an account's log is read after something in it could not be turned into deliveries. */
interface Trouble {
  /** Revisions that are tried at once. */
  readonly page: number
  /** How often a single one has failed. */
  readonly failures: number
}

/** What is left to do at an account. */
type Outcome = 'done' | 'more' | 'busy'

/**
 * Turns what happens in accounts into deliveries. It reads the log of an account (see the migration 0006) from where it was
 * read last, and in one transaction stores deliveries with their jobs and how far it has come: whatever happens to this
 * process, nothing is left out and nothing is made twice. Those who write to the log do nothing for it.
 *
 * A step is bounded in revisions and in bytes. One that fails is made smaller; a single revision that fails again and again
 * is left out, so that what comes after it is told.
 *
 * Accounts take turns of one step: whoever always has more to tell holds up no other.
 *
 * Hints say when to look; a reconcile pass finds what they have missed. Every process does this: whoever is first locks.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  /** Accounts that have webhooks, as far as this process knows. */
  #accounts = new Set<string>()
  /** Accounts to be read, in the order of their turns; those whose turn has come stand in `#reading`. */
  readonly #queued = new Set<string>()
  readonly #reading = new Map<string, Promise<void>>()
  /** Of those being read, the ones in which something has happened since their turn began. */
  readonly #again = new Set<string>()
  /** Accounts that another process is at, or that were read just now, until they are looked at again. */
  readonly #later = new Map<string, NodeJS.Timeout>()
  readonly #troubles = new Map<string, Trouble>()
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
    if (this.#accounts.has(userId)) this.#queue(userId)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    for (const timer of this.#later.values()) clearTimeout(timer)
    this.#queued.clear()
    await Promise.all([this.#reconciling, ...this.#reading.values()])
  }

  #queue(userId: string): void {
    if (this.#closed || this.#later.has(userId)) return
    if (this.#reading.has(userId)) this.#again.add(userId)
    else this.#queued.add(userId)
    this.#next()
  }

  #next(): void {
    for (const userId of this.#queued) {
      if (this.#reading.size >= CONCURRENCY) return
      this.#queued.delete(userId)
      this.#again.delete(userId)
      const since = performance.now()
      const reading = this.#stepOrLess(userId)
        .catch((error) => this.#options.log.warn({ err: error }, 'webhooks lag; the reconcile pass will try again'))
        .then((outcome) => {
          this.#reading.delete(userId)
          if (outcome) this.#queueAgain(userId, outcome, performance.now() - since)
          this.#next()
        })
      this.#reading.set(userId, reading)
    }
  }

  /** Behind the others, if there is something left to do, and after a pause as long as the step: it is in nobody's way. */
  #queueAgain(userId: string, outcome: Outcome, took: number): void {
    if (this.#closed) return
    if (outcome === 'busy') this.#queueLater(userId, BUSY_DELAY)
    else if (outcome === 'more' || this.#again.has(userId)) this.#queueLater(userId, Math.min(took, LONGEST_PAUSE))
  }

  #queueLater(userId: string, delay: number): void {
    const timer = setTimeout(() => {
      this.#later.delete(userId)
      this.#queue(userId)
    }, delay)
    this.#later.set(userId, timer)
  }

  /** @throws what is not up to the account's events, or may pass */
  async #stepOrLess(userId: string): Promise<Outcome> {
    const tenant = this.#options.database.tenant(userId)
    const progress = await findProgress(tenant)
    if (!progress || progress.revision >= progress.end) return 'done'
    const { page, failures } = this.#troubles.get(userId) ?? { page: PAGE, failures: 0 }
    try {
      const outcome = await this.#step(tenant, progress, page)
      if (page * 2 < PAGE) this.#troubles.set(userId, { page: page * 2, failures: 0 })
      else this.#troubles.delete(userId)
      return outcome
    } catch (error) {
      if (!mayBeUpToEvents(error)) throw error
      if (page > 1) {
        this.#troubles.set(userId, { page: Math.floor(page / 2), failures: 0 })
        return 'more'
      }
      this.#troubles.set(userId, { page, failures: failures + 1 })
      if (failures + 1 < ATTEMPTS) throw error
      await this.#leaveOut(tenant, progress.revision)
      this.#troubles.set(userId, { page, failures: 0 })
      return 'more'
    }
  }

  /** Gives up the events of the next revision. The log says which one, and nothing of what it is about. */
  async #leaveOut(tenant: TenantScope, after: number): Promise<void> {
    await tenant.transaction(async (trx) => {
      if ((await lockCursor(trx)) !== after) return
      await moveCursor(trx, after + 1, 0)
      const ids = { userId: trx.userId, revision: after + 1 }
      trx.afterCommit(() => this.#options.log.warn(ids, 'webhooks are not told of an event that always fails'))
    })
  }

  async #step(tenant: TenantScope, progress: Progress, page: number): Promise<Outcome> {
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
      const { size, told } = await this.#tell(trx, webhooks, after, upTo)
      const unweighed = await moveCursor(trx, upTo, size)
      const limit = this.#options.storedLimit ?? STORED_LIMIT
      const isWeighed = unweighed > limit / WEIGHED_PART
      if (isWeighed && (await makeRoom(trx, limit))) await resetUnweighed(trx)
      // What made room may have been the first of its lane.
      const released = await releaseLanes(trx, isWeighed ? webhooks.map(({ id }) => id) : told)
      if (released > 0) trx.afterCommit(this.#options.wake)
      return upTo < progress.end ? 'more' : 'done'
    })
  }

  /** Stores what webhooks are told of. @returns how many bytes that takes, and the webhooks that are told something */
  async #tell(trx: TenantTransaction, webhooks: readonly ActiveWebhook[], after: number, upTo: number) {
    const wanted = (await this.#events(trx, after, upTo)).filter((event) => webhooks.some((to) => wants(to, event)))
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

  async #events(trx: TenantTransaction, after: number, upTo: number): Promise<WebhookEvent[]> {
    const entries = await readLog(trx, after, upTo)
    const ids = [...new Set(entries.events.map((entry) => entry.agent_instance_id))]
    const instances = ids.length > 0 ? await this.#options.instances(trx, ids) : []
    return eventsOf(entries, new Map(instances.map((instance) => [instance.id, instance])))
  }

  #reconcile(): void {
    this.#reconciling ??= this.#findBehind()
      .catch((error) => this.#options.log.warn({ err: error }, 'the reconcile pass failed; it runs again in a moment'))
      .finally(() => {
        this.#reconciling = undefined
      })
  }

  async #findBehind(): Promise<void> {
    const [result] = await this.#options.database.errands().run([BEHIND])
    const accounts = (result?.rows ?? []).map(({ user_id, is_behind }) => ({
      userId: String(user_id),
      isBehind: is_behind,
    }))
    this.#accounts = new Set(accounts.map(({ userId }) => userId))
    for (const { userId, isBehind } of accounts) if (isBehind) this.#queue(userId)
  }
}

const BEHIND = {
  sql: `select c.user_id, c.revision < k.revision as is_behind
    from webhook_cursors c
    cross join lateral (select revision from account_clocks where user_id = c.user_id offset 0) as k`,
  parameters: [],
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
    id: uuidv7(),
    webhook_id: webhook.id,
    event_id: id,
    event_type: type,
    agent_instance_id: instanceId,
    lane: laneOf(instanceId),
  }
}

/** Whether a step may have failed by what is in it, such as too much for the time that a statement has. */
function mayBeUpToEvents(error: unknown): boolean {
  return !(error instanceof DatabaseUnavailableError) || isStatementTimeout(error) || isClientTimeout(error)
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
