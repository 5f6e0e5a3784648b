import { v7 as uuidv7 } from 'uuid'
import type { Tenant } from '../../../db/tenant.js'
import { notFound, ProblemError } from '../../errors.js'
import { creationQueries, normalizeAgentType } from '../agent-instances/creation.js'
import type { Events } from '../events/events.js'
import type { AnswerCallbacks } from '../webhooks/answer-callbacks.js'
import { type GitDiff, readGitDiff } from './git-diff.js'
import * as queries from './queries.js'

export interface AgentPost {
  readonly instanceId: string
  readonly agentType: string | null
  readonly content: string
  readonly requiresUserInput: boolean
  readonly gitDiff: string | null
  readonly metadata: Record<string, unknown> | null
}

export interface Posted {
  readonly instanceId: string
  readonly messageId: string
  /** What people wrote since the agent last read. Handed out here and never again. */
  readonly queued: queries.QueuedMessage[]
  readonly warnings: string[]
}

/** What waits for an agent, or word that another process of it has read on. */
export interface Pending {
  readonly status: 'ok' | 'stale'
  readonly messages: queries.QueuedMessage[]
}

const STALE: Pending = { status: 'stale', messages: [] }

/** The chats between agents and people. Each write is one transaction, published when it is committed. */
export class Messages {
  readonly #events: Events
  readonly #answerCallbacks: AnswerCallbacks

  constructor(events: Events, answerCallbacks: AnswerCallbacks) {
    this.#events = events
    this.#answerCallbacks = answerCallbacks
  }

  /**
   * Stores an agent's step or question, hands it what people wrote since, and moves its place to the new message.
   * A run that does not exist is made, with its kind, in the same transaction.
   *
   * @throws {ProblemError} 400 when the run is new and `agentType` is missing; 413 for too large a diff
   */
  async postByAgent(tenant: Tenant, post: AgentPost): Promise<Posted> {
    const gitDiff: GitDiff | undefined = post.gitDiff === null ? undefined : readGitDiff(post.gitDiff)
    const message = {
      id: uuidv7(),
      instanceId: post.instanceId,
      content: post.content,
      senderType: 'AGENT',
      requiresUserInput: post.requiresUserInput,
      reportedByAgent: false,
      metadata: post.metadata,
    } as const
    const effects = {
      status: post.requiresUserInput ? 'AWAITING_INPUT' : 'ACTIVE',
      movesPlace: true,
      drainsQueue: true,
      gitDiff: gitDiff && 'diff' in gitDiff ? gitDiff.diff : undefined,
    } as const
    const [instanceId, queued] = await this.#appendOrCreate(tenant, message, effects, post.agentType)
    this.#events.publish(tenant, instanceId)
    return {
      instanceId,
      messageId: message.id,
      queued,
      warnings: gitDiff && 'ignored' in gitDiff ? [gitDiff.ignored] : [],
    }
  }

