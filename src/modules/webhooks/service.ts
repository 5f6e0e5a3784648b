import { v7 as uuidv7 } from 'uuid'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { DeliveryStatus, EventType } from '../../../schemas/webhooks.js'
import { DEFAULT_GRACE } from '../../../schemas/webhooks.js'
import { lockCredential } from '../../credentials/lock.js'
import { invalidField, notFound, ProblemError } from '../../errors.js'
import type { OutgoingCaller } from '../../outgoing/caller.js'
import { OutgoingError } from '../../outgoing/outgoing-error.js'
import type { Page } from '../../paging.js'
import { type SecretCipher, SecretUnreadableError } from '../../secrets/cipher.js'
import { deleteOthersCallbacks } from './answer-callbacks.js'
import * as deliveryLog from './delivery-log.js'
import { deleteAllEvents, deleteEventsBefore, deleteUnneededEvents } from './event-store.js'
import * as lanes from './lanes.js'
import { bodyOf } from './payload.js'
import * as queries from './queries.js'
import { webhookSecretContext } from './secret-contexts.js'
import { newSecret } from './signature.js'

/** The most webhooks of an account. */
const MAX_WEBHOOKS = 50

/** The dependencies of `Webhooks`. */
export interface WebhooksOptions {
  readonly outgoing: Pick<OutgoingCaller, 'checkUrl'>
  readonly secrets: Pick<SecretCipher, 'seal' | 'open'>
  /** Says that there are jobs. */
  readonly wake: () => void
  /** Notifies the dispatcher that an account has a webhook from now on. */
  readonly watch: (userId: string) => void
}

/** A webhook to be made. */
export interface WebhookRequest {
  readonly url: string
  readonly events: readonly EventType[]
  readonly description?: string | null
}

/** A patch of a webhook; absent fields stay. */
export type WebhookPatch = Partial<WebhookRequest> & { readonly is_active?: boolean }

/** A webhook as its owner sees it; its URL is null when no key opens it any more. */
export type ShownWebhook = Omit<queries.WebhookRow, 'url'> & { readonly url: string | null }

/** The webhooks of accounts, and their deliveries. */
export class Webhooks {
  readonly #options: WebhooksOptions

  constructor(options: WebhooksOptions) {
    this.#options = options
  }

  /**
   * @returns the webhook with its secret, which is not shown again
   * @throws {ProblemError} 400 when the URL cannot be called; 409 when there are too many
   */
  async create(tenant: Tenant, { url, events, description }: WebhookRequest) {
    this.#checkUrl(url)
    const id = uuidv7()
    const secret = newSecret()
    const sealedSecret = this.#options.secrets.seal(secret, webhookSecretContext(tenant, id, 'secret'))
    const sealedUrl = this.#sealUrl(tenant, id, url)
    const webhook = await tenant.transaction(async (trx) => {
      await lockCredential(trx)
      if ((await queries.count(trx)) >= MAX_WEBHOOKS) {
        throw new ProblemError('too_many_webhooks', `The account has ${MAX_WEBHOOKS} webhooks already`)
      }
      const made = await queries.insert(trx, { id, sealedUrl, events, description: description ?? null, sealedSecret })
      await queries.ensureCursor(trx)
      return made
    })
    this.#watch(tenant)
    return { ...webhook, url, secret }
  }

