import { v7 as uuidv7 } from 'uuid'
import { isUniqueViolation } from '../../../db/errors.js'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import { lockCredential } from '../../credentials/lock.js'
import { invalidField, notFound, ProblemError } from '../../errors.js'
import type { OutgoingCaller } from '../../outgoing/caller.js'
import type { ActivityPosition, Page } from '../../paging.js'
import { ACTIVE, ERROR } from '../account-log/status.js'
import type { AgentInstances, StatusCounts } from '../agent-instances/service.js'
import { acceptAgentType } from '../agent-instances/type-name.js'
import type { Events } from '../events/events.js'
import * as queries from './queries.js'
import type { WebhookTypes } from './webhooks/registry.js'
import { changeWebhook, type WebhookInput } from './webhooks/settings.js'
import type { WebhookStorage } from './webhooks/storage.js'

/** The settings of an agent type. `undefined` leaves a setting as it is. */
export interface UserAgentInput extends WebhookInput {
  readonly name?: string
  readonly is_active?: boolean
}

/** The dependencies of `UserAgents`. */
export interface UserAgentsOptions {
  readonly instances: AgentInstances
  readonly events: Events
  readonly types: WebhookTypes
  readonly storage: WebhookStorage
  readonly outgoing: OutgoingCaller
}

/** The agent types: one table, read as configuration (user agents) and as monitoring (agent types). */
export class UserAgents {
  readonly #options: UserAgentsOptions

  constructor(options: UserAgentsOptions) {
    this.#options = options
  }

  /** One page for configuration: with counts per group of statuses. */
  async list(tenant: Tenant, page: Page<ActivityPosition>) {
    const agents = await queries.list(tenant, page)
    const counts = await this.#options.instances.countsByType(tenant, idsOf(agents))
    return agents.map((agent) => ({
      ...this.#configuration(tenant, agent, counts.get(agent.id)),
      last_activity_at: agent.last_activity_at,
      bytes_so_far: agent.bytes_so_far,
    }))
  }

  /** One page for monitoring: with the runs that need attention. */
  async listTypes(tenant: Tenant, page: Page<ActivityPosition>) {
    const types = await queries.list(tenant, page)
    const [counts, recent] = await Promise.all([
      this.#options.instances.countsByType(tenant, idsOf(types)),
      this.#options.instances.recentByType(tenant, idsOf(types)),
    ])
    return types.map(({ webhook_type, webhook_config, webhook_secrets, ...type }) => ({
      ...type,
      ...totals(counts.get(type.id)),
      recent_instances: recent.get(type.id) ?? [],
    }))
  }

