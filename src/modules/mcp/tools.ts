import type { Static, TObject } from '@sinclair/typebox'
import type { Tenant } from '../../../db/tenant.js'
import {
  AskQuestionArguments,
  AskQuestionResult,
  EndSessionArguments,
  EndSessionResult,
  LogStepArguments,
  LogStepResult,
  QUESTION_TIMEOUT_SECONDS,
} from '../../../schemas/mcp.js'
import { ProblemError } from '../../errors.js'
import { newId } from '../../ids.js'
import { mendedWarning } from '../../json/storable-text.js'
import type { StorageQuota } from '../../storage/quota.js'
import type { QueuedMessage } from '../account-log/queue.js'
import { isFinal, isFinished } from '../account-log/status.js'
import type { AgentInstances } from '../agent-instances/service.js'
import type { Handoff } from '../messages/handoffs.js'
import type { Offers } from '../messages/offers.js'
import type { Questions } from '../messages/questions.js'
import type { Messages } from '../messages/service.js'

/** The caller of a tool, and the context of its answer. */
export interface Caller {
  readonly tenant: Tenant
  readonly keyId: string
  /** Of the secret that the caller authenticated with. */
  readonly secretHash: string
  /** The only run that the key is valid for; undefined for all of them. */
  readonly instanceId: string | undefined
  /** The agent type of a new run. */
  readonly agentType: string
  /** Aborted when the caller has disconnected, or has cancelled the call. */
  readonly signal: AbortSignal
  /** Adds what is handed out with the answer: it is settled when the answer has arrived, or was lost. */
  addHandoff(handoff: Handoff): void
}

/** The answer of a tool: for programs, and for models. */
interface Answer<T> {
  readonly result: T
  readonly text: string
  readonly warnings?: readonly string[]
}

/** The services of the tools. */
export interface Services {
  readonly messages: Messages
  readonly offers: Offers
  readonly questions: Questions
  readonly agentInstances: AgentInstances
  readonly storageQuota: StorageQuota
}

interface ToolSpec<A extends TObject, R extends TObject> {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly args: A
  readonly result: R
  call(services: Services, caller: Caller, args: Static<A>): Promise<Answer<Static<R>>>
}

/** A tool, whose arguments are validated before it is called. */
export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: TObject
  readonly outputSchema: TObject
  /** @param accept returns the arguments if they match the schema. @throws {ProblemError} as REST does */
  call(services: Services, caller: Caller, accept: Accept): Promise<Answer<Record<string, unknown>>>
}

/** @throws {ProblemError} 400, naming what is wrong with the arguments */
export type Accept = <S extends TObject>(schema: S) => Accepted<Static<S>>

/** Arguments that were validated against the schema of their tool. */
export interface Accepted<T> {
  readonly args: T
  /** The names of the arguments in which characters that cannot be stored were replaced. */
  readonly mended: readonly string[]
}

function tool<A extends TObject, R extends TObject>(spec: ToolSpec<A, R>): Tool {
  const { name, title, description, args: inputSchema, result: outputSchema } = spec
  return {
    ...{ name, title, description, inputSchema, outputSchema },
    call: async (services, caller, accept) => {
      const { args, mended } = accept(inputSchema)
      return withWarnings(await spec.call(services, caller, args), mended.map(mendedWarning))
    },
  }
}

function withWarnings<T extends object>(
  { result, text, warnings: own = [] }: Answer<T>,
  others: readonly string[],
): Answer<T & { warnings?: string[] }> {
  const warnings = [...others, ...own]
  if (warnings.length === 0) return { result, text }
  return { result: { ...result, warnings }, text: lines(text, ...warnings) }
}

const logStep = tool({
  name: 'log_step',
  title: 'Log a step',
  description:
    'Report what you are doing, so that the people who watch can follow. Call it at the start of the work, and whenever ' +
    'you begin something new or finish something. Leave agent_instance_id out of the first call, and give the id that ' +
    'comes back to every later call. People may write to you at any time: user_feedback has what they wrote since your ' +
    'last call. Read it and act on it before you go on; it is given to you only once.',
  args: LogStepArguments,
  result: LogStepResult,
  async call({ messages, offers, storageQuota }, caller, args) {
    const { tenant, agentType, keyId } = caller
    await storageQuota.requireRoom(tenant.userId)
    const instanceId = ownInstance(caller, args.agent_instance_id ?? caller.instanceId ?? newId())
    const posted = await messages.postByAgent(tenant, {
      ...{ instanceId, agentType, content: args.step_description },
      ...{ keyId, requiresUserInput: false, gitDiff: null, metadata: null, offersQueue: true },
    })
    const last = posted.queued.at(-1)
    if (last) {
      const { messageId: id } = posted
      caller.addHandoff(offers.handoffOf(tenant, { instanceId, id, lastId: last.id, readCursor: id }))
    }
    const { stepCount: step_number, instanceStatus: instance_status } = posted
    const user_feedback = textsOf(posted.queued)
    return {
      result: { success: true, agent_instance_id: instanceId, step_number, instance_status, user_feedback },
      text: lines(
        `Step ${step_number} is logged. agent_instance_id: ${instanceId}`,
        isFinal(instance_status) ? endedText(instance_status) : undefined,
        feedbackText(user_feedback) ?? 'There is no new feedback.',
      ),
    }
  },
})

