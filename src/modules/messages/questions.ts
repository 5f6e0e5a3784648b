import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { KeyedSemaphore } from '../../../db/keyed-semaphore.js'
import type { Tenant } from '../../../db/tenant.js'
import { instanceDeleted, invalidField, notFound, ProblemError } from '../../errors.js'
import { appendMessages, changesOf } from '../account-log/append.js'
import { isByPerson, isMessage, type ShownChange } from '../account-log/changes.js'
import { lockChat } from '../account-log/chats.js'
import { missingInstance } from '../account-log/deleted-instances.js'
import { agentsQuestion } from '../account-log/new-message.js'
import { isFinished } from '../account-log/status.js'
import type { AgentInstances } from '../agent-instances/service.js'
import type { Events } from '../events/events.js'
import type { LongPoll, LongPolls } from '../events/long-polls.js'
import { SharedQueries } from '../events/shared-queries.js'
import * as claims from './claims.js'
import type { Handoff } from './handoffs.js'
import { instanceNotFound } from './instance-not-found.js'
import { isTooLarge, metadataTooLarge } from './metadata.js'
import type { Offers } from './offers.js'
import type { WaitOptions } from './polls.js'
import type { ReadableMessage } from './queries.js'
import * as queries from './question-queries.js'
import type { Messages } from './service.js'

/** A question that an agent asks a person. */
export interface Question {
  readonly instanceId: string
  readonly content: string
  /** Choices that are shown to the person. */
  readonly options: readonly string[]
  /** UUID of the API key that asks. */
  readonly keyId: string
}

/** A question that was asked, and its key. */
interface Asked {
  readonly tenant: Tenant
  readonly instanceId: string
  readonly questionId: string
  /** UUID of the API key. */
  readonly keyId: string
}

/** What wakes a request that waits for an answer. */
interface WakeConditions {
  /** Messages of the agent itself: they show that it goes on, with another key. */
  toAgent: boolean
}

/** The handoff of an empty answer. */
const NO_HANDOFF: Handoff = { arrived: async () => {}, lost: async () => {} }

/** The result of a wait. */
export interface Outcome extends Omit<queries.Taken, 'offered'> {
  /** The run's. */
  readonly status: AgentInstanceStatus
  readonly handoff: Handoff
}

/** The dependencies of `Questions`. */
export interface QuestionsOptions {
  readonly events: Events
  readonly longPolls: LongPolls
  readonly agentInstances: AgentInstances
  readonly messages: Messages
  readonly offers: Offers
}

/**
 * Questions that an agent asks and waits for, and their answers. Each may be asked again after the connection broke,
 * without being stored twice.
 */
