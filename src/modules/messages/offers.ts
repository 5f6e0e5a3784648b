import { setTimeout as sleep } from 'node:timers/promises'
import type { Tenant } from '../../../db/tenant.js'
import type { Handoff } from './handoffs.js'
import * as queries from './offer-queries.js'

/** What is handed out to an agent, and may not arrive. */
export interface Offer {
  readonly instanceId: string
  /** UUID that it is noted under: of the step or question that it goes with, or one of its own. */
  readonly id: string
  /** The last message of it. */
  readonly lastId: string
  /** Where the agent is when it has arrived. */
  readonly readCursor: string
  /** It stays in the queue, for one key, until the agent goes on: when it has arrived, the read cursor is where it was. */
  readonly isClaim?: boolean
}

/**
 * How often it is looked whether something that is on its way has arrived, and after how many milliseconds for the first
 * time; then after twice as many each time, a second in all. Mostly it has, and a moment later that is noted.
 */
const MAX_CHECKS = 8
const FIRST_DELAY_MS = 4

/**
 * Milliseconds after which a process notes that it is still writing what it hands out, and again each time; well within the
 * second that others look. Mostly it is written by then. The note is good for so many seconds.
 */
const RENEWAL = 300
const LEASE = 5

/** Something on its way that this process is writing, or whose end it is noting. */
interface Open {
  readonly over: Promise<void>
  readonly renewal: NodeJS.Timeout
}

/**
 * What is handed out with an answer counts as handed out when the answer was sent on a connection that was still there.
 * Until that is known it is on its way, and noted as such in the run: what a process that dies has left there is found.
 */
export class Offers {
  /** Those of this process, by id. Several who asked the same are answered under one id. */
  readonly #open = new Map<string, Set<Open>>()

  /** @returns what is to be told how it ended for an offer that was noted */
  handoffOf(tenant: Tenant, { instanceId, id, lastId, readCursor, isClaim = false }: Offer): Handoff {
    const end = this.#hold(tenant, instanceId, id)
    const noteArrival = () =>
      isClaim
        ? queries.noteClaimArrival(tenant, instanceId, id)
        : queries.noteArrival(tenant, instanceId, id, { lastId, readCursor })
    return {
      arrived: () => end(noteArrival()),
      lost: () => end(queries.giveBack(tenant, instanceId, id)),
    }
  }

  #hold(tenant: Tenant, instanceId: string, id: string): (noted: Promise<void>) => Promise<void> {
    let tell = () => {}
    const over = new Promise<void>((resolve) => {
      tell = resolve
    })
    // The next one is due soon.
    const renew = () => queries.renew(tenant, instanceId, id, LEASE).catch(() => {})
    const open = { over, renewal: setInterval(renew, RENEWAL).unref() }
    const all = this.#open.get(id) ?? new Set()
    this.#open.set(id, all.add(open))
    return async (noted) => {
      clearInterval(open.renewal)
      try {
        await noted
      } finally {
        all.delete(open)
        if (all.size === 0 && this.#open.get(id) === all) this.#open.delete(id)
        tell()
      }
    }
  }

  /** Ends what this process does by itself for what it has handed out. */
  close(): void {
    for (const all of this.#open.values()) for (const { renewal } of all) clearInterval(renewal)
  }

  /** Whatever moved the read cursor here has arrived: the agent has named it. */
  async noteArrivalAt(tenant: Tenant, instanceId: string, readCursor: string): Promise<void> {
    await queries.noteArrivalAt(tenant, instanceId, readCursor)
  }

  /**
   * Waits until it is known whether what was handed out last has arrived: for as long as some process is writing it. What is
   * still on its way after a moment without one was left behind by a process that is gone: it is handed out again.
   */
  async settle(tenant: Tenant, instanceId: string): Promise<void> {
    let id: string | undefined
    for (let checks = 0; ; checks++) {
      const offered = await queries.findOffered(tenant, instanceId)
      if (!offered) return
      if (offered.id !== id) checks = 0
      id = offered.id
      const open = this.#open.get(id)
      if (open) await Promise.race([...open].map(({ over }) => over))
      else if (checks >= MAX_CHECKS && !offered.isHeld) return queries.giveBack(tenant, instanceId, id)
      else await sleep(FIRST_DELAY_MS * 2 ** Math.min(checks, MAX_CHECKS))
    }
  }

  /**
   * Waits a moment for what was handed out last, and leaves it as it is if it is still on its way then.
   *
   * @returns whether nothing is on its way any longer
   */
  async settleSoon(tenant: Tenant, instanceId: string): Promise<boolean> {
    for (let checks = 0; checks <= MAX_CHECKS; checks++) {
      if (!(await queries.findOffered(tenant, instanceId))) return true
      await sleep(FIRST_DELAY_MS * 2 ** checks)
    }
    return false
  }
}
