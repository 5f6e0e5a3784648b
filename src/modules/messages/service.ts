import type { Database } from '../../../db/client.js'
import { type Tenant, TenantScope } from '../../../db/tenant.js'
import { notFound, ProblemError } from '../../errors.js'
import { type CreatedInstance, creationChange } from '../agent-instances/creation.js'
import type { AgentInstances } from '../agent-instances/service.js'
import type { Change } from '../events/changes.js'
import type { Events } from '../events/events.js'
import { SharedLooks } from '../events/shared-looks.js'
import type { WakeUps } from '../events/wake-ups.js'
import { type AnswerCallbacks, takeCallbackUrl } from '../webhooks/answer-callbacks.js'
import { appendMessages, blankMessage, lockChats, type NewMessage, type QueuedMessage } from './append.js'
import { changesOf, isByPerson, isMessage } from './changes.js'
import { type AgentAppended, Combiner } from './combiner.js'
import { type GitDiff, readGitDiff } from './git-diff.js'
import { appendOrCreate } from './new-chats.js'
import { NOTHING, type Pending, SharedQueue } from './pending.js'
import * as queries from './queries.js'
import { answerLatestQuestion } from './question-queries.js'

export interface AgentPost {
  readonly instanceId: string
  readonly agentType: string | null
  readonly content: string
  readonly requiresUserInput: boolean
  readonly gitDiff: string | null
  readonly metadata: Record<string, unknown> | null
  /** What is handed out with it may not arrive: it is on its way until somebody says what became of it. */
  readonly offersQueue?: boolean
}

export interface Posted {
  readonly instanceId: string
  readonly messageId: string
  /** How many steps the run has now. */
  readonly stepCount: number
  /** What people wrote since the agent last read. Handed out here and never again. */
  readonly queued: QueuedMessage[]
  readonly warnings: string[]
}

/** How long to wait for a message, and for whom. */
export interface Patience {
  readonly seconds: number
  /** The API key that waits, and with which of its secrets: when that ends, nothing is handed out to it. */
  readonly keyId: string
  readonly secretHash: string
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal
}

/** A run, and who looks at it. */
interface Run {
  readonly tenant: Tenant
  readonly instanceId: string
}

interface Stored extends AgentAppended {
  readonly created?: CreatedInstance
}

export interface MessagesOptions {
  readonly database: Database
  readonly events: Events
  readonly wakeUps: WakeUps
  readonly agentInstances: AgentInstances
  readonly answerCallbacks: AnswerCallbacks
}

/** The chats between agents and people. Each write is one transaction, published when it is committed. */
export class Messages {
  readonly #agentInstances: AgentInstances
  readonly #events: Events
  readonly #wakeUps: WakeUps
  readonly #answerCallbacks: AnswerCallbacks
  readonly #combiner: Combiner<Stored>
  readonly #looks = new SharedLooks<Run, SharedQueue>(([{ tenant, instanceId }]) => this.#look(tenant, instanceId))

  constructor({ database, events, wakeUps, agentInstances, answerCallbacks }: MessagesOptions) {
    this.#agentInstances = agentInstances
    this.#events = events
    this.#wakeUps = wakeUps
    this.#answerCallbacks = answerCallbacks
    this.#combiner = new Combiner(database)
  }

  /**
   * Stores an agent's step or question, hands it what people wrote since, and moves its place to the new message.
   * A run that does not exist is made, with its kind, in the same transaction.
   *
   * @throws {ProblemError} 400 when the run is new and `agentType` is missing; 413 for too large a diff
   */
  async postByAgent(tenant: Tenant, post: AgentPost): Promise<Posted> {
    const gitDiff: GitDiff | undefined = post.gitDiff === null ? undefined : readGitDiff(post.gitDiff)
    const { metadata, url, ignored } = takeCallbackUrl(post.metadata)
    const message: NewMessage = {
      ...blankMessage(tenant, post.instanceId),
      content: post.content,
      senderType: 'AGENT',
      requiresUserInput: post.requiresUserInput,
      metadata,
      movesPlace: true,
      drainsQueue: true,
      offersQueue: post.offersQueue ?? false,
      gitDiff: gitDiff && 'diff' in gitDiff ? gitDiff.diff : undefined,
    }
    const wanted = url === undefined ? [] : [this.#answerCallbacks.wanted(tenant, [{ messageId: message.id, url }])]
    const alone = () => appendOrCreate(tenant, [message], post.agentType, wanted)
    // What is part of a larger transaction stays there, and so does what stores more than the message; a key that is bound
    // to a run keeps its narrower scope.
    const combines = tenant instanceof TenantScope && tenant.instanceId === undefined && url === undefined
    const stored: Stored = await (combines ? this.#combiner.append(message, alone) : alone())
    this.#events.publish(tenant, [
      ...(stored.created ? [creationChange(stored.created)] : []),
      ...changesOf(message, stored.appended),
    ])
    return {
      instanceId: message.instanceId,
      messageId: message.id,
      stepCount: stored.appended.step_count,
      queued: stored.queued,
      warnings: [
        ...(gitDiff && 'ignored' in gitDiff ? [gitDiff.ignored] : []),
        ...(ignored === undefined ? [] : [ignored]),
      ],
    }
  }

  /**
   * What people wrote after the message that the agent read last. With that message's id it is taken, exactly once;
   * without, the caller only looks. Either shows that the agent is alive.
   *
   * @param signal aborted when the caller has gone: then nothing is taken
   * @throws {ProblemError} 400 when there is no such run
   */
  async pending(
    tenant: Tenant,
    instanceId: string,
    lastReadId: string | undefined,
    signal: AbortSignal,
  ): Promise<Pending> {
    const queue = await this.#look(tenant, instanceId)
    return queue.handOut(tenant, lastReadId?.toLowerCase(), signal)
  }

