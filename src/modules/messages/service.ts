import { boundTo } from '../../../db/actor.js'
import type { Database } from '../../../db/client.js'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { type Tenant, TenantScope, type TenantTransaction } from '../../../db/tenant.js'
import { Limits } from '../../../schemas/common.js'
import { notFound, ProblemError } from '../../errors.js'
import { newId } from '../../ids.js'
import { type CreatedInstance, creationChange } from '../agent-instances/creation.js'
import { missingInstance } from '../agent-instances/deleted-instances.js'
import type { AgentInstances } from '../agent-instances/service.js'
import { isFinal } from '../agent-instances/status.js'
import type { Change } from '../events/changes.js'
import type { Events } from '../events/events.js'
import type { LongPolls } from '../events/long-polls.js'
import { SharedQueries } from '../events/shared-queries.js'
import type { AnswerCallbacks } from '../webhooks/answer-callbacks.js'
import { appendMessages, blankMessage, lockChats, type NewMessage, type QueuedMessage } from './append.js'
import { changesOf, isByPerson, isEnd, isMessage } from './changes.js'
import { type ChatState, readChatState } from './chat-state.js'
import * as claims from './claims.js'
import { type AgentAppended, Combiner } from './combiner.js'
import { readGitDiff } from './git-diff.js'
import { METADATA_IGNORED, metadataBytes } from './metadata.js'
import { appendOrCreate } from './new-chats.js'
import type { Offers } from './offers.js'
import { type Collected, NOTHING, type Pending, type Poller, SharedQueue, STALE } from './pending.js'
import * as queries from './queries.js'
import { answerQuestion } from './question-queries.js'
import { QUEUE, SMALL_QUEUE } from './queue.js'

/** A message that an agent posts. An `agentType` is needed where the run is new. */
export interface AgentPost {
  readonly instanceId: string
  readonly agentType: string | null
  readonly content: string
  readonly requiresUserInput: boolean
  readonly gitDiff: string | null
  readonly metadata: Record<string, unknown> | null
  /** UUID of the API key that posts. */
  readonly keyId: string
  /** What is handed out with it may not arrive: it is on its way until somebody says what became of it. */
  readonly offersQueue?: boolean
}

/** A message that was stored for an agent. */
export interface Posted {
  readonly instanceId: string
  readonly messageId: string
  /** How many steps the run has now. */
  readonly stepCount: number
  readonly instanceStatus: AgentInstanceStatus
  /** What people wrote since the agent last read, or the beginning of it. Handed out here and never again. */
  readonly queued: QueuedMessage[]
  readonly warnings: string[]
}

/** How long to wait for a message, and for whom. */
export interface WaitOptions {
  readonly seconds: number
  /** The API key that waits, and with which of its secrets: when that ends, nothing is handed out to it. */
  readonly keyId: string
  readonly secretHash: string
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal
}

/** How somebody polls. */
export interface PollOptions extends WaitOptions {
  /** What is handed out stays in the queue until the agent goes on from there, or posts. */
  readonly confirms?: boolean
}

/** A run, and who looks at it. */
interface InstanceAccess {
  readonly tenant: Tenant
  readonly instanceId: string
}

/** A person's words, as an agent knows them. */
export interface Report {
  readonly instanceId: string
  readonly content: string
  /** The agent has them from elsewhere: the read cursor moves there, and they are not handed to it. */
  readonly markAsRead: boolean
  /** UUID of the API key that reports them. */
  readonly keyId: string
}

/** What became of a person's words that an agent reported. */
export interface Reported {
  readonly messageId: string
  /** They are not handed to the agent. */
  readonly markedAsRead: boolean
  readonly warnings: string[]
}

const NOT_HANDED_OUT =
  'The message was not passed on to the agent: this API key has not posted to the run before the question that is open'

interface Stored extends AgentAppended {
  readonly created?: CreatedInstance
}

/** What `Messages` works with. */
export interface MessagesOptions {
  readonly database: Database
  readonly events: Events
  readonly longPolls: LongPolls
  readonly agentInstances: AgentInstances
  readonly answerCallbacks: AnswerCallbacks
  readonly offers: Offers
}

