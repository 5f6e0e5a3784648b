import { boundTo } from '../../../db/actor.js'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import { LONGEST_WAIT } from '../../../schemas/messages.js'
import { type Change, isByPerson, isEnd, isMessage } from '../account-log/changes.js'
import { missingInstance } from '../account-log/deleted-instances.js'
import type { AgentInstances } from '../agent-instances/service.js'
import type { LongPolls } from '../events/long-polls.js'
import { SharedQueries } from '../events/shared-queries.js'
import * as claims from './claims.js'
import { instanceNotFound } from './instance-not-found.js'
import type { Offers } from './offers.js'
import { type Collected, NOTHING, type Pending, type Poller, SharedQueue, STALE } from './pending.js'
import * as queries from './queries.js'

/** How long a poll waits for a message, and its caller. */
export interface WaitOptions {
  readonly seconds: number
  /** The API key that waits, and with which of its secrets: when that ends, nothing is handed out to it. */
  readonly keyId: string
  readonly secretHash: string
  /** Aborted when the caller has disconnected. */
  readonly signal: AbortSignal
}

/** Options of a poll. */
export interface PollOptions extends WaitOptions {
  /** What is handed out stays in the queue until the agent goes on from there, or posts. */
  readonly confirms?: boolean
}

/** A run, and the scope of the caller. */
interface InstanceAccess {
  readonly tenant: Tenant
  readonly instanceId: string
}

/** The dependencies of `Polls`. */
export interface PollsOptions {
  readonly longPolls: LongPolls
  readonly agentInstances: AgentInstances
  readonly offers: Offers
}

