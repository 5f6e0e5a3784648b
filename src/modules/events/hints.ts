/**
 * Messages between processes. A hint says only which account to query, and the tables say what happened. A lost one
 * delays a reader until the next one or until the reconcile pass.
 */
export type Hint =
  /** An account has reached a revision. */
  | { readonly kind: 'changed'; readonly userId: string; readonly revision: number }
  /** An agent has given a sign of life. It is not in the log; the next one follows soon. */
  | { readonly kind: 'heartbeat'; readonly userId: string; readonly instanceId: string; readonly at: Date }
  /** A client has cancelled a call that waits for an answer. */
  | { readonly kind: 'cancelled'; readonly userId: string; readonly callId: string }

/** Carries hints to the other processes of the service, and from them. */
export interface HintTransport {
  /** Sends hints. @throws {Error} when they are lost */
  send(hints: readonly string[]): Promise<void>
  /** @param receive called with each hint that any process sent, this one included */
  start(receive: (hints: readonly string[]) => void): Promise<void>
  close(): Promise<void>
}

/** Encodes a hint as short text, as the transports carry it. `decodeHint` reads it. */
export function encodeHint(hint: Hint): string {
  switch (hint.kind) {
    case 'changed':
      return `${hint.userId}:${hint.revision}`
    case 'heartbeat':
      return `${hint.userId}:${hint.instanceId}:${hint.at.getTime()}`
    case 'cancelled':
      return `${hint.userId}:cancelled:${hint.callId}`
  }
}

/** @returns undefined for a hint of another version of the service */
export function decodeHint(text: string): Hint | undefined {
  const [userId, second, third, ...rest] = text.split(':')
  if (!userId || !second || rest.length > 0) return undefined
  if (third === undefined) {
    const revision = Number(second)
    return Number.isSafeInteger(revision) ? { kind: 'changed', userId, revision } : undefined
  }
  if (second === 'cancelled') return { kind: 'cancelled', userId, callId: third }
  const at = new Date(Number(third))
  return Number.isNaN(at.getTime()) ? undefined : { kind: 'heartbeat', userId, instanceId: second, at }
}