const askQuestion = tool({
  name: 'ask_question',
  title: 'Ask a person',
  description:
    'Ask the people who watch, and wait for the answer. Call it when you need a decision, a permission or something that ' +
    'you cannot find out yourself; do not guess instead. It may take hours: the call waits. If it breaks off or ends ' +
    'without an answer (answer is null), call it again with the same agent_instance_id and the same question_text: that ' +
    'goes on waiting and does not ask twice. Offer choices as options where there are some; other words may come as ' +
    'well. user_feedback, if present, was written before the answer: act on it too. The same question has the same answer ' +
    'until you go on: to ask it anew, log a step before. Call log_step first; it gives you the agent_instance_id.',
  args: AskQuestionArguments,
  result: AskQuestionResult,
  async call({ questions, storageQuota }, caller, args) {
    const { tenant, keyId, secretHash, signal } = caller
    await storageQuota.requireRoom(tenant.userId)
    const instanceId = ownInstance(caller, args.agent_instance_id)
    const question = { instanceId, content: args.question_text, options: args.options ?? [], keyId }
    const seconds = args.timeout_seconds ?? QUESTION_TIMEOUT_SECONDS.usual
    const waitOptions = { seconds, keyId, secretHash, signal }
    const { questionId: question_id, outcome } = await questions.askAndWait(tenant, question, waitOptions)
    // Not read by anyone: the caller has disconnected.
    if (!outcome) {
      return { result: { answer: null, question_id, instance_status: 'AWAITING_INPUT' as const }, text: UNANSWERED }
    }
    const { answer, status: instance_status, feedback, isAgain, handoff } = outcome
    caller.addHandoff(handoff)
    const user_feedback = textsOf(feedback)
    const ended = isFinished(instance_status) ? endedText(instance_status) : undefined
    return {
      result: { answer, question_id, instance_status, ...(user_feedback.length > 0 ? { user_feedback } : {}) },
      text: lines(answer ?? (ended ? undefined : UNANSWERED), ended, feedbackText(user_feedback)),
      warnings: isAgain ? [GIVEN_BEFORE] : [],
    }
  },
})

const endSession = tool({
  name: 'end_session',
  title: 'End the session',
  description: 'Tell the people who watch that the work is finished. Call it once, when there is nothing left to do.',
  args: EndSessionArguments,
  result: EndSessionResult,
  async call({ agentInstances, questions }, caller, args) {
    const instanceId = ownInstance(caller, args.agent_instance_id)
    const final_status = await agentInstances.end(caller.tenant, instanceId)
    await questions.confirmAnswers(caller.tenant, instanceId)
    return {
      result: { success: true, agent_instance_id: instanceId, final_status, instance_status: final_status },
      text: `The session has ended with the status ${final_status}.`,
    }
  },
})

/** Every tool, in the order in which they are listed. */
export const tools: readonly Tool[] = [logStep, askQuestion, endSession]

const UNANSWERED =
  'Nobody has answered yet; the question stays open. To go on waiting, call ask_question again with the same ' +
  'agent_instance_id and the same question_text. Or go on with what does not depend on the answer: if it comes ' +
  'meanwhile, your next log_step has it as user_feedback.'

const GIVEN_BEFORE =
  'You were given this answer before; it is repeated in case you lost it. To ask the same anew, call log_step first.'

function endedText(status: string): string {
  return `This session was ended (${status}): nobody will answer any more. Stop here, unless you were told otherwise.`
}

/** A key that is bound to one run is valid for that run only. */
function ownInstance(caller: Caller, id: string): string {
  const instanceId = id.toLowerCase()
  if (caller.instanceId === undefined || caller.instanceId === instanceId) return instanceId
  throw new ProblemError('key_bound_to_instance', 'This API key is for one agent instance and nothing else')
}

function textsOf(messages: readonly QueuedMessage[]): string[] {
  return messages.map(({ content }) => content)
}

function feedbackText(feedback: readonly string[]): string | undefined {
  if (feedback.length === 0) return undefined
  return lines('New feedback from people. Act on it before you go on:', ...feedback.map((text) => `- ${text}`))
}

function lines(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('\n')
}
