import type { CompiledQuery } from 'kysely'
import { boundTo } from '../../../db/actor.js'
import { type Tenant, TenantScope } from '../../../db/tenant.js'
import { notFound, ProblemError } from '../../errors.js'
import { creationQueries, requireAgentType } from '../agent-instances/creation.js'
import { missingInstance } from '../agent-instances/deleted-instances.js'
import { appendMessages, lockChats, lockSettledChat, type NewMessage, readQueues } from './append.js'
import type { Offers } from './offers.js'
import { asQueued, findInstance } from './queries.js'

/**
 * Appends messages to one chat, which is made, with its run and the run's kind, if it is not there: all in the same
 * transaction.
 *
 * @param options.follow queries to run in that transaction, after the messages are stored
 * @param options.offers what is on its way to the agent is settled first; without it, it is not waited for
 * @returns the first message's row and those of all of them, what people wrote since the agent last read, and the new run
 * @throws {ProblemError} 400 when the run is new and `agentTypeName` is missing or no name; 410 when it was deleted; 503 inside
 *   of a transaction while the agent reads what was handed out last
 */
export async function appendOrCreate(
  tenant: Tenant,
  messages: readonly [NewMessage, ...NewMessage[]],
  agentTypeName: string | null,
  { follow = [], offers }: { readonly follow?: readonly CompiledQuery<object>[]; readonly offers?: Offers },
) {
  const [{ instanceId, senderKeyId: keyId }] = messages
  const chat = { userId: tenant.userId, instanceId }
  const lock = offers ? lockSettledChat(chat) : lockChats([chat], false)
  const append = [lock, readQueues([chat]), appendMessages(messages)] as const
  for (let isThere = true; isThere; ) {
    const [, found, appended, [run]] = await tenant.pipeline(...append, findInstance(tenant, instanceId), ...follow)
    if (appended[0]) return { appended: appended[0], all: appended, queued: found.map(asQueued) }
    isThere = run !== undefined
    if (!isThere || !offers) continue
    // Inside of a transaction, which has a connection of the database, it is not waited for as long as somebody reads.
    if (tenant instanceof TenantScope) await offers.settle(tenant, instanceId)
    else if (!(await offers.settleSoon(tenant, instanceId))) throw stillReading()
  }

  // A key that is bound to a run makes none.
  if (boundTo(tenant.actor) !== undefined) throw await missingInstance(tenant, instanceId, notFound('Agent instance'))
  const detail = 'agent_type is required: there is no agent instance with this id yet'
  const missing = new ProblemError('agent_type_required', detail)
  const agentType = await requireAgentType(tenant, instanceId, agentTypeName, missing)
  const creation = creationQueries(tenant, { id: instanceId, agentType, keyId })
  const [, [created], , waiting, stored] = await tenant.pipeline(...creation, ...append, ...follow)
  if (!stored[0]) {
    const detail = 'The agent instance could not be made just now'
    throw await missingInstance(
      tenant,
      instanceId,
      new ProblemError('unavailable', detail, { headers: { 'retry-after': '1' } }),
    )
  }
  return {
    appended: stored[0],
    all: stored,
    queued: waiting.map(asQueued),
    ...(created ? { created } : {}),
  }
}

function stillReading(): ProblemError {
  const detail = 'An answer to this agent is still being read; what comes after it is stored then'
  return new ProblemError('unavailable', detail, { headers: { 'retry-after': '1' } })
}
