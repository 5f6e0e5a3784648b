import type { FastifyBaseLogger } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import type { Tenant } from '../../../db/tenant.js'
import { lockCredential } from '../../credentials/lock.js'
import { invalidField, notFound, ProblemError } from '../../errors.js'
import type { OutgoingCaller } from '../../outgoing/caller.js'
import { OutgoingError } from '../../outgoing/outgoing-error.js'
import { SecretUnreadableError } from '../../secrets/cipher.js'
import { titleOf } from '../account-log/title.js'
import type { AgentInstances } from '../agent-instances/service.js'
import type { ApiKeys } from '../api-keys/service.js'
import type { Messages } from '../messages/service.js'
import * as queries from './queries.js'
import type { UserAgents } from './service.js'
import { failureOf, type LaunchFailure, launchProblem, refusalOf } from './webhooks/failure.js'
import { checkFields, givenFields, type Webhook, withDefaults } from './webhooks/settings.js'
import type { WebhookStorage } from './webhooks/storage.js'
import type { LaunchRequest, WebhookField } from './webhooks/webhook-type.js'

/** Days for which the key of a launched agent is valid. */
const KEY_DAYS = 7

/** The dependencies of `Launcher`. */
export interface LauncherOptions {
  readonly userAgents: UserAgents
  readonly instances: AgentInstances
  readonly messages: Messages
  readonly apiKeys: ApiKeys
  readonly outgoing: OutgoingCaller
  readonly storage: WebhookStorage
}

/** A run that is about to be launched. */
interface Prepared {
  readonly instanceId: string
  readonly keyId: string
  readonly apiKey: string
}

/** Launches agents by calling their webhooks. */
export class Launcher {
  readonly #options: LauncherOptions

  constructor(options: LauncherOptions) {
    this.#options = options
  }

  /**
   * Creates a run with the prompt as its first message and a key for it alone, then calls the webhook, once. All of
   * that is committed before the call, so that an agent that reports at once finds it, and no connection waits for the
   * receiver.
   *
   * @param given the body of the launch
   * @returns the id of the run
   * @throws {ProblemError} 404, 400 without a webhook or naming missing fields, 409 when it is inactive; 424 when the
   *   call fails: the run is then marked as failed, and its key revoked
   */
  async launch(
    tenant: Tenant,
    userAgentId: string,
    given: Readonly<Record<string, unknown>>,
    log: FastifyBaseLogger,
  ): Promise<string> {
    const agent = await this.#options.userAgents.getStored(tenant, userAgentId)
    if (!agent.is_active) {
      throw new ProblemError('user_agent_inactive', `The user agent "${agent.name}" is inactive; activate it first`)
    }
    const webhook = this.#webhookOf(tenant, agent)
    const fields = givenFields(webhook.type.runtime_fields, given, 'body')
    checkFields(webhook.type.runtime_fields, fields, 'body', this.#options.outgoing)
    const prepared = await this.#prepare(tenant, agent, fields, given)
    const failure = await this.#call(tenant, webhook, {
      ...prepared,
      agentType: agent.name,
      config: withDefaults(webhook.type.build_fields, webhook.config),
      fields: withDefaults(webhook.type.runtime_fields, fields),
      others: othersThan(webhook.type.runtime_fields, given),
    })
    if (!failure) return prepared.instanceId
    log.warn({ agent_instance_id: prepared.instanceId, code: failure.code }, 'a launch failed')
    await this.#giveUp(tenant, prepared, failure).catch((error) => {
      // The run was deleted meanwhile, and its key with it.
      if (error instanceof ProblemError && error.code === 'not_found') return
      // The call was made: its failure is the answer, or the caller would launch again.
      log.error({ err: error }, 'a launch that failed could not be marked as failed')
    })
    throw launchProblem(failure, prepared.instanceId)
  }

  #webhookOf(tenant: Tenant, agent: queries.UserAgentRow): Webhook {
    try {
      const webhook = this.#options.storage.open(tenant.userId, agent.id, agent)
      if (webhook) return webhook
    } catch (error) {
      if (!(error instanceof SecretUnreadableError)) throw error
      const detail = 'The secrets of the webhook cannot be read any more; enter them again.'
      throw launchProblem({ code: 'webhook_misconfigured', detail })
    }
    throw new ProblemError('no_webhook', `The user agent "${agent.name}" has no webhook to be launched by`)
  }

  #prepare(
    tenant: Tenant,
    agent: queries.UserAgentRow,
    fields: Readonly<Record<string, string>>,
    { name }: Readonly<Record<string, unknown>>,
  ): Promise<Prepared> {
    const { instances, messages, apiKeys } = this.#options
    const instanceId = uuidv7()
    if (name !== undefined && name !== null && typeof name !== 'string')
      throw invalidField('body.name', 'must be a string')
    return tenant.transaction(async (trx) => {
      // Before the rows of the account: docs/architecture.md, "Lock order".
      await lockCredential(trx)
      // A run is created by the name of its agent type; one that was deleted meanwhile would be created again.
      const current = await queries.findLocked(trx, agent.id)
      if (!current) throw notFound('User agent')
      await instances.register(trx, {
        agentType: current.name,
        id: instanceId,
        name: name?.trim() || titleOf(fields['prompt'] ?? '') || null,
        keyId: null,
      })
      // The agent gets the prompt with the call: it counts as read, and is not handed out a second time.
      if (fields['prompt']) await messages.postPrompt(trx, instanceId, fields['prompt'])
      const key = await apiKeys.create(trx, { name: `launch ${instanceId}`, expiresInDays: KEY_DAYS, instanceId })
      await instances.entrust(trx, instanceId, key.id)
      return { instanceId, keyId: key.id, apiKey: key.api_key }
    })
  }

  async #call({ userId }: Tenant, { type }: Webhook, launch: LaunchRequest): Promise<LaunchFailure | undefined> {
    const { url, headers, body } = type.call(launch)
    try {
      const answer = await this.#options.outgoing.call({
        userId,
        purpose: 'launch',
        method: 'POST',
        url,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return refusalOf(answer)
    } catch (error) {
      if (error instanceof OutgoingError) return failureOf(error)
      throw error
    }
  }

  async #giveUp(tenant: Tenant, { instanceId, keyId }: Prepared, failure: LaunchFailure): Promise<void> {
    const { instances, apiKeys } = this.#options
    const { code, detail, remoteStatus } = failure
    await apiKeys.revoke(tenant, keyId)
    await instances.fail(tenant, instanceId, { code, detail, ...(remoteStatus ? { remote_status: remoteStatus } : {}) })
  }
}

/** @returns the values that are given and belong to no field of the type */
function othersThan(
  fields: readonly WebhookField[],
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const others = Object.entries(given).filter(([name, value]) => {
    return value !== null && !fields.some((field) => field.name === name)
  })
  return Object.fromEntries(others)
}
