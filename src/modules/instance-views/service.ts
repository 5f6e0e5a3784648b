import type { Static } from '@sinclair/typebox'
import type { Tenant } from '../../../db/tenant.js'
import type { DetailQuery, InstanceQuery } from '../../../schemas/agent-instances.js'
import { Limits } from '../../../schemas/common.js'
import type { ActivityPosition, Page } from '../../paging.js'
import type { AgentInstances, InstanceSummary } from '../agent-instances/service.js'
import { tellDeleted } from '../agent-instances/tell-deleted.js'
import type { Messages } from '../messages/service.js'
import type { UserAgents } from '../user-agents/service.js'

/** The services of lists of runs. */
export interface InstanceListServices {
  readonly agentInstances: AgentInstances
  readonly userAgents: UserAgents
}

/** The services of a run with its chat. */
export interface InstanceDetailServices {
  readonly agentInstances: AgentInstances
  readonly messages: Messages
}

/** The filters of a list of runs. */
export type WantedInstances = Pick<Static<typeof InstanceQuery>, 'scope' | 'status' | 'agent_type_id' | 'q'>

/** @returns a page of runs, newest activity first @throws {ProblemError} 404 when there is no such agent type */
export async function listInstances(
  { agentInstances, userAgents }: InstanceListServices,
  tenant: Tenant,
  { scope, status, agent_type_id: agentTypeId, q: search }: WantedInstances,
  page: Page<ActivityPosition>,
): Promise<InstanceSummary[]> {
  // Runs cannot be shared, and deleted ones are not kept.
  if (scope === 'shared' || status === 'DELETED') return []
  if (agentTypeId) await userAgents.requireExisting(tenant, agentTypeId)
  return agentInstances.list(tenant, { status, agentTypeId, search }, page)
}

/**
 * @returns a run with a page of its chat
 * @throws {ProblemError} 404 when there is no such run; 410 to an agent whose run was deleted
 */
export async function readDetail(
  { agentInstances, messages }: InstanceDetailServices,
  tenant: Tenant,
  id: string,
  { message_limit = 50, before_message_id: before }: Static<typeof DetailQuery>,
) {
  const limit = Math.min(message_limit, Limits.page)
  const last = messages.lastPageQuery(tenant, id, before ? 0 : limit)
  const { instance, rows } = await tellDeleted(tenant, id, agentInstances.detailAnd(tenant, id, last))
  const shown = before ? await messages.page(tenant, instance.id, limit, before) : rows.reverse()
  return { ...instance, messages: shown, access_level: 'WRITE' as const, is_owner: true }
}
