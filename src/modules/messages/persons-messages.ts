import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import { notFound, ProblemError } from '../../errors.js'
import { answerQuestion } from '../account-log/answers.js'
import { appendMessages, changesOf } from '../account-log/append.js'
import { lockChat } from '../account-log/chats.js'
import { missingInstance } from '../account-log/deleted-instances.js'
import { launchPrompt, type NewMessage, personsMessage, reportedMessage } from '../account-log/new-message.js'
import { claimPrompt } from '../account-log/prompts.js'
import { QUEUE, SMALL_QUEUE } from '../account-log/queue.js'
import { isFinal } from '../account-log/status.js'
import type { AgentInstances } from '../agent-instances/service.js'
import type { Events } from '../events/events.js'
import type { AnswerCallbacks } from '../webhooks/answer-callbacks.js'
import { type ChatState, readChatState } from './chat-state.js'
import { instanceNotFound } from './instance-not-found.js'
import * as queries from './queries.js'

/** A person's message, as an agent reports it. */
export interface Report {
  readonly instanceId: string
  readonly content: string
  /** The agent has it already: the read cursor moves there, and it is not handed to the agent. */
  readonly markAsRead: boolean
  /** UUID of the API key that reports it. */
  readonly keyId: string
}

/** A stored message that an agent reported. */
export interface Reported {
  readonly messageId: string
  /** It is not handed to the agent. */
  readonly markedAsRead: boolean
  readonly warnings: string[]
}

const NOT_HANDED_OUT =
  'The message was not passed on to the agent: this API key has not posted to the run before the question that is open'

/** The dependencies of `PersonsMessages`. */
export interface PersonsMessagesOptions {
  readonly events: Events
  readonly agentInstances: AgentInstances
  readonly answerCallbacks: AnswerCallbacks
}

/** What people write, and what agents report of it. Each message is one transaction, published when it is committed. */
export class PersonsMessages {
  readonly #agentInstances: AgentInstances
  readonly #events: Events
  readonly #answerCallbacks: AnswerCallbacks

  constructor({ events, agentInstances, answerCallbacks }: PersonsMessagesOptions) {
    this.#agentInstances = agentInstances
    this.#events = events
    this.#answerCallbacks = answerCallbacks
  }

  /**
   * Stores a person's message that reached an agent another way, such as a terminal. It answers a question if the key
   * asked it, or had posted to the run before. Else it is part of the chat, and the run stays as it is.
   *
   * @throws {ProblemError} 400 when there is no such run; 409 when the agent's queue is full; 410 when it was deleted
   */
  async report(tenant: Tenant, { instanceId, content, markAsRead, keyId }: Report): Promise<Reported> {
    const stored = await this.#storeUserMessage(tenant, instanceId, keyId, (state) =>
      reportedMessage(tenant, instanceId, {
        content,
        keyId,
        speaks: state.may_answer,
        movesReadCursor: state.has_posted && markAsRead,
        forAgent: state.may_answer && !markAsRead,
      }),
    )
    if (!stored) throw await missingInstance(tenant, instanceId, instanceNotFound())
    const { id: messageId, forAgent } = stored.message
    return {
      messageId,
      markedAsRead: !forAgent,
      warnings: forAgent || markAsRead ? [] : [NOT_HANDED_OUT],
    }
  }

  /**
   * Stores a person's message, and queues it for the agent.
   *
   * @throws {ProblemError} 404 when there is no such run; 409 when the agent's queue is full
   */
  async post(tenant: Tenant, instanceId: string, content: string): Promise<queries.ReadableMessage> {
    const stored = await this.#storeUserMessage(tenant, instanceId, null, () =>
      personsMessage(tenant, instanceId, content),
    )
    if (!stored) throw notFound('Agent instance')
    return stored.readable
  }

  /**
   * Stores the prompt that a person launches a run with. The agent has it already. @throws {ProblemError} 404 when
   * there is no such run
   */
  async postPrompt(tenant: Tenant, instanceId: string, content: string): Promise<void> {
    const stored = await this.#storeUserMessage(tenant, instanceId, null, () =>
      launchPrompt(tenant, instanceId, content),
    )
    if (!stored) throw notFound('Agent instance')
  }

  /**
   * Stores a person's message. If it may, it answers the latest open question, and the callbacks that wait for it are
   * called.
   *
   * @param keyId UUID of the API key that reports it; null for the person
   * @param describe makes the message from the state of the chat, which is locked then
   * @returns it, also as people see it; undefined when there is no such run
   */
  async #storeUserMessage(
    tenant: Tenant,
    instanceId: string,
    keyId: string | null,
    describe: (state: ChatState) => NewMessage,
  ): Promise<{ message: NewMessage; readable: queries.ReadableMessage } | undefined> {
    const chat = { userId: tenant.userId, instanceId: instanceId.toLowerCase() }
    return tenant.transaction(async (trx) => {
      const { state } = await trx.pipeline({
        locked: lockChat(chat),
        state: readChatState(trx, chat.instanceId, keyId),
      })
      if (!state) return undefined
      const message = describe(state)
      if (message.forAgent) await requireQueueRoom(trx, message, state)
      const prompt = await this.#findPrompt(trx, message, state)
      if (prompt) return { message: { ...message, id: prompt.id }, readable: prompt }
      const { appended, readable, calls } = await trx.pipeline({
        answered: answerQuestion(trx, message.instanceId, state.may_answer ? state.question_seq : null),
        appended: appendMessages([message]),
        readable: queries.findReadable(trx, message.id),
        calls: this.#answerCallbacks.due(trx, message.instanceId, message.id),
      })
      const [row] = appended
      if (!row || !readable) throw new Error(`the run ${instanceId} was not locked`)
      this.#events.publish(trx, changesOf(message, row, readable))
      this.#answerCallbacks.send(trx, calls)
      return { message, readable }
    })
  }

  /**
   * Clients that are launched with a prompt report it by themselves: it is in the chat already. A message that answers
   * a question is an answer, whatever its text.
   *
   * @returns the run's launch prompt, if an agent reports it for the first time
   */
  async #findPrompt(
    trx: TenantTransaction,
    message: NewMessage,
    { prompt_id, question_seq, may_answer, status }: ChatState,
  ): Promise<queries.ReadableMessage | undefined> {
    if (prompt_id === null || (question_seq !== null && may_answer)) return undefined
    if (!(await claimPrompt(trx, message, prompt_id))) return undefined
    await this.#agentInstances.noteCall(trx, message.instanceId)
    // As any message of a person does that is reported by a key which speaks for the run.
    if (message.effect !== 'aside' && status !== 'ACTIVE' && !isFinal(status)) {
      await this.#agentInstances.setStatus(trx, message.instanceId, 'ACTIVE')
    }
    const { prompt } = await trx.pipeline({ prompt: queries.findReadable(trx, prompt_id) })
    return prompt
  }
}

/** Checks that the agent's queue has room for one more message. @throws {ProblemError} 409 when it is full */
async function requireQueueRoom(trx: TenantTransaction, message: NewMessage, state: ChatState): Promise<void> {
  const bytes = state.waiting_bytes + Buffer.byteLength(message.content)
  if (state.waiting >= QUEUE.messages || bytes > QUEUE.bytes) {
    throw new ProblemError('queue_full', 'The agent has not read what was written to it; as much as may wait does')
  }
  if (bytes > SMALL_QUEUE) await queries.noteLargeQueue(trx, message.instanceId)
}