  async list(tenant: Tenant, page: Page<{ id: string }>): Promise<ShownWebhook[]> {
    return (await queries.list(tenant, page)).map((webhook) => this.#show(tenant, webhook))
  }

  /** @throws {ProblemError} 404 */
  async get(tenant: Tenant, id: string): Promise<ShownWebhook> {
    return this.#show(tenant, found(await queries.find(tenant, id)))
  }

  /** @throws {ProblemError} 404; 400 when the URL cannot be called */
  async update(tenant: Tenant, id: string, { is_active, url, ...others }: WebhookPatch): Promise<ShownWebhook> {
    if (url !== undefined) this.#checkUrl(url)
    const changes = { ...others, ...(url === undefined ? {} : { sealedUrl: this.#sealUrl(tenant, id, url) }) }
    const webhook = await tenant.transaction(async (trx) => {
      await lockCredential(trx)
      // The cursor before the webhook, as the dispatcher locks them.
      if (is_active === true) await queries.ensureCursor(trx)
      found(await queries.update(trx, id, changes))
      if (is_active === true) await queries.enable(trx, id)
      if (is_active === false) await queries.disable(trx, id, 'paused')
      return found(await queries.find(trx, id))
    })
    if (is_active) this.#watch(tenant)
    return this.#show(tenant, webhook)
  }

  /** Deletes it with its deliveries. @throws {ProblemError} 404 */
  async delete(tenant: Tenant, id: string): Promise<void> {
    if (!(await queries.remove(tenant, id))) throw notFound('Webhook')
    await deleteUnneededEvents(tenant)
  }

  /** Deletes an account's events and deliveries in short steps, before the account itself is deleted. */
  async discard(tenant: Tenant): Promise<void> {
    await deleteAllEvents(tenant)
  }

  /**
   * Deletes some deliveries and callbacks from before the account's owner moved in.
   *
   * @returns how many, `limit` at most
   */
  async clearOthers(tenant: Tenant, before: Date, limit: number): Promise<number> {
    return Math.max(await deleteEventsBefore(tenant, before, limit), await deleteOthersCallbacks(tenant, limit))
  }

  /**
   * @param graceSeconds how long the replaced secret signs as well
   * @returns the new secret, which is not shown again
   * @throws {ProblemError} 404
   */
  async rotateSecret(tenant: Tenant, id: string, graceSeconds = DEFAULT_GRACE) {
    const { secrets } = this.#options
    const secret = newSecret()
    const replaced = await tenant.transaction(async (trx) => {
      await lockCredential(trx)
      const old = await queries.findSecretLocked(trx, id)
      if (!old) throw notFound('Webhook')
      const current = secrets.seal(secret, webhookSecretContext(trx, id, 'secret'))
      const previous = readable(() => secrets.open(old.secret, webhookSecretContext(trx, id, 'secret')))
      const resealed =
        previous === undefined ? null : secrets.seal(previous, webhookSecretContext(trx, id, 'previous_secret'))
      return queries.replaceSecret(trx, id, { current, previous: resealed }, graceSeconds)
    })
    return { secret, previous_secret_expires_at: replaced.previous_expires_at }
  }

  /** Sends a `ping`, whatever the webhook is subscribed to, also if it is not active. @throws {ProblemError} 404 */
  async test(tenant: Tenant, webhookId: string) {
    return this.#send(tenant, async (trx) => {
      found(await queries.find(trx, webhookId))
      const id = uuidv7()
      const body = bodyOf('ping', new Date(), { webhook_id: webhookId })
      await lanes.insertNow(trx, { id, webhookId, type: 'ping', body })
      return foundDelivery(await deliveryLog.find(trx, webhookId, id))
    })
  }

  /** @throws {ProblemError} 404 */
  async deliveries(tenant: Tenant, id: string, status: DeliveryStatus | undefined, page: Page<{ id: string }>) {
    const listed = await deliveryLog.list(tenant, id, status, page)
    if (listed.length === 0) found(await queries.find(tenant, id))
    return listed
  }

  /** Repeats a delivery, whatever its result, with the same id. @throws {ProblemError} 404 */
  async redeliver(tenant: Tenant, webhookId: string, id: string) {
    return this.#send(tenant, async (trx) => {
      if (!(await lanes.retry(trx, webhookId, id))) throw notFound('Delivery')
      return foundDelivery(await deliveryLog.find(trx, webhookId, id))
    })
  }

  /** Repeats the failed deliveries, a thousand at once at most. @returns how many @throws {ProblemError} 404 */
  async redeliverFailed(tenant: Tenant, webhookId: string): Promise<number> {
    return this.#send(tenant, async (trx) => {
      found(await queries.find(trx, webhookId))
      return lanes.retryFailed(trx, webhookId)
    })
  }

  async #send<T>(tenant: Tenant, work: (trx: TenantTransaction) => Promise<T>): Promise<T> {
    const result = await tenant.transaction(work)
    tenant.afterCommit(this.#options.wake)
    return result
  }

  #sealUrl(tenant: Tenant, id: string, url: string): string {
    return this.#options.secrets.seal(url, webhookSecretContext(tenant, id, 'url'))
  }

  #show(tenant: Tenant, { url, ...webhook }: queries.WebhookRow): ShownWebhook {
    const context = webhookSecretContext(tenant, webhook.id, 'url')
    return { ...webhook, url: readable(() => this.#options.secrets.open(url, context)) ?? null }
  }

  #watch(tenant: Tenant): void {
    tenant.afterCommit(() => this.#options.watch(tenant.userId))
  }

  /** Refuses what can be refused without resolving the host. Each call resolves it again. */
  #checkUrl(url: string): void {
    try {
      this.#options.outgoing.checkUrl(url)
    } catch (error) {
      if (!(error instanceof OutgoingError)) throw error
      throw invalidField('body.url', `cannot be called. ${error.message}`)
    }
  }
}

/** An unreadable secret or URL can be replaced. */
function readable(open: () => string): string | undefined {
  try {
    return open()
  } catch (error) {
    if (error instanceof SecretUnreadableError) return undefined
    throw error
  }
}

function found(webhook: queries.WebhookRow | undefined): queries.WebhookRow {
  if (!webhook) throw notFound('Webhook')
  return webhook
}

function foundDelivery<T>(delivery: T | undefined): T {
  if (!delivery) throw notFound('Delivery')
  return delivery
}
