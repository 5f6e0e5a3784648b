import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../../db/client.js'
import type { TenantScope } from '../../../db/tenant.js'
import { type BucketLimits, LeakyBucket } from '../../limits/leaky-bucket.js'
import type { OutgoingCaller } from '../../outgoing/caller.js'
import { OutgoingError } from '../../outgoing/outgoing-error.js'
import { finish, type Job, putBack } from '../../queue/jobs.js'
import { type SecretCipher, SecretUnreadableError } from '../../secrets/cipher.js'
import * as attempts from './attempts.js'
import type { Attempt } from './delivery-log.js'
import { deleteDelivery } from './event-store.js'
import { releaseLanes } from './lanes.js'
import { disable } from './queries.js'
import { retryAfter } from './retry-after.js'
import { nextDelay } from './schedule.js'
import { deliveryUrlContext, webhookSecretContext } from './secret-contexts.js'
import { signedHeaders } from './signature.js'

/** RFC 9110, section 15.5.11: gone for good. The Standard Webhooks specification has deliveries end then. */
const GONE = 410

/** Milliseconds that an attempt may take, whatever WEBHOOK_TIMEOUT_MS allows: less than its job takes to expire. */
const MAX_TIMEOUT = 45_000

/** Characters of an answer that the log keeps. */
const MAX_EXCERPT = 1_000

/**
 * Milliseconds after which a delivery is retried whose attempt was not made: its turn did not come, or shutdown cut it
 * off, and another process takes it over.
 */
const NOT_MADE_DELAY = 500

/**
 * The pace of one account's deliveries: bytes of their bodies, and the cost of an attempt. Beyond it they wait for each
 * other; so fast receivers do not take the service from others.
 */
const PACE: BucketLimits = { burst: 2 * 1024 * 1024, perSecond: 4 * 1024 * 1024 }
const ATTEMPT_COST = 32 * 1024

/** The dependencies of `Deliverer`. */
export interface DelivererOptions {
  readonly database: Database
  readonly outgoing: Pick<OutgoingCaller, 'call'>
  readonly secrets: Pick<SecretCipher, 'open'>
  /** Milliseconds. */
  readonly timeout: number
  /** Milliseconds between attempts. */
  readonly retryDelays: readonly number[]
  /** Says that there are jobs. */
  readonly wake: () => void
}

/** The result of an attempt. */
interface Outcome {
  readonly attempt: Attempt
  /** Milliseconds for which the receiver asked to wait (`Retry-After`). */
  readonly retryAfter: number
}

/** Makes deliveries: one attempt a job. */
export class Deliverer {
  readonly #options: DelivererOptions
  readonly #pace = new LeakyBucket(PACE)

  constructor(options: DelivererOptions) {
    this.#options = options
  }