  async #appendOrCreate(
    tenant: Tenant,
    message: queries.NewMessage,
    effects: queries.MessageEffects,
    agentTypeName: string | null,
  ): Promise<[instanceId: string, queued: queries.QueuedMessage[]]> {
    const locked = queries.lockForAppend(tenant, message.instanceId).compile()
    const queue = queries.queue(tenant, message.instanceId).compile()
    const append = queries.append(tenant, message, effects)
    const [found, queued] = await tenant.pipeline(locked, queue, ...append)
    if (found[0]) return [found[0].id, queued]

    const agentType = normalizeAgentType(agentTypeName)
    if (!agentType) {
      throw new ProblemError(
        'agent_type_required',
        'agent_type is required: there is no agent instance with this id yet',
      )
    }
    const creation = creationQueries(tenant, { id: message.instanceId, agentType })
    const [, , made, waiting] = await tenant.pipeline(...creation, locked, queue, ...append)
    // Made by somebody else and deleted again, all within this moment: the agent will try again.
    if (!made[0])
      throw new ProblemError('unavailable', 'The agent instance was deleted just now', {
        headers: { 'retry-after': '1' },
      })
    return [made[0].id, waiting]
  }

  /**
   * What people wrote after the message that the agent read last. With that message's id it is taken, exactly once;
   * without, the caller only looks.
   *
   * @throws {ProblemError} 400 when there is no such run
   */
  async pending(tenant: Tenant, instanceId: string, lastReadId: string | undefined): Promise<Pending> {
    const seen = await queries.look(tenant, instanceId)
    if (!seen) throw instanceNotFound()
    if (lastReadId === undefined) return { status: 'ok', messages: seen.messages }
    const place = lastReadId.toLowerCase()
    if (seen.place !== place) return STALE
    if (seen.messages.length === 0) return { status: 'ok', messages: [] }
    return tenant.transaction(async (trx) => {
      const current = await queries.lock(trx, instanceId).executeTakeFirst()
      if (current?.last_read_message_id !== place) return STALE
      return { status: 'ok', messages: await queries.takeQueue(trx, instanceId) }
    })
  }

  /**
   * Turns a step into a question. What people wrote since is handed out with it, if the agent has not read on.
   *
   * @throws {ProblemError} 404 when it is not an agent's message; 400 when it is a question already
   */
  async requestInput(tenant: Tenant, messageId: string): Promise<Pending & { instanceId: string; messageId: string }> {
    const id = messageId.toLowerCase()
    const result = await tenant.transaction(async (trx) => {
      const message = await queries.findAgentMessageLocked(trx, id)
      if (!message) throw notFound('Agent message')
      if (message.requires_user_input) {
        throw new ProblemError('already_requires_input', 'The message asks for input already')
      }
      const instanceId = message.agent_instance_id
      const current = message.last_read_message_id === id
      const messages = current ? await queries.takeQueue(trx, instanceId) : []
      await queries.requireInput(trx, instanceId, id, messages.length === 0)
      return { status: current ? ('ok' as const) : ('stale' as const), messages, instanceId, messageId: id }
    })
    this.#events.publish(tenant, result.instanceId)
    return result
  }

  /**
   * Stores a person's words that came to the agent by another way, such as a terminal.
   *
   * @param markAsRead the agent knows them: its place moves there, and they are not handed to it again
   * @returns the new message's id
   * @throws {ProblemError} 400 when there is no such run
   */
  async reportByAgent(tenant: Tenant, instanceId: string, content: string, markAsRead: boolean): Promise<string> {
    const message = this.#fromPerson(instanceId, content, markAsRead)
    const effects = { status: 'ACTIVE', movesPlace: markAsRead, drainsQueue: false } as const
    const [, inserted] = await tenant.pipeline(...queries.append(tenant, message, effects))
    if (inserted.length === 0) throw instanceNotFound()
    this.#events.publish(tenant, instanceId)
    return message.id
  }

  /** Stores a person's message; the agent gets it next. @throws {ProblemError} 404 when there is no such run */
  async postByUser(tenant: Tenant, instanceId: string, content: string): Promise<queries.ReadableMessage> {
    const message = this.#fromPerson(instanceId, content, false)
    const effects = { status: 'ACTIVE', movesPlace: false, drainsQueue: false } as const
    const [advance, insert] = queries.append(tenant, message, effects)
    const readable = queries.findReadable(tenant, message.id)
    const callback = this.#answerCallbacks.query(tenant, instanceId, message.id)
    const [, , stored, callbacks] = await tenant.pipeline(advance, insert, readable, callback)
    if (!stored[0]) throw notFound('Agent instance')
    this.#answerCallbacks.send(tenant, callbacks)
    this.#events.publish(tenant, instanceId)
    return stored[0]
  }

  /**
   * @param limit how many messages at most; 0 gives none
   * @returns the last messages of a chat, or the last before `beforeId`; oldest first
   * @throws {ProblemError} 404 when `beforeId` is not in this chat
   */
  async page(tenant: Tenant, instanceId: string, limit: number, beforeId?: string): Promise<queries.ReadableMessage[]> {
    if (limit === 0) return []
    const messages = await queries.page(tenant, instanceId, limit, beforeId)
    if (messages.length === 0 && beforeId !== undefined && !(await queries.exists(tenant, instanceId, beforeId))) {
      throw notFound('Message')
    }
    return messages
  }

  #fromPerson(instanceId: string, content: string, reportedByAgent: boolean): queries.NewMessage {
    return {
      id: uuidv7(),
      instanceId,
      content,
      senderType: 'USER',
      requiresUserInput: false,
      reportedByAgent,
      metadata: null,
    }
  }
}

/** What legacy clients know for a run that does not exist: they would take a 404 for a wrong address. */
function instanceNotFound(): ProblemError {
  return new ProblemError('instance_not_found', 'Agent instance not found')
}
