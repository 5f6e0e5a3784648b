import { setTimeout as sleep } from 'node:timers/promises'
import type { Tenant } from '../../../db/tenant.js'
import type { Handoff } from './handoffs.js'
import * as queries from './offer-queries.js'

/** Messages handed out to an agent, which may not arrive. */
export interface Offer {
  readonly instanceId: string
  /** UUID of the offer: that of the step or question that it goes with, or one of its own. */
  readonly id: string
  /** The last message of it. */
  readonly lastId: string
  /** The read cursor once it has arrived. */
  readonly readCursor: string
  /**
   * It stays in the queue, for one key, until the agent goes on: once it has arrived, the read cursor is where it was.
   */
  readonly isClaim?: boolean
}

/**
 * How often an offer is checked for having arrived, and the milliseconds before the first check; each later delay is
 * twice as long, a second in all. Mostly it has arrived, and a moment later that is noted.
 */
const MAX_CHECKS = 8
const FIRST_DELAY_MS = 4

/**
 * Milliseconds between two notes of a process that it is still writing an offer; well within the second for which
 * others check. Mostly the writing is over by then. A note is good for `LEASE` seconds.
 */
const RENEWAL = 300
const LEASE = 5

/** An offer that this process is writing, or whose end it is noting. */
interface Open {
  readonly over: Promise<void>
  readonly renewal: NodeJS.Timeout
}

/**
 * Messages handed out with an answer count as handed out when the answer was sent on a connection that was still open.
 * Until then they are an offer, noted in the run: the offers of a process that dies are found there.
 */
export class Offers {
  /** The offers of this process, by id. Concurrent callers with the same question are answered under one id. */
  readonly #open = new Map<string, Set<Open>>()

  /** @returns the handoff of a noted offer */
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

  /** Stops renewing the notes of this process. */
  close(): void {
    for (const all of this.#open.values()) for (const { renewal } of all) clearInterval(renewal)
  }

  /** The offer that moved the read cursor here has arrived: the agent has named the message. */
  async noteArrivalAt(tenant: Tenant, instanceId: string, readCursor: string): Promise<void> {
    await queries.noteArrivalAt(tenant, instanceId, readCursor)
  }

  /**
   * Waits until it is known whether the last offer has arrived: for as long as some process is writing it. An offer
   * that after a moment no process is writing was left behind by one that died: it is handed out again.
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
   * Waits a moment for the last offer, and leaves it as it is if it is still on its way then.
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