/** The chats between agents and people. Each write is one transaction, published when it is committed. */
export class Messages {
  readonly #agentInstances: AgentInstances
  readonly #events: Events
  readonly #longPolls: LongPolls
  readonly #answerCallbacks: AnswerCallbacks
  readonly #offers: Offers
  readonly #combiner: Combiner<Stored>
  readonly #sharedQueues = new SharedQueries<InstanceAccess, SharedQueue>(([{ tenant, instanceId }]) =>
    this.#findQueue(tenant, instanceId),
  )

  constructor({ database, events, longPolls, agentInstances, answerCallbacks, offers }: MessagesOptions) {
    this.#agentInstances = agentInstances
    this.#events = events
    this.#longPolls = longPolls
    this.#answerCallbacks = answerCallbacks
    this.#offers = offers
    this.#combiner = new Combiner(database)
  }

  /**
   * Stores an agent's step or question, hands it what people wrote since, and moves its read cursor to the new message.
   * A run that does not exist is made, with its kind, in the same transaction.
   *
   * @throws {ProblemError} 400 when the run is new and `agentType` is missing; 410 when it was deleted; 413 for too large a
   *   diff
   */
  async postByAgent(tenant: Tenant, post: AgentPost): Promise<Posted> {
    const gitDiff = post.gitDiff === null ? undefined : readGitDiff(post.gitDiff)
    const { metadata, url, ignored } = this.#answerCallbacks.takeUrl(post.metadata)
    const metadataSize = metadataBytes(metadata)
    const dropsMetadata = metadataSize > Limits.metadata
    const message: NewMessage = {
      ...blankMessage(tenant, post.instanceId),
      content: post.content,
      senderType: 'AGENT',
      senderKeyId: post.keyId,
      requiresUserInput: post.requiresUserInput,
      metadata: dropsMetadata ? null : metadata,
      movesReadCursor: true,
      drainsQueue: true,
      offersQueue: post.offersQueue ?? false,
      gitDiff: gitDiff?.diff,
    }
    const wanted = url === undefined ? [] : [this.#answerCallbacks.wanted(tenant, [{ messageId: message.id, url }])]
    const alone = () => appendOrCreate(tenant, [message], post.agentType, { follow: wanted, offers: this.#offers })
    // What is part of a larger transaction stays there, and so does what stores more than the message; a key that is bound
    // to a run keeps its narrower scope.
    const combines = tenant instanceof TenantScope && boundTo(tenant.actor) === undefined && url === undefined
    const bytes =
      Buffer.byteLength(message.content) + Buffer.byteLength(gitDiff?.diff ?? '') + (dropsMetadata ? 0 : metadataSize)
    const stored: Stored = await (combines ? this.#combiner.append(message, bytes, alone) : alone())
    this.#events.publish(tenant, [
      ...(stored.created ? [creationChange(stored.created)] : []),
      ...changesOf(message, stored.appended),
    ])
    return {
      instanceId: message.instanceId,
      messageId: message.id,
      stepCount: stored.appended.step_count,
      instanceStatus: stored.appended.instance_status,
      queued: stored.queued,
      warnings: [
        ...(gitDiff?.warnings ?? []),
        ...(ignored === undefined ? [] : [ignored]),
        ...(dropsMetadata ? [METADATA_IGNORED] : []),
      ],
    }
  }

  /**
   * What people wrote after the message that the agent read last. With that message's id it is taken, exactly once;
   * without, the caller only looks. Either shows that the agent is alive. What is taken comes with its handoff: if that is
   * lost, it is not taken. What is to be confirmed is not taken: it is the same key's until the agent goes on.
   *
   * @param options its signal is aborted when the caller has gone: then nothing is taken
   * @throws {ProblemError} 400 when there is no such run; 410 when it was deleted
   */
  async pending(
    tenant: Tenant,
    instanceId: string,
    lastReadId: string | undefined,
    options: Omit<PollOptions, 'seconds' | 'secretHash'>,
  ): Promise<Collected> {
    const poller = { readCursor: lastReadId?.toLowerCase(), keyId: options.keyId }
    const run = { tenant, instanceId }
    const queue = await this.#findSettledQueue(poller, run, () => this.#findQueue(tenant, instanceId))
    return collect(queue, handOut(queue, run, poller, { ...options, turn: null }))
  }

  /**
   * As `pending`, but waits for a message while there is none and the run has not ended for good. All who wait at a run look
   * together.
   *
   * @throws {ProblemError} as `pending`; 401 when the key is revoked meanwhile; 429 when too many wait
   */
  async awaitPending(
    tenant: Tenant,
    instanceId: string,
    lastReadId: string | undefined,
    options: PollOptions,
  ): Promise<Collected> {
    const { seconds, signal, keyId } = options
    if (seconds === 0 || signal.aborted) return this.pending(tenant, instanceId, lastReadId, options)
    let heard: AgentInstanceStatus | undefined
    const concerns = (change: Change) => {
      if (change.kind === 'status_changed') heard = change.status
      // What the agent itself writes moves its read cursor: who waits at the one before waits in vain.
      return isEnd(change) || (lastReadId === undefined ? isByPerson(change) : isMessage(change))
    }
    const poller = { readCursor: lastReadId?.toLowerCase(), keyId }
    const run = { tenant, instanceId: instanceId.toLowerCase() }
    const longPoll = await this.#longPolls.open(tenant, instanceId, { ...options, concerns })
    const hangUp = this.#agentInstances.noteWaiting(tenant, instanceId)
    let turn: number | null = null
    try {
      for (;;) {
        heard = undefined
        const queue = await this.#findSettledQueue(poller, run, () => this.#sharedQueues.join(nameOf(run), run))
        const nothing = () => ({ ...NOTHING, instance_status: heard ?? queue.status })
        if (signal.aborted) return nothing()
        if (queue.hasAnswerFor(poller)) {
          await longPoll.requireValidKey()
          return await collect(queue, handOut(queue, run, poller, { ...options, turn }))
        }
        if (options.confirms && poller.readCursor !== undefined && turn === null) {
          const claimant = { readCursor: poller.readCursor, keyId, turn, waits: true }
          const claimed: claims.Claimed | undefined = await claims.claim(tenant, instanceId, claimant)
          if (!claimed || claimed.messages.length > 0) return await collect(queue, Promise.resolve(asPending(claimed)))
          turn = claimed.turn
        }
        if (await longPoll.next()) continue
        if (!signal.aborted) await longPoll.requireValidKey()
        return nothing()
      }
    } finally {
      hangUp()
      longPoll.close()
    }
  }

  /** Finds the queue, once it is known what became of what was handed out last, as far as that matters to the poller. */
  async #findSettledQueue(poller: Poller, { tenant, instanceId }: InstanceAccess, find: () => Promise<SharedQueue>) {
    const { readCursor } = poller
    const queue = await find()
    if (readCursor !== undefined && queue.wasClaimedUpTo(poller)) {
      await claims.confirm(tenant, instanceId, readCursor)
      return find()
    }
    if (queue.isOfferedFrom(poller)) {
      // Who only looks takes nothing: it stays whoever's it is.
      if (readCursor === undefined) await this.#offers.settleSoon(tenant, instanceId)
      else await this.#offers.settle(tenant, instanceId)
      return find()
    }
    if (readCursor !== undefined && queue.wasOfferedTo(poller))
      await this.#offers.noteArrivalAt(tenant, instanceId, readCursor)
    return queue
  }

  /** @throws {ProblemError} 400 when there is no such run; 410 when it was deleted */
  async #findQueue(tenant: Tenant, instanceId: string): Promise<SharedQueue> {
    const found = await queries.findQueue(tenant, instanceId)
    if (!found) throw await missingInstance(tenant, instanceId, instanceNotFound())
    const woken = found.seemedSilent ? await this.#agentInstances.noteCall(tenant, instanceId) : undefined
    return new SharedQueue(instanceId, { ...found, status: woken ?? found.status }, this.#offers)
  }

  /**
   * Turns a step into a question. What people wrote since is handed out with it, if the agent has not read on; it comes with
   * its handoff, as in `pending`.
   *
   * @throws {ProblemError} 404 when it is not an agent's message; 400 when it is a question already
   */
  async requestInput(tenant: Tenant, messageId: string): Promise<Pending & { instanceId: string; messageId: string }> {
    const id = messageId.toLowerCase()
    for (;;) {
      const { instanceId, handedOut } = await tenant.transaction((trx) => this.#turnIntoQuestion(trx, id))
      if (!handedOut) {
        await this.#offers.settle(tenant, instanceId)
        continue
      }
      const { offerId, status, messages } = handedOut
      const last = messages.at(-1)
      const offer = last && { instanceId, id: offerId, lastId: last.id, readCursor: last.id }
      const handoff = offer && this.#offers.handoffOf(tenant, offer)
      return { status, messages, instanceId, messageId: id, ...(handoff ? { handoff } : {}) }
    }
  }

  /** @returns nothing handed out, and nothing done, if something is on its way that would wait again if it is lost */
  async #turnIntoQuestion(trx: TenantTransaction, id: string) {
    const message = await queries.findAgentMessageLocked(trx, id)
    if (!message) throw notFound('Agent message')
    if (message.requires_user_input) {
      // The published wrappers look for these words, and ask with a new message then.
      throw new ProblemError('already_requires_input', 'The message already requires user input')
    }
    const instanceId = message.agent_instance_id
    const isCurrent = message.last_read_message_id === id
    // As a post does, it confirms what a key was given.
    const given = message.claimed_up_to
    if (message.offered_message_id !== null) {
      const isOfferedFrom = message.offered_from_message_id === id && (!isCurrent || given !== null)
      if (isOfferedFrom) return { instanceId }
      await this.#offers.noteArrivalAt(trx, instanceId, id)
    }
    if (isCurrent && given !== null) await claims.confirm(trx, instanceId, given)
    const offerId = newId()
    const taking = { offerId, keyId: null, from: id }
    const messages = (isCurrent && (await queries.take(trx, instanceId, given ?? id, taking))) || []
    await queries.requireInput(trx, instanceId, id, messages.length === 0)
    this.#events.publishHint(trx)
    const status = isCurrent ? ('ok' as const) : ('stale' as const)
    return { instanceId, handedOut: { offerId, status, messages } }
  }

  /**
   * Stores a person's words that came to an agent by another way, such as a terminal. They answer a question if the key
   * asked it, or had posted to the run before. Else they are part of the chat, and the run stays as it is.
   *
   * @throws {ProblemError} 400 when there is no such run; 409 when too much waits for the agent; 410 when it was deleted
   */
  async reportByAgent(tenant: Tenant, { instanceId, content, markAsRead, keyId }: Report): Promise<Reported> {
    const stored = await this.#storeUserMessage(tenant, instanceId, keyId, (state) => ({
      content,
      senderKeyId: keyId,
      reportedByAgent: true,
      forAgent: state.may_answer && !markAsRead,
      isAside: !state.may_answer,
      movesReadCursor: state.has_posted && markAsRead,
    }))
    if (!stored) throw await missingInstance(tenant, instanceId, instanceNotFound())
    const { id: messageId, forAgent } = stored.message
    return {
      messageId,
      markedAsRead: !forAgent,
      warnings: forAgent || markAsRead ? [] : [NOT_HANDED_OUT],
    }
  }

  /**
   * Stores a person's message; the agent gets it next.
   *
   * @throws {ProblemError} 404 when there is no such run; 409 when too much waits for the agent
   */
  async postByUser(tenant: Tenant, instanceId: string, content: string): Promise<queries.ReadableMessage> {
    const stored = await this.#storeUserMessage(tenant, instanceId, null, () => ({ content, forAgent: true }))
    if (!stored) throw notFound('Agent instance')
    return stored.readable
  }

  /** Stores what a person launches a run with. The agent has it already. @throws {ProblemError} 404 when there is no such run */
  async postPrompt(tenant: Tenant, instanceId: string, content: string): Promise<void> {
    const stored = await this.#storeUserMessage(tenant, instanceId, null, () => ({ content, movesReadCursor: true }))
    if (!stored) throw notFound('Agent instance')
  }

  /**
   * Stores a person's message. If it may, it answers the latest open question, and those are called who wait for it.
   *
   * @param keyId UUID of the API key that reports it; null for the person
   * @param describe says what the message is, when it is known how things stand; the chat is locked then
   * @returns it, also as people see it; undefined when there is no such run
   */
  async #storeUserMessage(
    tenant: Tenant,
    instanceId: string,
    keyId: string | null,
    describe: (state: ChatState) => Pick<NewMessage, 'content'> & Partial<NewMessage>,
  ): Promise<{ message: NewMessage; readable: queries.ReadableMessage } | undefined> {
    return tenant.transaction(async (trx) => {
      const blank = blankMessage(trx, instanceId)
      const [, [state]] = await trx.pipeline(lockChats([blank], false), readChatState(trx, blank.instanceId, keyId))
      if (!state) return undefined
      const message: NewMessage = { ...blank, ...describe(state) }
      if (message.forAgent) await requireQueueRoom(trx, message, state)
      const prompt = await this.#findPrompt(trx, message, state)
      if (prompt) return { message: { ...message, id: prompt.id }, readable: prompt }
      const [, [appended], [readable], calls] = await trx.pipeline(
        answerQuestion(trx, message.instanceId, state.may_answer ? state.question_seq : null),
        appendMessages([message]),
        queries.findReadable(trx, message.id),
        this.#answerCallbacks.query(trx, message.instanceId, message.id),
      )
      if (!appended || !readable) throw new Error(`the run ${instanceId} was not locked`)
      this.#events.publish(trx, changesOf(message, appended, readable))
      this.#answerCallbacks.send(trx, calls)
      return { message, readable }
    })
  }

  /**
   * Clients that are launched with a prompt report it by themselves: the chat has it already. Words that answer a question
   * are an answer, whatever they are.
   *
   * @returns the prompt that the run was launched with, if that is what an agent reports for the first time
   */
  async #findPrompt(
    trx: TenantTransaction,
    message: NewMessage,
    { prompt_id, question_seq, may_answer, status }: ChatState,
  ): Promise<queries.ReadableMessage | undefined> {
    if (prompt_id === null || (question_seq !== null && may_answer)) return undefined
    if (!(await queries.claimPrompt(trx, message, prompt_id))) return undefined
    await this.#agentInstances.noteCall(trx, message.instanceId)
    // As any words of a person do that are reported by somebody who speaks for the run.
    if (!message.isAside && status !== 'ACTIVE' && !isFinal(status)) {
      await this.#agentInstances.setStatus(trx, message.instanceId, 'ACTIVE')
    }
    const [[prompt]] = await trx.pipeline(queries.findReadable(trx, prompt_id))
    return prompt
  }

  /** @returns the query for the last messages of a chat, newest first, for those who send it with another one */
  lastPageQuery(tenant: Tenant, instanceId: string, limit: number) {
    return queries.lastPage(tenant, instanceId, limit)
  }

  /**
   * @param limit how many messages at most; 0 gives none
   * @param beforeId ignored when it is not in this chat
   * @returns the last messages of a chat, or the last before `beforeId`; oldest first
   */
  async page(tenant: Tenant, instanceId: string, limit: number, beforeId?: string): Promise<queries.ReadableMessage[]> {
    if (limit === 0) return []
    const messages = await queries.page(tenant, instanceId, limit, beforeId)
    if (messages.length > 0 || beforeId === undefined || (await queries.exists(tenant, instanceId, beforeId))) {
      return messages
    }
    return queries.page(tenant, instanceId, limit)
  }
}

