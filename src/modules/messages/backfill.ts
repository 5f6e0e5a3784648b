import { allOf } from '../../../db/step.js'
import { type Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { ProblemCode } from '../../../schemas/problem.js'
import { groupBy } from '../../collections/group-by.js'
import { ProblemError } from '../../errors.js'
import { answerOpenQuestions } from '../account-log/answers.js'
import { lockChat } from '../account-log/chats.js'
import { lockAgentTypes } from '../account-log/creation.js'
import { type BackfilledMessage, backfilledMessage } from '../account-log/new-message.js'
import { normalizeAgentType } from '../agent-instances/type-name.js'
import type { Events } from '../events/events.js'
import type { AnswerCallbacks } from '../webhooks/answer-callbacks.js'
import { readChatState } from './chat-state.js'
import { appendOrCreate } from './new-chats.js'
import { listExisting, lockBackfills } from './queries.js'

export type { BackfilledMessage } from '../account-log/new-message.js'

/** What became of a message that was backfilled. */
export interface BackfillResult {
  readonly id: string
  readonly status: 'created' | 'duplicate' | 'failed'
  /** What of it was ignored, and why. */
  readonly warnings?: readonly string[]
  readonly error?: { readonly code: string; readonly detail: string }
}

/** What it takes besides the tenant. */
export interface BackfillServices {
  readonly events: Events
  readonly answerCallbacks: AnswerCallbacks
}

/**
 * Stores messages whose ids the caller has chosen. One whose id is there already is left as it is, so sending all of
 * them again is safe. The agent's read cursor and its queue stay as they are.
 *
 * @param keyId UUID of the API key that sends them
 * @returns what became of each, in the order given
 */
export async function backfill(
  tenant: Tenant,
  services: BackfillServices,
  keyId: string,
  given: readonly BackfilledMessage[],
): Promise<BackfillResult[]> {
  const results = new Map<string, BackfillResult>()
  const first = new Map(given.toReversed().map((item) => [item.id, item]))
  const chats = groupBy(
    given.filter((item) => first.get(item.id) === item),
    ({ instanceId }) => instanceId,
  )
  // Part of a larger transaction, the first chat's clock stays locked: see docs/architecture.md, "Lock order".
  if (tenant instanceof TenantTransaction && chats.size > 1) {
    const locks = [...chats.keys()].sort().map((instanceId) => lockChat({ userId: tenant.userId, instanceId }))
    const agentTypes = given.map(({ agentType }) => normalizeAgentType(agentType)).filter((type) => type !== undefined)
    await tenant.pipeline({
      backfills: lockBackfills(tenant),
      agentTypes: lockAgentTypes(tenant, agentTypes),
      chats: allOf(locks),
    })
  }
  for (const items of chats.values()) {
    for (const result of await backfillChat(tenant, services, keyId, items)) results.set(result.id, result)
  }
  return given.map((item): BackfillResult => {
    const result = results.get(item.id)
    if (!result) throw new Error(`nothing became of the message ${item.id}`)
    return first.get(item.id) === item || result.status === 'failed' ? result : { id: item.id, status: 'duplicate' }
  })
}

/** What is wrong when a run cannot be made. */
const NO_RUN: ReadonlySet<ProblemCode> = new Set(['agent_type_required', 'invalid_request', 'instance_deleted'])

async function backfillChat(
  tenant: Tenant,
  { events, answerCallbacks }: BackfillServices,
  keyId: string,
  items: readonly [BackfilledMessage, ...BackfilledMessage[]],
): Promise<BackfillResult[]> {
  const [{ instanceId }] = items
  const agentType = items.find((item) => item.agentType !== null)?.agentType ?? null
  try {
    return await tenant.transaction(async (trx) => {
      const { state } = await trx.pipeline({
        backfills: lockBackfills(trx),
        locked: lockChat({ userId: trx.userId, instanceId }),
        state: readChatState(trx, instanceId, keyId),
      })
      const sender = { keyId, speaks: state?.may_answer ?? true }
      const existing = await listExisting(
        trx,
        items.map(({ id }) => id),
      )
      const fresh = items
        .filter(({ id }) => !existing.has(id))
        .map((item) => ({ ...item, ...answerCallbacks.takeUrl(item.metadata) }))
      const [head, ...tail] = fresh.map((item) => backfilledMessage(trx, sender, item))
      if (head) {
        const calls = fresh.flatMap(({ id, url }) => (url === undefined ? [] : [{ messageId: id, url }]))
        const follow = calls.length > 0 ? [answerCallbacks.wanted(trx, calls)] : []
        const stored = await appendOrCreate(trx, [head, ...tail], agentType, { follow })
        const rows = new Map(stored.all.map((row) => [row.id, row]))
        if (items.some(({ senderType }) => senderType === 'USER')) await answerOpenQuestions(trx, instanceId)
        events.publishHint(trx)
        if (rows.size !== tail.length + 1) throw new Error('some messages were not stored')
      }
      const ignored = new Map(fresh.map((item) => [item.id, item.ignored]))
      return items.map(({ id }): BackfillResult => {
        const warning = ignored.get(id)
        const status = existing.has(id) ? 'duplicate' : 'created'
        return { id, status, ...(warning === undefined ? {} : { warnings: [warning] }) }
      })
    })
  } catch (error) {
    if (!(error instanceof ProblemError) || !NO_RUN.has(error.code)) throw error
    const reason = { code: error.code, detail: error.message }
    return items.map(({ id }) => ({ id, status: 'failed', error: reason }))
  }
}
