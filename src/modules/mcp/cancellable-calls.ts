import { createHash } from 'node:crypto'
import type { Events } from '../events/events.js'

/** Names a request of a client; nobody else can name it without knowing the client's session. */
export function hashCallId(keyId: string, sessionId: string, requestId: string | number): string {
  return createHash('sha256')
    .update(JSON.stringify([keyId, sessionId, requestId]))
    .digest('base64url')
}

/**
 * The requests of this process that can be cancelled. A client that gives up says so in a request of its
 * own, which may reach another process, and keeps the connection on which it waited: without this an answer would be
 * sent to somebody who does not listen any longer.
 */
export class CancellableCalls {
  readonly #open = new Map<string, () => void>()
  readonly #events: Events

  constructor(events: Events) {
    this.#events = events
    events.subscribe((hint) => {
      if (hint.kind === 'cancelled') this.#open.get(hint.callId)?.()
    })
  }

  /** @param onCancel called when the client does not want the answer any longer. @returns a function that ends that */
  add(callId: string, onCancel: () => void): () => void {
    this.#open.set(callId, onCancel)
    return () => {
      if (this.#open.get(callId) === onCancel) this.#open.delete(callId)
    }
  }

  /** Cancels a request, in whichever process it waits. */
  cancel(userId: string, callId: string): void {
    this.#events.publishCancelled(userId, callId)
  }
}