  /** The number of runs: in all, by status, and by agent type for the first 1,000 by name. */
  async summary(tenant: Tenant) {
    const [types, counts] = await Promise.all([queries.listNames(tenant), this.#options.instances.countsByType(tenant)])
    const statuses = sumCounts([...counts.values()])
    return {
      ...totals(statuses),
      completed_instances: statuses.COMPLETED ?? 0,
      statuses,
      agent_types: types.map((type) => ({ ...type, ...totals(counts.get(type.id)) })),
    }
  }

  /** @returns the descriptions from which forms for launching agents are made */
  webhookTypes() {
    return this.#options.types.describe()
  }

  /** @throws {ProblemError} 404 */
  async requireExisting(tenant: Tenant, id: string): Promise<void> {
    await this.getStored(tenant, id)
  }

  /** The agent type with its webhook as it is stored, sealed. @throws {ProblemError} 404 */
  async getStored(tenant: Tenant, id: string): Promise<queries.UserAgentRow> {
    return found(await queries.find(tenant, id))
  }

  /**
   * @throws {ProblemError} 400 when the name is taken, whatever its case, or the webhook is invalid; 401 when the
   *   caller's credential has ended meanwhile
   */
  async create(tenant: Tenant, input: UserAgentInput & { name: string }) {
    const name = requireName(input.name)
    const id = uuidv7()
    const webhook = changeWebhook(undefined, input, this.#options)
    const sealed = this.#options.storage.seal(tenant.userId, id, webhook)
    const agent = await tenant.transaction(async (trx) => {
      await lockCredential(trx)
      const inserted = await queries.insert(trx, { id, name, is_active: input.is_active ?? true, ...sealed })
      // Inside, so that the bytes it was counted with are rolled back.
      if (!inserted) throw nameTaken(name)
      return inserted
    })
    return this.#configuration(tenant, agent, undefined)
  }

  /** @throws {ProblemError} 404; 400 when the name is taken, or the webhook is invalid; 401 as `create` */
  async update(tenant: Tenant, id: string, { name, is_active, ...input }: UserAgentInput) {
    const changes = {
      ...(name === undefined ? {} : { name: requireName(name) }),
      ...(is_active === undefined ? {} : { is_active }),
    }
    try {
      const agent = await tenant.transaction(async (trx) => {
        await lockCredential(trx)
        const before = found(await queries.findLocked(trx, id))
        const webhook = this.#webhookChanges(tenant, before, input)
        const changed = await queries.update(trx, before.id, { ...changes, ...webhook })
        if (!changed) throw nameTaken(changes.name ?? '')
        return changed
      })
      return this.#configuration(
        tenant,
        agent,
        (await this.#options.instances.countsByType(tenant, [agent.id])).get(agent.id),
      )
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken(changes.name ?? '')
      throw error
    }
  }

  /** @returns no columns if the webhook stays as it is, so that an unreadable one is not lost either */
  #webhookChanges(
    { userId }: Tenant,
    before: queries.UserAgentRow,
    input: WebhookInput,
  ): Partial<queries.WebhookColumns> {
    const current = this.#options.storage.openWhatIsReadable(userId, before.id, before)
    const changed = changeWebhook(current, input, this.#options)
    return changed === current ? {} : this.#options.storage.seal(userId, before.id, changed)
  }

  /**
   * Removes some webhooks set up by the account's earlier holder; they are not called any more.
   *
   * @returns how many, `limit` at most
   */
  clearOthersWebhooks(tenant: Tenant, limit: number): Promise<number> {
    return queries.removeOthersWebhooks(tenant, limit)
  }

  /** Deletes it with its runs and their messages. @throws {ProblemError} 404 */
  async delete(tenant: Tenant, id: string): Promise<void> {
    if (!(await queries.remove(tenant, id))) throw notFound('User agent')
    this.#options.events.publishHint(tenant)
  }

  #configuration(tenant: Tenant, agent: queries.UserAgentRow, counts: StatusCounts = {}) {
    const { webhook_type, webhook_config, webhook_secrets, ...rest } = agent
    return {
      ...rest,
      ...this.#options.storage.show(tenant.userId, agent.id, { webhook_type, webhook_config, webhook_secrets }),
      instance_count: sumOf(counts),
      active_instance_count: counts.ACTIVE ?? 0,
      waiting_instance_count: counts.AWAITING_INPUT ?? 0,
      completed_instance_count: counts.COMPLETED ?? 0,
      error_instance_count: sumOf(counts, ERROR),
    }
  }
}

function totals(counts: StatusCounts = {}) {
  return { total_instances: sumOf(counts), active_instances: sumOf(counts, ACTIVE) }
}

function sumOf(counts: StatusCounts, statuses?: readonly AgentInstanceStatus[]): number {
  const numbers = statuses ? statuses.map((status) => counts[status] ?? 0) : Object.values(counts)
  return numbers.reduce((sum, number) => sum + number, 0)
}

function sumCounts(all: StatusCounts[]): Record<string, number> & StatusCounts {
  const sum: Record<string, number> = {}
  for (const counts of all) {
    for (const [status, count] of Object.entries(counts)) sum[status] = (sum[status] ?? 0) + count
  }
  return sum
}

function idsOf(rows: { id: string }[]): string[] {
  return rows.map(({ id }) => id)
}

function requireName(name: string): string {
  const normalized = acceptAgentType(name, 'body.name')
  if (!normalized) throw invalidField('body.name', 'must not be blank')
  return normalized
}

function nameTaken(name: string): ProblemError {
  return new ProblemError('name_taken', `There is a user agent named "${name}" already`, {
    errors: [{ path: 'body.name', message: 'is taken' }],
  })
}

function found(agent: queries.UserAgentRow | undefined): queries.UserAgentRow {
  if (!agent) throw notFound('User agent')
  return agent
}