async function collect({ status }: SharedQueue, handedOut: Promise<Pending>): Promise<Collected> {
  return { ...(await handedOut), instance_status: status }
}

/** Takes what waits for somebody who polls; or only gives it, where that is to be confirmed. */
async function handOut(
  queue: SharedQueue,
  { tenant, instanceId }: InstanceAccess,
  poller: Poller,
  { signal, confirms, turn }: Pick<PollOptions, 'signal' | 'confirms'> & { readonly turn: number | null },
): Promise<Pending> {
  const { readCursor, keyId } = poller
  if (!confirms || readCursor === undefined || !queue.hasMessagesFor(poller))
    return queue.handOut(tenant, poller, signal)
  return asPending(await claims.claim(tenant, instanceId, { readCursor, keyId, turn, waits: false }))
}

function asPending(claimed: claims.Claimed | undefined): Pending {
  return claimed ? { status: 'ok', messages: claimed.messages } : STALE
}

/** Those who may see less share no query with those who may see more. */
function nameOf({ tenant, instanceId }: InstanceAccess): string {
  return `${tenant.userId}:${instanceId}:${boundTo(tenant.actor) !== undefined}`
}

/** Sees to it that one more message can wait for the agent. @throws {ProblemError} 409 when too much waits already */
async function requireQueueRoom(trx: TenantTransaction, message: NewMessage, state: ChatState): Promise<void> {
  const bytes = state.waiting_bytes + Buffer.byteLength(message.content)
  if (state.waiting >= QUEUE.messages || bytes > QUEUE.bytes) {
    throw new ProblemError('queue_full', 'The agent has not read what was written to it; as much as may wait does')
  }
  if (bytes > SMALL_QUEUE) await queries.noteLargeQueue(trx, message.instanceId)
}

/** What legacy clients know for a run that does not exist: they would take a 404 for a wrong address. */
function instanceNotFound(): ProblemError {
  return new ProblemError('instance_not_found', 'Agent instance not found')
}
