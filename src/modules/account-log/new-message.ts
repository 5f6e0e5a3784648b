import { senderOf } from '../../../db/actor.js'
import type { SenderType } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import { newId } from '../../ids.js'

/** A message to be appended to a run's chat, and what it does to the run. Made by the functions below. */
export interface NewMessage {
  readonly userId: string
  readonly instanceId: string
  readonly id: string
  readonly content: string
  readonly senderType: SenderType
  readonly requiresUserInput: boolean
  /** UUID of the person whose own words these are; null for what an agent sends or reports. */
  readonly senderUserId: string | null
  /** UUID of the API key that sent or reported it; null for a person's own words. */
  readonly senderKeyId: string | null
  /** An agent says that a person wrote this. */
  readonly reportedByAgent: boolean
  /** It is to be handed to the agent. */
  readonly forAgent: boolean
  /**
   * `aside`: words from a key that does not speak for the run; they are part of the chat, and leave the run as it is.
   * `history`: backfilled; it changes nothing but the chat, and nobody is notified.
   */
  readonly effect: 'full' | 'aside' | 'history'
  /**
   * What becomes of the agent's read cursor. `moves`: to this message. `drains`: the same, and everything before it counts
   * as handed out. `offers`: the same, and what it is answered with is noted as being on its way.
   */
  readonly readCursor: 'stays' | 'moves' | 'drains' | 'offers'
  readonly metadata: Record<string, unknown> | null
  /** What the run's diff becomes; undefined leaves it. */
  readonly gitDiff?: string | null | undefined
}

/** In whose account, and who writes. */
type Writer = Pick<Tenant, 'userId' | 'actor'>

/** A person's own words, that nothing has been said about yet. */
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

/** What an agent says. */
interface AgentsWords {
  readonly instanceId: string
  readonly content: string
  readonly metadata: Record<string, unknown> | null
  /** UUID of the API key that sends it. */
  readonly keyId: string
}

/** An agent's step or question, which is answered with everything that people wrote since. */
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
    /** What it is answered with may not arrive. */
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

/** A question whose asker waits for the answer: what people wrote before stays in the queue meanwhile. */
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

/** A person's own words; the agent gets them next. */
export function personsMessage(writer: Writer, instanceId: string, content: string): NewMessage {
  return { ...blankMessage(writer, instanceId, content), forAgent: true }
}

/** What a person launches a run with: the agent has it already. */
export function launchPrompt(writer: Writer, instanceId: string, content: string): NewMessage {
  return { ...blankMessage(writer, instanceId, content), readCursor: 'moves' }
}

/** What an agent says that a person wrote, by another way such as a terminal. */
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

/** A message to be backfilled; its id is the caller's. */
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
 * A backfilled message. The agent knows what it sends in, its own words or a person's.
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
