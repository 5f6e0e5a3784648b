import { createHash } from 'node:crypto'
import type { Events } from '../events/events.js'

/** Names a request of a client; only a client that knows the session can name it. */
export function hashCallId(keyId: string, sessionId: string, requestId: string | number): string {
  return createHash('sha256')
    .update(JSON.stringify([keyId, sessionId, requestId]))
    .digest('base64url')
}

/**
 * The requests of this process that can be cancelled. A client cancels by another request, which may reach another
 * process, and keeps the connection on which it waited: without this an answer would be sent to a client that ignores
 * it.
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

  /** @param onCancel called when the client has cancelled the request. @returns a function that ends that */
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
