import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import { newId } from '../../ids.js'
import type { QueuedMessage } from '../account-log/queue.js'
import { isFinal } from '../account-log/status.js'
import type { Handoff } from './handoffs.js'
import type { Offers } from './offers.js'
import { type FoundQueue, take } from './queries.js'

/** The queue of an agent, or word that another process of the agent has read on. */
export interface Pending {
  readonly status: 'ok' | 'stale'
  readonly messages: QueuedMessage[]
  /** Settles the messages if they are handed out once. */
  readonly handoff?: Handoff
}

/** The answer to an agent that polls. */
export interface Collected extends Pending {
  readonly instance_status: AgentInstanceStatus
}

/** The answer to a poll from a read cursor that another reader has moved since. */
export const STALE: Pending = { status: 'stale', messages: [] }
/** The answer to a poll when nothing is queued. */
export const NOTHING: Pending = { status: 'ok', messages: [] }

/** The caller of a poll, and its read cursor. */
export interface Poller {
  /** The message that the agent read last; undefined for a caller that only peeks. */
  readonly readCursor: string | undefined
  /** UUID of the API key. */
  readonly keyId: string
}

/**
 * The result of one query for the queue of a run. Of the pollers that share it, one is handed what is handed out once.
 */
export class SharedQueue {
  readonly #instanceId: string
  readonly #found: FoundQueue
  readonly #offers: Offers
  #taking: Promise<Pending | undefined> | undefined

  constructor(instanceId: string, found: FoundQueue, offers: Offers) {
    this.#instanceId = instanceId
    this.#found = found
    this.#offers = offers
  }

  /** The run's status. */
  get status(): AgentInstanceStatus {
    return this.#found.status
  }

  /** Whether a poller gets an answer now. */
  hasAnswerFor(poller: Poller): boolean {
    return this.#isStale(poller) || this.#found.messages.length > 0 || isFinal(this.status)
  }

  /** Whether an offer is on its way that, if it is lost, is queued again for a poller. */
  isOfferedFrom({ readCursor }: Poller): boolean {
    const { isOffering, offeredFrom } = this.#found
    return isOffering && (readCursor === undefined || (readCursor === offeredFrom && !this.#isLedHere(readCursor)))
  }

  /** Whether a poller got to its read cursor by an offer that is not known to have arrived. */
  wasOfferedTo({ readCursor }: Poller): boolean {
    return this.#found.isOffering && readCursor !== undefined && this.#isLedHere(readCursor)
  }

  /** Whether the offer on its way has moved the read cursor. A claim leaves it where it is. */
  #isLedHere(readCursor: string): boolean {
    return readCursor === this.#found.readCursor && this.#found.claimKeyId === null
  }

  /** Whether a poller's read cursor says that it has the claimed messages. */
  wasClaimedUpTo({ readCursor }: Poller): boolean {
    return readCursor !== undefined && readCursor === this.#found.claimLastId
  }

  /** Whether there are messages for a poller. */
  hasMessagesFor(poller: Poller): boolean {
    return !this.#isStale(poller) && this.#found.messages.length > 0
  }

  /** @param signal aborted when the caller has disconnected: then nothing is taken */
  async handOut(tenant: Tenant, poller: Poller, signal: AbortSignal): Promise<Pending> {
    const { readCursor, keyId } = poller
    if (this.#isStale(poller)) return STALE
    if (readCursor === undefined) return { status: 'ok', messages: this.#found.messages }
    while (this.#taking) if (await this.#taking.then(succeeded, failed)) return STALE
    if (this.#found.messages.length === 0 || signal.aborted) return NOTHING
    this.#taking = this.#take(tenant, readCursor, keyId)
    try {
      return (await this.#taking) ?? STALE
    } catch (error) {
      // The next poller tries.
      this.#taking = undefined
      throw error
    }
  }

  async #take(tenant: Tenant, readCursor: string, keyId: string): Promise<Pending | undefined> {
    const offer = { instanceId: this.#instanceId, id: newId() }
    const messages = await take(tenant, this.#instanceId, readCursor, { offerId: offer.id, keyId })
    const last = messages?.at(-1)
    if (!messages || !last) return messages && NOTHING
    const handoff = this.#offers.handoffOf(tenant, { ...offer, lastId: last.id, readCursor: last.id })
    return { status: 'ok', messages, handoff }
  }

  #isStale({ readCursor, keyId }: Poller): boolean {
    const { readCursor: current, claimKeyId } = this.#found
    return readCursor !== undefined && (readCursor !== current || (claimKeyId !== null && claimKeyId !== keyId))
  }
}

function succeeded(): boolean {
  return true
}

function failed(): boolean {
  return false
}
