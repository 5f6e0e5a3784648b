import type { Static } from '@sinclair/typebox'
import { allOf } from '../../../db/step.js'
import { type Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { MessageBatch } from '../../../schemas/messages.js'
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
import { isTooLarge, metadataTooLarge } from './metadata.js'
import { appendOrCreate } from './new-chats.js'
import { listExisting, lockBackfills } from './queries.js'

/** The result for one backfilled message. */
export interface BackfillResult {
  readonly id: string
  readonly status: 'created' | 'duplicate' | 'failed'
  /** What was ignored of it, and why. */
  readonly warnings?: readonly string[]
  readonly error?: { readonly code: string; readonly detail: string }
}

/** Problems that keep a run from being created. */
const NO_RUN: ReadonlySet<ProblemCode> = new Set(['agent_type_required', 'invalid_request', 'instance_deleted'])

/** The dependencies of `Backfill`. */
export interface BackfillOptions {
  readonly events: Events
  readonly answerCallbacks: AnswerCallbacks
}

/** A message of a batch, as the contract has it. */
export type BatchItem = Static<typeof MessageBatch>['messages'][number]

/** Stores past messages, or messages that could not be sent when they were written. */
export class Backfill {
  readonly #options: BackfillOptions

  constructor(options: BackfillOptions) {
    this.#options = options
  }

  /**
   * Stores messages whose ids the caller has chosen. A message whose id exists is left as it is, so the request can be
   * repeated safely. The agent's read cursor and its queue stay as they are.
   *
   * @param keyId UUID of the API key that sends them
   * @returns the result for each, in the order given
   * @throws {ProblemError} 413 naming the first one whose metadata are too large: none is stored
   */
  async store(tenant: Tenant, keyId: string, items: readonly BatchItem[]): Promise<BackfillResult[]> {
    items.forEach(({ message_metadata: metadata = null }, index) => {
      if (isTooLarge(metadata)) throw metadataTooLarge(`body.messages.${index}.message_metadata`)
    })
    return this.#storeAll(tenant, keyId, items.map(accepted))
  }

  async #storeAll(tenant: Tenant, keyId: string, given: readonly BackfilledMessage[]): Promise<BackfillResult[]> {
    const results = new Map<string, BackfillResult>()
    const first = new Map(given.toReversed().map((item) => [item.id, item]))
    const chats = groupBy(
      given.filter((item) => first.get(item.id) === item),
      ({ instanceId }) => instanceId,
    )
    // In a larger transaction, the first chat's clock stays locked: see docs/architecture.md, "Lock order".
    if (tenant instanceof TenantTransaction && chats.size > 1) {
      const locks = [...chats.keys()].sort().map((instanceId) => lockChat({ userId: tenant.userId, instanceId }))
      const agentTypes = given
        .map(({ agentType }) => normalizeAgentType(agentType))
        .filter((type) => type !== undefined)
      await tenant.pipeline({
        backfills: lockBackfills(tenant),
        agentTypes: lockAgentTypes(tenant, agentTypes),
        chats: allOf(locks),
      })
    }
    for (const items of chats.values()) {
      for (const result of await this.#backfillChat(tenant, keyId, items)) results.set(result.id, result)
    }
    return given.map((item): BackfillResult => {
      const result = results.get(item.id)
      if (!result) throw new Error(`nothing became of the message ${item.id}`)
      return first.get(item.id) === item || result.status === 'failed' ? result : { id: item.id, status: 'duplicate' }
    })
  }

  async #backfillChat(
    tenant: Tenant,
    keyId: string,
    items: readonly [BackfilledMessage, ...BackfilledMessage[]],
  ): Promise<BackfillResult[]> {
    const { events, answerCallbacks } = this.#options
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
}

/** @returns the message with lower-case ids, as the database returns them, and the contract's defaults */
function accepted(item: BatchItem): BackfilledMessage {
  return {
    id: item.id.toLowerCase(),
    instanceId: item.agent_instance_id.toLowerCase(),
    agentType: item.agent_type ?? null,
    senderType: item.sender_type ?? 'AGENT',
    content: item.content,
    requiresUserInput: item.requires_user_input ?? false,
    metadata: item.message_metadata ?? null,
    isHistory: item.history ?? false,
  }
}
