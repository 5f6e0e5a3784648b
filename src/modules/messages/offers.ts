import { setTimeout as sleep } from 'node:timers/promises'
import type { Tenant } from '../../../db/tenant.js'
import type { Delivery } from '../../plugins/deliveries.js'
import * as queries from './offer-queries.js'

/** What is handed out to an agent, and may not arrive. */
export interface Offer {
  readonly instanceId: string
  /** UUID that it is noted under: of the step or question that it goes with, or one of its own. */
  readonly id: string
  /** The last message of it. */
  readonly lastId: string
  /** Where the agent is when it has arrived. */
  readonly placeId: string
}

/**
 * How often it is looked whether something that is on its way has arrived, and after how many milliseconds for the first
 * time; then after twice as many each time, a second in all. Mostly it has, and a moment later that is noted.
 */
const LOOKS = 8
const FIRST_LOOK = 4

/**
 * What is handed out with an answer counts as handed out when the answer was sent on a connection that was still there.
 * Until that is known it is on its way, and noted as such in the run: what a process that dies has left there is found.
 */
export class Offers {
  /** Those of this process whose end is being noted, by id. */
  readonly #ending = new Map<string, Promise<void>>()

  /** @returns what is to be told how it ended for an offer that was noted */
  deliveryOf(tenant: Tenant, { instanceId, id, lastId, placeId }: Offer): Delivery {
    return {
      arrived: () => this.#end(id, queries.noteArrival(tenant, instanceId, id, { lastId, placeId })),
      lost: () => this.#end(id, queries.giveBack(tenant, instanceId, id)),
    }
  }

  async #end(id: string, noted: Promise<void>): Promise<void> {
    this.#ending.set(id, noted)
    try {
      await noted
    } finally {
      this.#ending.delete(id)
    }
  }

  /** Whatever led the agent to this place has arrived: the agent has named it. */
  async noteArrivalAt(tenant: Tenant, instanceId: string, placeId: string): Promise<void> {
    await queries.noteArrivalAt(tenant, instanceId, placeId)
  }

  /**
   * Waits until it is known whether what was handed out last has arrived. What is still on its way after a moment was left
   * behind by a process that is gone: it is handed out again.
   */
  async settle(tenant: Tenant, instanceId: string): Promise<void> {
    for (let looks = 0; ; looks++) {
      const offered = await queries.findOffered(tenant, instanceId)
      if (!offered) return
      // A database that is busy may take longer than a moment.
      await this.#ending.get(offered)?.catch(() => {})
      if (looks === LOOKS) return queries.giveBack(tenant, instanceId, offered)
      await sleep(FIRST_LOOK * 2 ** looks)
    }
  }
}