  /**
   * As `pending`, but waits for a message while there is none. All who wait at a run look together.
   *
   * @throws {ProblemError} as `pending`; 401 when the key is revoked meanwhile; 429 when too many wait
   */
  async awaitPending(
    tenant: Tenant,
    instanceId: string,
    lastReadId: string | undefined,
    patience: Patience,
  ): Promise<Pending> {
    const { seconds, signal } = patience
    if (signal.aborted) return NOTHING
    if (seconds === 0) return this.pending(tenant, instanceId, lastReadId, signal)
    // What the agent itself writes moves its place: who waits at the one before waits in vain.
    const concerns = (change: Change) => (lastReadId === undefined ? isByPerson(change) : isMessage(change))
    const place = lastReadId?.toLowerCase()
    const run = { tenant, instanceId: instanceId.toLowerCase() }
    const wakeUp = await this.#wakeUps.listen(tenant, instanceId, { ...patience, concerns })
    try {
      do {
        const queue = await this.#looks.join(nameOf(run), run)
        if (signal.aborted) break
        if (queue.hasNews(place)) {
          await wakeUp.requireGood()
          return await queue.handOut(tenant, place, signal)
        }
      } while (await wakeUp.next())
      if (!signal.aborted) await wakeUp.requireGood()
      return NOTHING
    } finally {
      wakeUp.close()
    }
  }

  /** @throws {ProblemError} 400 when there is no such run */
  async #look(tenant: Tenant, instanceId: string): Promise<SharedQueue> {
    const seen = await queries.look(tenant, instanceId)
    if (!seen) throw instanceNotFound()
    if (seen.seemedSilent) await this.#agentInstances.noteCall(tenant, instanceId)
    return new SharedQueue(instanceId, seen)
  }

  /**
   * Turns a step into a question. What people wrote since is handed out with it, if the agent has not read on.
   *
   * @throws {ProblemError} 404 when it is not an agent's message; 400 when it is a question already
   */
  async requestInput(tenant: Tenant, messageId: string): Promise<Pending & { instanceId: string; messageId: string }> {
    const id = messageId.toLowerCase()
    return tenant.transaction(async (trx) => {
      const message = await queries.findAgentMessageLocked(trx, id)
      if (!message) throw notFound('Agent message')
      if (message.requires_user_input) {
        throw new ProblemError('already_requires_input', 'The message asks for input already')
      }
      const instanceId = message.agent_instance_id
      const current = message.last_read_message_id === id
      const messages = (current && (await queries.take(trx, instanceId, id))) || []
      await queries.requireInput(trx, instanceId, id, messages.length === 0)
      this.#events.publishLook(trx)
      return { status: current ? 'ok' : 'stale', messages, instanceId, messageId: id }
    })
  }

  /**
   * Stores a person's words that came to the agent by another way, such as a terminal.
   *
   * @param markAsRead the agent knows them: its place moves there, and they are not handed to it again
   * @returns the new message's id
   * @throws {ProblemError} 400 when there is no such run
   */
  async reportByAgent(tenant: Tenant, instanceId: string, content: string, markAsRead: boolean): Promise<string> {
    const message: NewMessage = {
      ...blankMessage(tenant, instanceId),
      content,
      reportedByAgent: markAsRead,
      movesPlace: markAsRead,
    }
    const stored = await this.#storePersons(tenant, message)
    if (!stored) throw instanceNotFound()
    // Words that it does not know yet wake no run, as they could be a person's; the call is the agent's.
    if (!markAsRead) await this.#agentInstances.noteCall(tenant, instanceId)
    return message.id
  }

  /** Stores a person's message; the agent gets it next. @throws {ProblemError} 404 when there is no such run */
  async postByUser(tenant: Tenant, instanceId: string, content: string): Promise<queries.ReadableMessage> {
    const message: NewMessage = { ...blankMessage(tenant, instanceId), content }
    const stored = await this.#storePersons(tenant, message)
    if (!stored) throw notFound('Agent instance')
    return stored
  }

  /**
   * Stores a person's message, which answers the latest open question, and has those called who wait for it.
   *
   * @returns it as people see it; undefined when there is no such run
   */
  async #storePersons(tenant: Tenant, message: NewMessage): Promise<queries.ReadableMessage | undefined> {
    const [, , [appended], [stored], calls] = await tenant.pipeline(
      lockChats([message], false),
      answerLatestQuestion(tenant, message.instanceId),
      appendMessages([message]),
      queries.findReadable(tenant, message.id),
      this.#answerCallbacks.query(tenant, message.instanceId, message.id),
    )
    if (!appended || !stored) return undefined
    this.#events.publish(tenant, changesOf(message, appended, stored))
    this.#answerCallbacks.send(tenant, calls)
    return stored
  }

  /** @returns the query for the last messages of a chat, newest first, for those who send it with another one */
  lastPageQuery(tenant: Tenant, instanceId: string, limit: number) {
    return queries.lastPage(tenant, instanceId, limit)
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
}

/** Whoever may see less looks apart from those who may see more. */
function nameOf({ tenant, instanceId }: Run): string {
  const bound = tenant instanceof TenantScope && tenant.instanceId !== undefined
  return `${tenant.userId}:${instanceId}:${bound}`
}

/** What legacy clients know for a run that does not exist: they would take a 404 for a wrong address. */
function instanceNotFound(): ProblemError {
  return new ProblemError('instance_not_found', 'Agent instance not found')
}
