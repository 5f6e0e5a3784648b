import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import { newId } from '../../ids.js'
import type { Delivery } from '../../plugins/deliveries.js'
import { isFinal } from '../agent-instances/status.js'
import type { QueuedMessage } from './append.js'
import type { Offers } from './offers.js'
import { type SeenQueue, take } from './queries.js'

/** What waits for an agent, or word that another process of it has read on. */
export interface Pending {
  readonly status: 'ok' | 'stale'
  readonly messages: QueuedMessage[]
  /** To be told whether the messages have arrived, if they are handed out once. */
  readonly delivery?: Delivery
}

/** What an agent is told that collects it. */
export interface Collected extends Pending {
  readonly instance_status: AgentInstanceStatus
}

export const STALE: Pending = { status: 'stale', messages: [] }
export const NOTHING: Pending = { status: 'ok', messages: [] }

/** Who polls, and from where. */
export interface Poller {
  /** The message that the agent read last; undefined for somebody who only looks. */
  readonly place: string | undefined
  /** UUID of the API key. */
  readonly keyId: string
}

/** What one look at a run has found. Of those who share it, one is handed what is handed out once. */
export class SharedQueue {
  readonly #instanceId: string
  readonly #seen: SeenQueue
  readonly #offers: Offers
  #taking: Promise<Pending | undefined> | undefined

  constructor(instanceId: string, seen: SeenQueue, offers: Offers) {
    this.#instanceId = instanceId
    this.#seen = seen
    this.#offers = offers
  }

  /** The run's status. */
  get status(): AgentInstanceStatus {
    return this.#seen.status
  }

  /** Whether there is something to say to somebody who polls. */
  hasNews(poller: Poller): boolean {
    return this.#isStale(poller) || this.#seen.messages.length > 0 || isFinal(this.status)
  }

  /** Whether something is on its way that would wait again for somebody who polls, if it is lost. */
  isOfferedFrom({ place }: Poller): boolean {
    const { isOffering, offeredFrom } = this.#seen
    return isOffering && (place === undefined || (place === offeredFrom && !this.#isLedHere(place)))
  }

  /** Whether somebody who polls has got to its place by something that is not known to have arrived. */
  wasOfferedTo({ place }: Poller): boolean {
    return this.#seen.isOffering && place !== undefined && this.#isLedHere(place)
  }

  /** Whether what is on its way has moved the agent to a place. What is given to a key leaves it where it is. */
  #isLedHere(place: string): boolean {
    return place === this.#seen.place && this.#seen.claimKeyId === null
  }

  /** Whether somebody who polls from a place has what a poll was given. */
  wasClaimedUpTo({ place }: Poller): boolean {
    return place !== undefined && place === this.#seen.claimLastId
  }

  /** Whether there are messages for somebody who polls. */
  hasMessagesFor(poller: Poller): boolean {
    return !this.#isStale(poller) && this.#seen.messages.length > 0
  }

  /** @param signal aborted when the caller has gone: then nothing is taken */
  async handOut(tenant: Tenant, poller: Poller, signal: AbortSignal): Promise<Pending> {
    const { place, keyId } = poller
    if (this.#isStale(poller)) return STALE
    if (place === undefined) return { status: 'ok', messages: this.#seen.messages }
    while (this.#taking) if (await this.#taking.then(succeeded, failed)) return STALE
    if (this.#seen.messages.length === 0 || signal.aborted) return NOTHING
    this.#taking = this.#take(tenant, place, keyId)
    try {
      return (await this.#taking) ?? STALE
    } catch (error) {
      // The next one tries.
      this.#taking = undefined
      throw error
    }
  }

  async #take(tenant: Tenant, place: string, keyId: string): Promise<Pending | undefined> {
    const offer = { instanceId: this.#instanceId, id: newId() }
    const messages = await take(tenant, this.#instanceId, place, { offerId: offer.id, keyId })
    const last = messages?.at(-1)
    if (!messages || !last) return messages && NOTHING
    const delivery = this.#offers.deliveryOf(tenant, { ...offer, lastId: last.id, placeId: last.id })
    return { status: 'ok', messages, delivery }
  }

  #isStale({ place, keyId }: Poller): boolean {
    const { place: current, claimKeyId } = this.#seen
    return place !== undefined && (place !== current || (claimKeyId !== null && claimKeyId !== keyId))
  }
}

function succeeded(): boolean {
  return true
}

function failed(): boolean {
  return false
}
