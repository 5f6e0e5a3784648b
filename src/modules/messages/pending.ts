import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import { newId } from '../../ids.js'
import type { QueuedMessage } from '../account-log/queue.js'
import { isFinal } from '../account-log/status.js'
import type { Handoff } from './handoffs.js'
import type { Offers } from './offers.js'
import { type FoundQueue, take } from './queries.js'

/** What waits for an agent, or word that another process of it has read on. */
export interface Pending {
  readonly status: 'ok' | 'stale'
  readonly messages: QueuedMessage[]
  /** To be told whether the messages have arrived, if they are handed out once. */
  readonly handoff?: Handoff
}

/** What an agent is told that collects it. */
export interface Collected extends Pending {
  readonly instance_status: AgentInstanceStatus
}

/** The answer to a poll from where another reader has read on since. */
export const STALE: Pending = { status: 'stale', messages: [] }
/** The answer to a poll when nothing is queued. */
export const NOTHING: Pending = { status: 'ok', messages: [] }

/** Who polls, and from where. */
export interface Poller {
  /** The message that the agent read last; undefined for somebody who only looks. */
  readonly readCursor: string | undefined
  /** UUID of the API key. */
  readonly keyId: string
}

/** What one query for the queue of a run has found. Of those who share it, one is handed what is handed out once. */
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

  /** Whether there is something to say to somebody who polls. */
  hasAnswerFor(poller: Poller): boolean {
    return this.#isStale(poller) || this.#found.messages.length > 0 || isFinal(this.status)
  }

  /** Whether something is on its way that would wait again for somebody who polls, if it is lost. */
  isOfferedFrom({ readCursor }: Poller): boolean {
    const { isOffering, offeredFrom } = this.#found
    return isOffering && (readCursor === undefined || (readCursor === offeredFrom && !this.#isLedHere(readCursor)))
  }

  /** Whether somebody who polls has got to its read cursor by something that is not known to have arrived. */
  wasOfferedTo({ readCursor }: Poller): boolean {
    return this.#found.isOffering && readCursor !== undefined && this.#isLedHere(readCursor)
  }

  /** Whether what is on its way has moved the read cursor. What is given to a key leaves it where it is. */
  #isLedHere(readCursor: string): boolean {
    return readCursor === this.#found.readCursor && this.#found.claimKeyId === null
  }

  /** Whether somebody who polls from a read cursor has what a poll was given. */
  wasClaimedUpTo({ readCursor }: Poller): boolean {
    return readCursor !== undefined && readCursor === this.#found.claimLastId
  }

  /** Whether there are messages for somebody who polls. */
  hasMessagesFor(poller: Poller): boolean {
    return !this.#isStale(poller) && this.#found.messages.length > 0
  }

  /** @param signal aborted when the caller has gone: then nothing is taken */
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
      // The next one tries.
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