/** How agents collect people's messages. */
export class Polls {
  readonly #agentInstances: AgentInstances
  readonly #longPolls: LongPolls
  readonly #offers: Offers
  readonly #sharedQueues = new SharedQueries<InstanceAccess, SharedQueue>(([{ tenant, instanceId }]) =>
    this.#findQueue(tenant, instanceId),
  )

  constructor({ longPolls, agentInstances, offers }: PollsOptions) {
    this.#agentInstances = agentInstances
    this.#longPolls = longPolls
    this.#offers = offers
  }

  /**
   * What people wrote after the message that the agent read last. With that message's id it is taken, exactly once;
   * without, the caller only peeks. Either is a sign of life of the agent. What is taken comes with its handoff: if
   * that is lost, it is not taken. What is to be confirmed is not taken: it is claimed for the key until the agent goes
   * on.
   *
   * @param options its signal is aborted when the caller has disconnected: then nothing is taken
   * @throws {ProblemError} 400 when there is no such run; 410 when it was deleted
   */
  async pending(
    tenant: Tenant,
    instanceId: string,
    lastReadId: string | undefined,
    options: Omit<PollOptions, 'seconds' | 'secretHash'>,
  ): Promise<Collected> {
    const poller = { readCursor: lastReadId?.toLowerCase(), keyId: options.keyId }
    const run = { tenant, instanceId }
    const queue = await this.#findSettledQueue(poller, run, () => this.#findQueue(tenant, instanceId))
    return collect(queue, handOut(queue, run, poller, { ...options, turn: null }))
  }

  /**
   * As `pending`, but waits for a message while there is none and the run has no final status. All polls that wait at a
   * run share their queries.
   *
   * @param options.seconds more than `LONGEST_WAIT` count as that
   * @throws {ProblemError} as `pending`; 401 when the key is revoked meanwhile; 429 when too many wait
   */
  async awaitPending(
    tenant: Tenant,
    instanceId: string,
    lastReadId: string | undefined,
    options: PollOptions,
  ): Promise<Collected> {
    const { signal, keyId } = options
    const seconds = Math.min(options.seconds, LONGEST_WAIT)
    if (seconds === 0 || signal.aborted) return this.pending(tenant, instanceId, lastReadId, options)
    let heard: AgentInstanceStatus | undefined
    const concerns = (change: Change) => {
      if (change.kind === 'status_changed') heard = change.status
      // The agent's own messages move its read cursor: a poll from the one before waits in vain.
      return isEnd(change) || (lastReadId === undefined ? isByPerson(change) : isMessage(change))
    }
    const poller = { readCursor: lastReadId?.toLowerCase(), keyId }
    const run = { tenant, instanceId: instanceId.toLowerCase() }
    const longPoll = await this.#longPolls.open(tenant, instanceId, { ...options, seconds, concerns })
    const hangUp = this.#agentInstances.noteWaiting(tenant, instanceId)
    let turn: number | null = null
    try {
      for (;;) {
        heard = undefined
        const queue = await this.#findSettledQueue(poller, run, () => this.#sharedQueues.join(nameOf(run), run))
        const nothing = () => ({ ...NOTHING, instance_status: heard ?? queue.status })
        if (signal.aborted) return nothing()
        if (queue.hasAnswerFor(poller)) {
          await longPoll.requireValidKey()
          return await collect(queue, handOut(queue, run, poller, { ...options, turn }))
        }
        if (options.confirms && poller.readCursor !== undefined && turn === null) {
          const claimant = { readCursor: poller.readCursor, keyId, turn, waits: true }
          const claimed: claims.Claimed | undefined = await claims.claim(tenant, instanceId, claimant)
          if (!claimed || claimed.messages.length > 0) return await collect(queue, Promise.resolve(asPending(claimed)))
          turn = claimed.turn
        }
        if (await longPoll.next()) continue
        if (!signal.aborted) await longPoll.requireValidKey()
        return nothing()
      }
    } finally {
      hangUp()
      longPoll.close()
    }
  }

  /** Finds the queue, once it is known whether the last offer has arrived, as far as that matters to the poller. */
  async #findSettledQueue(poller: Poller, { tenant, instanceId }: InstanceAccess, find: () => Promise<SharedQueue>) {
    const { readCursor } = poller
    const queue = await find()
    if (readCursor !== undefined && queue.wasClaimedUpTo(poller)) {
      await claims.confirm(tenant, instanceId, readCursor)
      return find()
    }
    if (queue.isOfferedFrom(poller)) {
      // Peeking takes nothing: claims and offers stay as they are.
      if (readCursor === undefined) await this.#offers.settleSoon(tenant, instanceId)
      else await this.#offers.settle(tenant, instanceId)
      return find()
    }
    if (readCursor !== undefined && queue.wasOfferedTo(poller))
      await this.#offers.noteArrivalAt(tenant, instanceId, readCursor)
    return queue
  }

  /** @throws {ProblemError} 400 when there is no such run; 410 when it was deleted */
  async #findQueue(tenant: Tenant, instanceId: string): Promise<SharedQueue> {
    const found = await queries.findQueue(tenant, instanceId)
    if (!found) throw await missingInstance(tenant, instanceId, instanceNotFound())
    const woken = found.seemedSilent ? await this.#agentInstances.noteCall(tenant, instanceId) : undefined
    return new SharedQueue(instanceId, { ...found, status: woken ?? found.status }, this.#offers)
  }
}

async function collect({ status }: SharedQueue, handedOut: Promise<Pending>): Promise<Collected> {
  return { ...(await handedOut), instance_status: status }
}

/** Takes the messages for a poller; only claims them, where they are to be confirmed. */
async function handOut(
  queue: SharedQueue,
  { tenant, instanceId }: InstanceAccess,
  poller: Poller,
  { signal, confirms, turn }: Pick<PollOptions, 'signal' | 'confirms'> & { readonly turn: number | null },
): Promise<Pending> {
  const { readCursor, keyId } = poller
  if (!confirms || readCursor === undefined || !queue.hasMessagesFor(poller))
    return queue.handOut(tenant, poller, signal)
  return asPending(await claims.claim(tenant, instanceId, { readCursor, keyId, turn, waits: false }))
}

function asPending(claimed: claims.Claimed | undefined): Pending {
  return claimed ? { status: 'ok', messages: claimed.messages } : STALE
}

/** Callers in a narrower scope share no query with those in a wider one. */
function nameOf({ tenant, instanceId }: InstanceAccess): string {
  return `${tenant.userId}:${instanceId}:${boundTo(tenant.actor) !== undefined}`
}