  /** Makes one attempt at a delivery, and notes its result together with the next one. */
  async deliver(job: Job, signal: AbortSignal): Promise<void> {
    const tenant = this.#options.database.tenant(job.userId)
    if (!(await this.#waitForTurn(job, signal))) {
      await tenant.pipeline(putBack(tenant, job, NOT_MADE_DELAY))
      return
    }
    const delivery = await attempts.findDue(tenant, job.deliveryId)
    if (!delivery) {
      await tenant.pipeline(finish(tenant, job))
      return
    }
    this.#pace.add(job.userId, delivery.body.length)
    const outcome = await this.#attempt(tenant, delivery, signal)
    if (outcome) await this.#note(tenant, job, delivery, outcome)
    else await tenant.pipeline(putBack(tenant, job, NOT_MADE_DELAY))
  }

  /** @returns whether its turn has come; false if it is cut off */
  async #waitForTurn({ userId }: Job, signal: AbortSignal): Promise<boolean> {
    const wait = this.#pace.add(userId, ATTEMPT_COST)
    if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => {})
    return !signal.aborted
  }

  /** @returns undefined when none was made, or it was cut off */
  async #attempt(
    tenant: TenantScope,
    delivery: attempts.DueDelivery,
    signal: AbortSignal,
  ): Promise<Outcome | undefined> {
    let attempted_at = new Date()
    let started = performance.now()
    const timed = () => ({ attempted_at, duration_ms: Math.round(performance.now() - started) })
    try {
      const answer = await this.#options.outgoing.call({
        userId: tenant.userId,
        purpose: 'delivery',
        method: 'POST',
        url: this.#url(tenant, delivery),
        headers: this.#headers(tenant, delivery, attempted_at),
        body: delivery.body,
        timeoutMs: Math.min(this.#options.timeout, MAX_TIMEOUT),
        signal,
        onTurn: () => {
          attempted_at = new Date()
          started = performance.now()
        },
      })
      const response_excerpt = answer.excerpt.slice(0, MAX_EXCERPT).toWellFormed()
      const attempt = { ...timed(), response_status: answer.status, error: null, response_excerpt }
      return { attempt, retryAfter: retryAfter(answer, Date.now()) }
    } catch (error) {
      if (error instanceof OutgoingError && (error.kind === 'aborted' || error.kind === 'busy')) return undefined
      const attempt = { ...timed(), response_status: null, error: reasonOf(error), response_excerpt: null }
      return { attempt, retryAfter: 0 }
    }
  }

  #url(tenant: TenantScope, { id, webhook_id, url }: attempts.DueDelivery): string {
    const context =
      webhook_id === null ? deliveryUrlContext(tenant, id) : webhookSecretContext(tenant, webhook_id, 'url')
    return this.#options.secrets.open(url, context)
  }

  /** The receiver of a callback has no secret, and n8n checks no signature; the id identifies repetitions. */
  #headers(tenant: TenantScope, delivery: attempts.DueDelivery, now: Date): Record<string, string> {
    const json = { 'content-type': 'application/json' }
    const { id, body, webhook_id, secret, previous_secret } = delivery
    if (webhook_id === null || secret === null) return { ...json, 'x-omnara-webhook': 'true', 'webhook-id': id }
    const open = (sealed: string, column: 'secret' | 'previous_secret') =>
      this.#options.secrets.open(sealed, webhookSecretContext(tenant, webhook_id, column))
    const current = open(secret, 'secret')
    const secrets = previous_secret ? [current, open(previous_secret, 'previous_secret')] : [current]
    return { ...json, ...signedHeaders({ id, timestamp: Math.floor(now.getTime() / 1000), body }, secrets) }
  }

  async #note(
    tenant: TenantScope,
    job: Job,
    delivery: attempts.DueDelivery,
    { attempt, retryAfter }: Outcome,
  ): Promise<void> {
    const { id, webhook_id } = delivery
    const status = attempt.response_status ?? 0
    const succeeded = status >= 200 && status < 300
    await tenant.transaction(async (trx) => {
      const state = await attempts.lockPending(trx, delivery)
      if (!state) {
        await trx.pipeline(finish(trx, job))
        return
      }
      const isGone = webhook_id !== null && status === GONE
      // A requested delivery to a disabled webhook gets one attempt.
      const isLast = succeeded || isGone || state.webhook?.is_active === false
      const delay = isLast ? undefined : nextDelay(this.#options.retryDelays, state.round_attempts + 1, retryAfter)
      const outcome = succeeded ? 'succeeded' : delay === undefined ? 'failed' : 'pending'
      // The log does not show callbacks; their URL is deleted as soon as it is not needed.
      const isForgotten = webhook_id === null && delay === undefined
      await trx.pipeline(
        ...(isForgotten ? deleteDelivery(trx, delivery) : [attempts.noteAttempt(trx, id, attempt, outcome, delay)]),
        delay === undefined ? finish(trx, job) : putBack(trx, job, delay),
      )
      if (webhook_id === null) return
      await trx.pipeline(attempts.noteOutcome(trx, webhook_id, succeeded))
      if (isGone) await disable(trx, webhook_id, 'gone')
      else if (outcome === 'failed' && isFailing(state)) await disable(trx, webhook_id, 'failing')
      const released = state.lane === null ? 0 : await releaseLanes(trx, [webhook_id])
      if (released > 0) trx.afterCommit(this.#options.wake)
    })
  }
}

/**
 * @returns the log's text for a call that could not be made
 * @throws errors that are not the delivery's fault
 */
function reasonOf(error: unknown): string {
  if (error instanceof OutgoingError) return error.message
  if (error instanceof SecretUnreadableError)
    return 'The URL or the secret to sign with cannot be read: set the URL anew and rotate the secret'
  throw error
}

/** Whether no call to the webhook has succeeded since this delivery was created. */
function isFailing({
  created_at,
  webhook,
}: {
  created_at: Date
  webhook?: { last_success_at: Date | null } | undefined
}) {
  return !webhook?.last_success_at || webhook.last_success_at < created_at
}
