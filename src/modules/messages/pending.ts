import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import { isFinal } from '../agent-instances/status.js'
import type { QueuedMessage } from './append.js'
import { type SeenQueue, take } from './queries.js'

/** What waits for an agent, or word that another process of it has read on. */
export interface Pending {
  readonly status: 'ok' | 'stale'
  readonly messages: QueuedMessage[]
}

/** What an agent is told that collects it. */
export interface Collected extends Pending {
  readonly instance_status: AgentInstanceStatus
}

const STALE: Pending = { status: 'stale', messages: [] }
export const NOTHING: Pending = { status: 'ok', messages: [] }

/** What one look at a run has found. Of those who share it, one is handed what is handed out once. */
export class SharedQueue {
  readonly #instanceId: string
  readonly #seen: SeenQueue
  #taking: Promise<QueuedMessage[] | undefined> | undefined

  constructor(instanceId: string, seen: SeenQueue) {
    this.#instanceId = instanceId
    this.#seen = seen
  }

  /** The run's status. */
  get status(): AgentInstanceStatus {
    return this.#seen.status
  }

  /** Whether there is something to say to somebody who is at a place, or only looks (undefined). */
  hasNews(place: string | undefined): boolean {
    return this.#isStale(place) || this.#seen.messages.length > 0 || isFinal(this.status)
  }

  /** @param signal aborted when the caller has gone: then nothing is taken */
  async handOut(tenant: Tenant, place: string | undefined, signal: AbortSignal): Promise<Pending> {
    if (this.#isStale(place)) return STALE
    if (place === undefined) return { status: 'ok', messages: this.#seen.messages }
    while (this.#taking) if (await this.#taking.then(succeeded, failed)) return STALE
    if (this.#seen.messages.length === 0 || signal.aborted) return NOTHING
    this.#taking = take(tenant, this.#instanceId, place)
    try {
      const messages = await this.#taking
      return messages ? { status: 'ok', messages } : STALE
    } catch (error) {
      // The next one tries.
      this.#taking = undefined
      throw error
    }
  }

  #isStale(place: string | undefined): boolean {
    return place !== undefined && this.#seen.place !== place
  }
}

function succeeded(): boolean {
  return true
}

function failed(): boolean {
  return false
}
