import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import { notFound, ProblemError } from '../../errors.js'
import { newId } from '../../ids.js'
import { turnIntoQuestion } from '../account-log/question-changes.js'
import type { Events } from '../events/events.js'
import * as claims from './claims.js'
import type { Offers } from './offers.js'
import type { Pending } from './pending.js'
import * as queries from './queries.js'

/** Steps that agents turn into questions. */
export class InputRequests {
  readonly #events: Events
  readonly #offers: Offers

  constructor({ events, offers }: { readonly events: Events; readonly offers: Offers }) {
    this.#events = events
    this.#offers = offers
  }

  /**
   * Turns a step into a question. What people wrote since is handed out with it, if the agent has not read on; it comes
   * with its handoff, as in `pending`.
   *
   * @throws {ProblemError} 404 when it is not an agent's message; 400 when it is a question already
   */
  async request(tenant: Tenant, messageId: string): Promise<Pending & { instanceId: string; messageId: string }> {
    const id = messageId.toLowerCase()
    for (;;) {
      const { instanceId, handedOut } = await tenant.transaction((trx) => this.#turnIntoQuestion(trx, id))
      if (!handedOut) {
        await this.#offers.settle(tenant, instanceId)
        continue
      }
      const { offerId, status, messages } = handedOut
      const last = messages.at(-1)
      const offer = last && { instanceId, id: offerId, lastId: last.id, readCursor: last.id }
      const handoff = offer && this.#offers.handoffOf(tenant, offer)
      return { status, messages, instanceId, messageId: id, ...(handoff ? { handoff } : {}) }
    }
  }

  /**
   * @returns nothing handed out, and nothing done, if something is on its way that would be queued again if it is lost
   */
  async #turnIntoQuestion(trx: TenantTransaction, id: string) {
    const message = await queries.findAgentMessageLocked(trx, id)
    if (!message) throw notFound('Agent message')
    if (message.requires_user_input) {
      // The published wrappers match these words, and ask with a new message then.
      throw new ProblemError('already_requires_input', 'The message already requires user input')
    }
    const instanceId = message.agent_instance_id
    const isCurrent = message.last_read_message_id === id
    // As a post does, it confirms the claim of a key.
    const given = message.claimed_up_to
    if (message.offered_message_id !== null) {
      const isOfferedFrom = message.offered_from_message_id === id && (!isCurrent || given !== null)
      if (isOfferedFrom) return { instanceId }
      await this.#offers.noteArrivalAt(trx, instanceId, id)
    }
    if (isCurrent && given !== null) await claims.confirm(trx, instanceId, given)
    const offerId = newId()
    const taking = { offerId, keyId: null, from: id }
    const messages = (isCurrent && (await queries.take(trx, instanceId, given ?? id, taking))) || []
    await turnIntoQuestion(trx, instanceId, id, messages.length === 0)
    this.#events.publishHint(trx)
    const status = isCurrent ? ('ok' as const) : ('stale' as const)
    return { instanceId, handedOut: { offerId, status, messages } }
  }
}
