import { boundTo } from '../../../db/actor.js'
import { allOf, type Step } from '../../../db/step.js'
import { type Tenant, TenantScope } from '../../../db/tenant.js'
import { notFound, ProblemError } from '../../errors.js'
import { appendMessages } from '../account-log/append.js'
import { lockChat, lockSettledChat } from '../account-log/chats.js'
import { createInstance } from '../account-log/creation.js'
import { missingInstance } from '../account-log/deleted-instances.js'
import type { NewMessage } from '../account-log/new-message.js'
import { readQueue } from '../account-log/queue.js'
import { requireAgentType } from '../agent-instances/type-name.js'
import type { Offers } from './offers.js'
import { hasInstance } from './queries.js'

/**
 * Appends messages to one chat, which is created, with its run and the run's agent type, if it does not exist: all in
 * the same transaction.
 *
 * @param options.follow steps to run in that transaction, after the messages are stored
 * @param options.offers settles what is on its way to the agent first; without it, that is not waited for
 * @returns the first message's row and those of all of them, what people wrote since the agent last read, and the new
 *   run
 * @throws {ProblemError} 400 when the run is new and `agentTypeName` is missing or invalid; 410 when it was deleted;
 *   503 inside of a transaction while the agent reads what was handed out last
 */
export async function appendOrCreate(
  tenant: Tenant,
  messages: readonly [NewMessage, ...NewMessage[]],
  agentTypeName: string | null,
  { follow = [], offers }: { readonly follow?: readonly Step<unknown>[]; readonly offers?: Offers },
) {
  const [{ instanceId, senderKeyId: keyId }] = messages
  const chat = { userId: tenant.userId, instanceId }
  const append = {
    locked: offers ? lockSettledChat(chat) : lockChat(chat),
    queued: readQueue(chat),
    all: appendMessages(messages),
  }
  for (let isThere = true; isThere; ) {
    const { queued, all, exists } = await tenant.pipeline({
      ...append,
      exists: hasInstance(tenant, instanceId),
      followed: allOf(follow),
    })
    if (all[0]) return { appended: all[0], all, queued }
    isThere = exists
    if (!isThere || !offers) continue
    // A transaction holds a connection of the database: it does not wait for an agent that is still reading.
    if (tenant instanceof TenantScope) await offers.settle(tenant, instanceId)
    else if (!(await offers.settleSoon(tenant, instanceId))) throw stillReading()
  }

  // A key that is bound to a run creates none.
  if (boundTo(tenant.actor) !== undefined) throw await missingInstance(tenant, instanceId, notFound('Agent instance'))
  const detail = 'agent_type is required: there is no agent instance with this id yet'
  const missing = new ProblemError('agent_type_required', detail)
  const agentType = await requireAgentType(tenant, instanceId, agentTypeName, missing)
  const { created, queued, all } = await tenant.pipeline({
    created: createInstance(tenant, { id: instanceId, agentType, keyId }),
    ...append,
    followed: allOf(follow),
  })
  if (!all[0]) {
    const detail = 'The agent instance could not be made just now'
    throw await missingInstance(
      tenant,
      instanceId,
      new ProblemError('unavailable', detail, { headers: { 'retry-after': '1' } }),
    )
  }
  return { appended: all[0], all, queued, ...(created ? { created } : {}) }
}

function stillReading(): ProblemError {
  const detail = 'An answer to this agent is still being read; what comes after it is stored then'
  return new ProblemError('unavailable', detail, { headers: { 'retry-after': '1' } })
}
