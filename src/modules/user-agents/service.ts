import pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import { invalidField, notFound, ProblemError } from '../../errors.js'
import type { ActivityPosition, Page } from '../../paging.js'
import { normalizeAgentType } from '../agent-instances/creation.js'
import type { AgentInstances, StatusCounts } from '../agent-instances/service.js'
import { ACTIVE, ERROR } from '../agent-instances/status.js'
import type { Events } from '../events/events.js'
import * as queries from './queries.js'

/** The kinds of agents: one table, read as configuration (user agents) and as monitoring (agent types). */
export class UserAgents {
  readonly #instances: AgentInstances
  readonly #events: Events

  constructor(instances: AgentInstances, events: Events) {
    this.#instances = instances
    this.#events = events
  }

  /** One page as configuration sees it: with counts per group of statuses. */
  async list(tenant: Tenant, page: Page<ActivityPosition>) {
    const agents = await queries.list(tenant, page)
    const counts = await this.#instances.countsByType(tenant, idsOf(agents))
    return agents.map((agent) => ({
      ...configuration(agent, counts.get(agent.id)),
      last_activity_at: agent.last_activity_at,
    }))
  }

  /** One page as monitoring sees it: with the runs that deserve a look. */
  async listTypes(tenant: Tenant, page: Page<ActivityPosition>) {
    const types = await queries.list(tenant, page)
    const [counts, recent] = await Promise.all([
      this.#instances.countsByType(tenant, idsOf(types)),
      this.#instances.recentByType(tenant, idsOf(types)),
    ])
    return types.map((type) => ({
      ...type,
      ...totals(counts.get(type.id)),
      recent_instances: recent.get(type.id) ?? [],
    }))
  }

  /** How many runs there are: in all, by status, and by kind of agent. */
  async summary(tenant: Tenant) {
    const [types, counts] = await Promise.all([queries.listNames(tenant), this.#instances.countsByType(tenant)])
    const statuses = sumCounts([...counts.values()])
    return {
      ...totals(statuses),
      completed_instances: statuses.COMPLETED ?? 0,
      statuses,
      agent_types: types.map((type) => ({ ...type, ...totals(counts.get(type.id)) })),
    }
  }

  /** @throws {ProblemError} 404 */
  async get(tenant: Tenant, id: string): Promise<queries.UserAgentRow> {
    return found(await queries.find(tenant, id))
  }

  /** @throws {ProblemError} 400 when the name is taken, whatever its case */
  async create(tenant: Tenant, name: string, isActive: boolean) {
    const normalized = requireName(name)
    const agent = await queries.insert(tenant, uuidv7(), normalized, isActive)
    if (!agent) throw nameTaken(normalized)
    return configuration(agent, undefined)
  }

  /** @throws {ProblemError} 404; 400 when the name is taken */
  async update(tenant: Tenant, id: string, changes: queries.UserAgentChanges) {
    const { name, is_active } = changes
    const normalized = name === undefined ? {} : { name: requireName(name) }
    try {
      const agent = found(
        await queries.update(tenant, id, { ...normalized, ...(is_active === undefined ? {} : { is_active }) }),
      )
      return configuration(agent, (await this.#instances.countsByType(tenant, [agent.id])).get(agent.id))
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === '23505') throw nameTaken(normalized.name ?? '')
      throw error
    }
  }

  /** Deletes it with its runs and their messages. @throws {ProblemError} 404 */
  async delete(tenant: Tenant, id: string): Promise<void> {
    if (!(await queries.remove(tenant, id))) throw notFound('User agent')
    this.#events.publishLook(tenant)
  }
}

function configuration(agent: queries.UserAgentRow, counts: StatusCounts = {}) {
  return {
    ...agent,
    webhook_url: null,
    has_webhook: false,
    webhook_type: null,
    webhook_config: null,
    instance_count: sumOf(counts),
    active_instance_count: counts.ACTIVE ?? 0,
    waiting_instance_count: counts.AWAITING_INPUT ?? 0,
    completed_instance_count: counts.COMPLETED ?? 0,
    error_instance_count: sumOf(counts, ERROR),
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
  const normalized = normalizeAgentType(name)
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
