import type { Tenant } from '../../../db/tenant.js'
import type { Log } from '../../logging/log.js'
import type { Change } from '../account-log/changes.js'
import { decodeHint, encodeHint, type Hint, type HintTransport } from './hints.js'

/** A hint about an account, with the changes themselves if they were made in this process. */
export type ChangeHint = Hint & { readonly changes?: readonly Change[] }

/** @returns whether it may be about more than messages: keys, sessions, the account itself */
export function isUnspecific(hint: ChangeHint): boolean {
  return hint.kind === 'changed' && hint.revision === BEYOND
}

/** Is notified that an account has changed, and up to which revision. */
export type Listener = (hint: ChangeHint) => void

/** No account gets this far: every listener that is notified of it queries the log. */
const BEYOND = Number.MAX_SAFE_INTEGER

/**
 * Notifies this process at once of changes in accounts, and the others by hints. Published after the commit, and to the
 * other processes in batches: while one is being sent the next one gathers.
 */
export class Events {
  readonly #transport: HintTransport
  readonly #log: Log
  readonly #listeners = new Set<Listener>()
  #revisions = new Map<string, number>()
  #passing: string[] = []
  #sending: Promise<void> | undefined
  #closed = false

  constructor(transport: HintTransport, log: Log) {
    this.#transport = transport
    this.#log = log
  }

  /** Publishes changes as soon as they are committed. Never fails. */
  publish(tenant: Tenant, changes: readonly Change[]): void {
    if (changes.length > 0) tenant.afterCommit(() => this.announce(tenant.userId, changes))
  }

  /** Publishes that something has changed, as soon as it is committed: subscribers query the log. */
  publishHint(tenant: Tenant): void {
    tenant.afterCommit(() => this.#broadcast({ kind: 'changed', userId: tenant.userId, revision: BEYOND }))
  }

  /** Publishes an agent's sign of life. */
  publishHeartbeat(tenant: Tenant, instanceId: string, at: Date): void {
    tenant.afterCommit(() =>
      this.#broadcast({ kind: 'heartbeat', userId: tenant.userId, instanceId: instanceId.toLowerCase(), at }),
    )
  }

  /** Publishes that a client has cancelled a call, whichever process it waits in. */
  publishCancelled(userId: string, callId: string): void {
    this.#broadcast({ kind: 'cancelled', userId, callId })
  }

  /** Publishes the changes of an account once they are committed. */
  announce(userId: string, changes: readonly Change[]): void {
    const revision = Math.max(...changes.map((change) => change.revision))
    this.#broadcast({ kind: 'changed', userId, revision, changes })
  }

  /**
   * @param listener called for each change, in this process or another. @returns a function that ends the subscription
   */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): Promise<void> {
    return this.#transport.start((hints) => {
      for (const text of hints) {
        const hint = decodeHint(text)
        if (hint) this.#emit(hint)
      }
    })
  }

  /** Sends pending hints. Later ones stay in this process. */
  async close(): Promise<void> {
    await this.#sending
    this.#closed = true
    await this.#transport.close()
  }

  #broadcast(hint: ChangeHint): void {
    this.#emit(hint)
    if (this.#closed) return
    if (hint.kind !== 'changed') this.#passing.push(encodeHint(hint))
    else this.#revisions.set(hint.userId, Math.max(hint.revision, this.#revisions.get(hint.userId) ?? 0))
    this.#sending ??= this.#send()
  }

  #emit(hint: ChangeHint): void {
    for (const listener of this.#listeners) listener(hint)
  }

  async #send(): Promise<void> {
    await new Promise(setImmediate)
    while (this.#revisions.size > 0 || this.#passing.length > 0) {
      const hints = [...this.#revisions].map(([userId, revision]) => encodeHint({ kind: 'changed', userId, revision }))
      hints.push(...this.#passing)
      this.#revisions = new Map()
      this.#passing = []
      await this.#transport.send(hints).catch((error) => {
        this.#log.warn({ err: error }, 'hints were lost; other replicas catch up at their next reconcile pass')
      })
    }
    this.#sending = undefined
  }
}
