import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'
import { ProblemError } from '../../errors.js'
import type { Change } from './changes.js'
import type { Hub, Watching } from './hub.js'
import { findStanding } from './queries.js'

/** How long somebody waits, and what else ends the waiting. */
export interface Waiter {
  readonly seconds: number
  /** The API key that waits. */
  readonly credentialId: string
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal
}

/** Somebody who waits for something to be written to a run, or for its status to change. */
export interface WakeUp {
  /**
   * @returns whether that has happened since the last call, or since the waiting began; false when the time is up, the
   * caller has gone or the service stops
   * @throws {ProblemError} 401 when the credential was revoked
   */
  next(): Promise<boolean>
  close(): void
}

/** Wakes those who wait at runs. Waiting costs no query, and no connection of the database. */
export class WakeUps {
  readonly #database: Database
  readonly #hub: Hub
  readonly #open = new Set<Wait>()
  #closed = false

  constructor(database: Database, hub: Hub) {
    this.#database = database
    this.#hub = hub
  }

  /**
   * Begins to listen. Look for messages after this and before the first `next`: what was written before is not announced.
   *
   * @throws {ProblemError} 401 when the account is gone, or the credential was revoked
   */
  async listen(tenant: Tenant, instanceId: string, waiter: Waiter): Promise<WakeUp> {
    const standing = await findStanding(this.#database.tenant(tenant.userId), waiter.credentialId)
    if (!standing || standing.isRevoked) throw revoked()
    const onClose = () => this.#open.delete(wait)
    const wait = new Wait(this.#hub, tenant.userId, instanceId.toLowerCase(), standing.revision, waiter, onClose)
    this.#open.add(wait)
    if (this.#closed) wait.stop()
    return wait
  }

  /** Lets everybody who waits go, with nothing. */
  close(): void {
    this.#closed = true
    for (const wait of this.#open) wait.stop()
  }
}

type State = 'waiting' | 'woken' | 'over' | 'revoked'

class Wait implements WakeUp {
  readonly instanceId: string
  readonly credentialId: string
  position: number
  readonly #watching: Watching
  readonly #timer: NodeJS.Timeout
  readonly #signal: AbortSignal
  readonly #onClose: () => void
  #state: State = 'waiting'
  #notify: () => void = () => {}

  constructor(
    hub: Hub,
    userId: string,
    instanceId: string,
    revision: number,
    { seconds, credentialId, signal }: Waiter,
    onClose: () => void,
  ) {
    this.instanceId = instanceId
    this.credentialId = credentialId
    this.position = revision
    this.#onClose = onClose
    this.#signal = signal
    this.#timer = setTimeout(() => this.stop(), seconds * 1000)
    signal.addEventListener('abort', this.stop)
    if (signal.aborted) this.#state = 'over'
    this.#watching = hub.watch(userId, revision, this)
  }

  async next(): Promise<boolean> {
    if (this.#state === 'waiting') await new Promise<void>((resolve) => (this.#notify = resolve))
    if (this.#state === 'revoked') throw revoked()
    if (this.#state === 'over') return false
    this.#state = 'waiting'
    return true
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#signal.removeEventListener('abort', this.stop)
    this.#watching.leave()
    this.#onClose()
  }

  readonly stop = (): void => this.#become('over')

  hasRoom(): boolean {
    return true
  }

  /** Also by what the agent itself writes, which moves its place: who waits at the one before waits in vain. */
  deliver(change: Change): void {
    if (change.kind === 'message_inserted' || change.kind === 'status_changed') this.#become('woken')
  }

  /** A deleted run wakes as well: whoever looks finds that it is gone. */
  end(reason: 'revoked' | 'deleted'): void {
    this.#become(reason === 'revoked' ? 'revoked' : 'woken')
  }

  #become(state: State): void {
    // Only being revoked outweighs that there is no time left.
    if (this.#state === 'revoked' || (this.#state === 'over' && state === 'woken')) return
    this.#state = state
    this.#notify()
  }
}

function revoked(): ProblemError {
  return new ProblemError('invalid_api_key', 'The API key is not valid, or was revoked', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}
