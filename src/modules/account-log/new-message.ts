import { senderOf } from '../../../db/actor.js'
import type { SenderType } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import { newId } from '../../ids.js'

/** A message to be appended to a run's chat, and its effect on the run. Made by the functions below. */
export interface NewMessage {
  readonly userId: string
  readonly instanceId: string
  readonly id: string
  readonly content: string
  readonly senderType: SenderType
  readonly requiresUserInput: boolean
  /** UUID of the person whose own message it is; null for what an agent sends or reports. */
  readonly senderUserId: string | null
  /** UUID of the API key that sent or reported it; null for a person's own message. */
  readonly senderKeyId: string | null
  /** An agent reports it as a person's message. */
  readonly reportedByAgent: boolean
  /** It is queued for the agent. */
  readonly forAgent: boolean
  /**
   * `aside`: reported by a key that does not speak for the run; it is part of the chat, and leaves the run as it is.
   * `history`: backfilled; it changes only the chat, and subscribers are not notified.
   */
  readonly effect: 'full' | 'aside' | 'history'
  /**
   * What happens to the agent's read cursor. `moves`: to this message. `drains`: the same, and everything before it
   * counts as handed out. `offers`: the same, and the messages handed out in the answer are noted as being on their
   * way.
   */
  readonly readCursor: 'stays' | 'moves' | 'drains' | 'offers'
  readonly metadata: Record<string, unknown> | null
  /** The run's new diff; undefined leaves it. */
  readonly gitDiff?: string | null | undefined
}

/** The account, and the actor that writes. */
type Writer = Pick<Tenant, 'userId' | 'actor'>

/** A person's own message with no effects set. */
function blankMessage({ userId, actor }: Writer, instanceId: string, content: string) {
  return {
    userId,
    senderUserId: senderOf(actor),
    instanceId: instanceId.toLowerCase(),
    id: newId(),
    content,
    senderType: 'USER',
    requiresUserInput: false,
    senderKeyId: null,
    reportedByAgent: false,
    forAgent: false,
    effect: 'full',
    readCursor: 'stays',
    metadata: null,
  } as const satisfies NewMessage
}

/** A message of an agent. */
interface AgentsWords {
  readonly instanceId: string
  readonly content: string
  readonly metadata: Record<string, unknown> | null
  /** UUID of the API key that sends it. */
  readonly keyId: string
}

/** An agent's step or question; its answer hands out everything that people wrote since. */
export function agentsPost(
  writer: Writer,
  {
    instanceId,
    content,
    metadata,
    keyId,
    ...post
  }: AgentsWords & {
    readonly requiresUserInput: boolean
    readonly gitDiff: string | null | undefined
    /** The messages handed out in its answer may not arrive. */
    readonly offersQueue: boolean
  },
): NewMessage {
  return {
    ...blankMessage(writer, instanceId, content),
    senderType: 'AGENT',
    senderKeyId: keyId,
    requiresUserInput: post.requiresUserInput,
    metadata,
    readCursor: post.offersQueue ? 'offers' : 'drains',
    gitDiff: post.gitDiff,
  }
}

/** A question whose asker waits for the answer: earlier messages of people stay in the queue meanwhile. */
export function agentsQuestion(writer: Writer, { instanceId, content, metadata, keyId }: AgentsWords): NewMessage {
  return {
    ...blankMessage(writer, instanceId, content),
    senderType: 'AGENT',
    senderKeyId: keyId,
    requiresUserInput: true,
    metadata,
    readCursor: 'moves',
  }
}

/** A person's own message; it is queued for the agent. */
export function personsMessage(writer: Writer, instanceId: string, content: string): NewMessage {
  return { ...blankMessage(writer, instanceId, content), forAgent: true }
}

/** The prompt that a person launches a run with: the agent has it already. */
export function launchPrompt(writer: Writer, instanceId: string, content: string): NewMessage {
  return { ...blankMessage(writer, instanceId, content), readCursor: 'moves' }
}

/** A person's message that reached the agent another way, such as a terminal, and that the agent reports. */
export function reportedMessage(
  writer: Writer,
  instanceId: string,
  {
    content,
    keyId,
    speaks,
    movesReadCursor,
    forAgent,
  }: {
    readonly content: string
    /** UUID of the API key that reports it. */
    readonly keyId: string
    /** The key speaks for the run. */
    readonly speaks: boolean
    readonly movesReadCursor: boolean
    readonly forAgent: boolean
  },
): NewMessage {
  return {
    ...blankMessage(writer, instanceId, content),
    senderKeyId: keyId,
    reportedByAgent: true,
    forAgent,
    effect: speaks ? 'full' : 'aside',
    readCursor: movesReadCursor ? 'moves' : 'stays',
  }
}

/** A message to be backfilled; the caller chooses its id. */
export interface BackfilledMessage {
  readonly id: string
  readonly instanceId: string
  readonly agentType: string | null
  readonly senderType: SenderType
  readonly content: string
  readonly requiresUserInput: boolean
  readonly metadata: Record<string, unknown> | null
  readonly isHistory: boolean
}

/**
 * A backfilled message, of the agent or of a person. The agent has read it.
 *
 * @param sender the key, and whether it speaks for the run
 */
export function backfilledMessage(
  writer: Writer,
  { keyId, speaks }: { readonly keyId: string; readonly speaks: boolean },
  { id, instanceId, content, senderType, requiresUserInput, metadata, isHistory }: BackfilledMessage,
): NewMessage {
  const reportedByAgent = senderType === 'USER'
  return {
    ...blankMessage(writer, instanceId, content),
    ...{ id, senderType, requiresUserInput, metadata, reportedByAgent, senderKeyId: keyId },
    effect: isHistory ? 'history' : reportedByAgent && !speaks ? 'aside' : 'full',
  }
}