export class Questions {
  readonly #events: Events
  readonly #longPolls: LongPolls
  readonly #instances: AgentInstances
  readonly #messages: Messages
  readonly #offers: Offers
  readonly #semaphore = new KeyedSemaphore(1)
  readonly #sharedQuestions = new SharedQueries<Asked, Map<string, queries.AskedQuestion>>((all) =>
    queries.findQuestions(
      all[0].tenant,
      all.map(({ questionId }) => questionId),
    ),
  )

  constructor({ events, longPolls, agentInstances, messages, offers }: QuestionsOptions) {
    this.#events = events
    this.#longPolls = longPolls
    this.#instances = agentInstances
    this.#messages = messages
    this.#offers = offers
  }

  /**
   * Asks, unless the same words are an open question of this run, or one whose answer the agent has not been given, or
   * from which it has not gone on. Earlier messages of people stay in the queue: they are handed out when the wait is
   * over.
   *
   * @returns the question's id
   * @throws {ProblemError} 400 when there is no such run; 410 when it was deleted; 413 when the options are too large
   */
  async ask(tenant: Tenant, { instanceId, content, options, keyId }: Question): Promise<string> {
    const metadata = options.length > 0 ? { options: [...options] } : null
    if (isTooLarge(metadata)) throw metadataTooLarge('options')
    await this.#offers.settle(tenant, instanceId)
    const { id, isNew } = await tenant.transaction(async (trx) => {
      const { locked, asked } = await trx.pipeline({
        locked: lockChat({ userId: trx.userId, instanceId }),
        asked: queries.findQuestion(trx, instanceId, content),
      })
      if (!locked) throw await missingInstance(trx, instanceId, instanceNotFound())
      if (asked) return { id: asked.id, isNew: false }
      const message = agentsQuestion(trx, { instanceId, content, metadata, keyId })
      const { appended } = await trx.pipeline({ appended: appendMessages([message]) })
      const [row] = appended
      if (!row) throw new Error(`the run ${instanceId} was not locked`)
      this.#events.publish(trx, changesOf(message, row))
      return { id: message.id, isNew: true }
    })
    if (isNew) return id
    // A new question is a sign of life by itself.
    await this.#instances.noteCall(tenant, instanceId)
    await this.#awaitInput(tenant, instanceId, id)
    return id
  }

  /** The run may have gone on since the question was first asked. */
  async #awaitInput(tenant: Tenant, instanceId: string, questionId: string): Promise<void> {
    const asked = (await queries.findQuestions(tenant, [questionId])).get(questionId)
    if (!asked || asked.answer_id !== null) return
    await this.#instances.setStatus(tenant, instanceId, 'AWAITING_INPUT').catch((error) => {
      // A final status stays.
      if (!(error instanceof ProblemError)) throw error
    })
  }

  /**
   * Asks, and waits for the answer until the run ends; does not wait in a run with a final status. If it cannot wait,
   * it does not ask.
   *
   * @returns the question's id, and the result of the wait: undefined when the caller has disconnected
   * @throws {ProblemError} 400 when there is no such run; 410 when it was deleted, also meanwhile; 401 when the key is
   *   revoked; 429 when too many wait
   */
  async askAndWait(
    tenant: Tenant,
    question: Question,
    waitOptions: WaitOptions,
  ): Promise<{ questionId: string; outcome: Outcome | undefined }> {
    const conditions: WakeConditions = { toAgent: false }
    const concerns = (change: ShownChange) =>
      isByPerson(change) ||
      (conditions.toAgent && isMessage(change)) ||
      (change.kind === 'status_changed' && isFinished(change.status))
    const longPoll = await this.#longPolls.open(tenant, question.instanceId, { ...waitOptions, concerns })
    const hangUp = this.#instances.noteWaiting(tenant, question.instanceId)
    try {
      const questionId = await this.#inTurn(tenant, question.instanceId, () => this.ask(tenant, question))
      const asked = { tenant, instanceId: question.instanceId, questionId, keyId: question.keyId }
      return { questionId, outcome: await this.#awaitAnswer(asked, longPoll, conditions, waitOptions.signal) }
    } finally {
      hangUp()
      longPoll.close()
    }
  }

  async #awaitAnswer(
    asked: Asked,
    longPoll: LongPoll,
    conditions: WakeConditions,
    signal: AbortSignal,
  ): Promise<Outcome | undefined> {
    const { tenant, instanceId, questionId } = asked
    for (let isOpen = true; !signal.aborted; ) {
      const question = (await this.#sharedQuestions.join(`${tenant.userId}:${instanceId}`, asked)).get(questionId)
      if (!question) throw instanceDeleted()
      if (signal.aborted) break
      const waits = isOpen && !isFinished(question.status)
      // Another key's claim stays, unless that key ends, or the answer was lost.
      const isOthers = question.claimed_by !== null && question.claimed_by !== asked.keyId
      if (waits && isOthers && (question.is_offering || !conditions.toAgent)) {
        conditions.toAgent = true
        await this.#offers.settle(tenant, instanceId)
        continue
      }
      if (!waits || (question.answer_id !== null && !isOthers)) {
        await longPoll.requireValidKey()
        const outcome = await this.#inTurn(tenant, instanceId, () => this.#handOffAnswer(asked, question))
        if (outcome) return { ...outcome, status: question.status }
        if (!waits) {
          const nothing = { answer: null, feedback: [], lastId: questionId, isAgain: false, handoff: NO_HANDOFF }
          return { ...nothing, status: question.status }
        }
        // Another key was faster.
        if (!conditions.toAgent) continue
      }
      isOpen = await longPoll.next()
    }
    return undefined
  }

  /** Both lock the run: requests for one run wait for each other here, and not on connections of the database. */
  #inTurn<T>({ userId }: Tenant, instanceId: string, work: () => Promise<T>): Promise<T> {
    return this.#semaphore.take(`${userId}:${instanceId}`, undefined, work)
  }

  async #handOffAnswer(
    { tenant, instanceId, questionId, keyId }: Asked,
    { seq, answer_id, answer_seq }: queries.AskedQuestion,
  ): Promise<Omit<Outcome, 'status'> | undefined> {
    const answerHandoff = { instanceId, questionId, lastId: answer_id ?? questionId, lastSeq: answer_seq ?? seq, keyId }
    for (;;) {
      await this.#offers.settle(tenant, instanceId)
      const found = await queries.take(tenant, answerHandoff)
      if (found === 'others') return undefined
      if (found === 'unsettled') continue
      const { offered, ...taken } = found
      const { lastId } = taken
      const offer = { instanceId, id: questionId, lastId, readCursor: lastId, isClaim: offered === 'claim' }
      return { ...taken, handoff: offered ? this.#offers.handoffOf(tenant, offer) : NO_HANDOFF }
    }
  }

  /** Notes that the agent has gone on from the answers that it was given: the same words are a new question then. */
  async confirmAnswers(tenant: Tenant, instanceId: string): Promise<void> {
    await claims.confirmAll(tenant, instanceId)
  }

  /**
   * Answers an agent's open question by the index of an option, or writes to the agent in free text.
   *
   * @throws {ProblemError} as `answer` and `Messages.postByUser`; 400 without either
   */
  async reply(tenant: Tenant, instanceId: string, content: string | undefined, optionIndex: number | undefined) {
    if (optionIndex !== undefined) return this.answer(tenant, instanceId, optionIndex, content)
    if (content === undefined) throw invalidField('body.content', 'is required')
    return this.#messages.postByUser(tenant, instanceId, content)
  }

  /**
   * Answers the latest open question with one of its options.
   *
   * @param index the option, from 0 on
   * @param remark the person's addition
   * @throws {ProblemError} 404 when there is no such run; 409 when no question is open; 400 when it has no such option
   */
  async answer(tenant: Tenant, instanceId: string, index: number, remark?: string): Promise<ReadableMessage> {
    return tenant.transaction(async (trx) => {
      const { locked, question } = await trx.pipeline({
        locked: lockChat({ userId: trx.userId, instanceId }),
        question: queries.latestOpenQuestion(trx, instanceId),
      })
      if (!locked) throw notFound('Agent instance')
      if (!question) throw new ProblemError('no_open_question', 'No question of this agent instance is open')
      const option = queries.optionsOf(question.message_metadata)[index]
      if (option === undefined) throw invalidField('body.option_index', 'is not the index of one of the options')
      return this.#messages.postByUser(trx, instanceId, remark && remark !== option ? `${option}\n\n${remark}` : option)
    })
  }
}
