import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'
import { refusedKey } from '../../key-standing.js'
import type { Change } from './changes.js'
import type { Reader } from './feed.js'
import type { Hub, Watching } from './hub.js'
import { findStandingOfKey, type StandingOfKey } from './queries.js'

/** What a timer can wait for; a longer time would pass for none. Source: Node.js documentation, `setTimeout`. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/** How long somebody waits, and what else ends the waiting. */
export interface Waiter {
  readonly seconds: number
  /** The API key that waits, and with which of its secrets. */
  readonly keyId: string
  readonly secretHash: string
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal
  /** Which changes of the run it waits for. Each costs a look: what it need not know is to leave it alone. */
  concerns(change: Change): boolean
}

/** Somebody who waits for something to happen in a run. */
export interface WakeUp {
  /**
   * @returns whether that has happened since the last call, or since the waiting began; false when the time is up, the
   * caller has gone or the service stops
   * @throws {ProblemError} 401 when the key was revoked, or the secret has ended
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
   * @throws {ProblemError} 401 when the account is gone, the key was revoked, or the secret has ended
   */
  async listen(tenant: Tenant, instanceId: string, waiter: Waiter): Promise<WakeUp> {
    // Not the caller's tenant: for a key that is bound to a run, that shows no keys and no other changes.
    const account = this.#database.tenant(tenant.userId)
    const look = async () => requireGood(await findStandingOfKey(account, waiter))
    const standing = await look()
    const onClose = () => this.#open.delete(wait)
    const watch = (reader: Reader) => this.#hub.watch(tenant.userId, standing.revision, reader)
    const wait = new Wait({ instanceId: instanceId.toLowerCase(), waiter, standing, look, watch, onClose })
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

type State = 'waiting' | 'woken' | 'over'

interface WaitOptions {
  readonly instanceId: string
  readonly waiter: Waiter
  readonly standing: StandingOfKey
  /** @throws {ProblemError} 401 when the waiter may not go on */
  look(): Promise<StandingOfKey>
  watch(reader: Reader): Watching
  onClose(): void
}

class Wait implements WakeUp {
  readonly instanceId: string
  readonly credentialId: string
  position: number
  readonly #watching: Watching
  readonly #timer: NodeJS.Timeout
  readonly #signal: AbortSignal
  readonly #concerns: (change: Change) => boolean
  readonly #look: () => Promise<StandingOfKey>
  readonly #onClose: () => void
  #expiry: NodeJS.Timeout | undefined
  #state: State = 'waiting'
  #notify: () => void = () => {}

  constructor({ instanceId, waiter, standing, look, watch, onClose }: WaitOptions) {
    const { seconds, keyId, signal } = waiter
    this.instanceId = instanceId
    this.credentialId = keyId
    this.position = standing.revision
    this.#concerns = (change) => waiter.concerns(change)
    this.#look = look
    this.#onClose = onClose
    this.#signal = signal
    this.#timer = setTimeout(() => this.stop(), seconds * 1000)
    this.#expect(standing)
    signal.addEventListener('abort', this.stop)
    if (signal.aborted) this.#state = 'over'
    this.#watching = watch(this)
  }

  /**
   * Nothing is handed out before it is looked whether the secret is still good: what ends it need not be known here yet,
   * and a message may be known before it.
   */
  async next(): Promise<boolean> {
    if (this.#state === 'waiting') await new Promise<void>((resolve) => (this.#notify = resolve))
    if (this.#signal.aborted) return false
    const isOver = this.#state === 'over'
    // What happens during the look wakes again.
    if (!isOver) this.#state = 'waiting'
    this.#expect(await this.#look())
    return !isOver
  }

  /** Looks again when the secret ends, which may have been put off by then, or brought forward. */
  #expect({ remaining }: StandingOfKey): void {
    clearTimeout(this.#expiry)
    if (remaining === null) return
    this.#expiry = setTimeout(() => this.reconsider(), Math.min(Math.ceil(remaining), LONGEST_TIMEOUT))
  }

  close(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#expiry)
    this.#signal.removeEventListener('abort', this.stop)
    this.#watching.leave()
    this.#onClose()
  }

  readonly stop = (): void => this.#become('over')

  hasRoom(): boolean {
    return true
  }

  deliver(change: Change): void {
    if (this.#concerns(change)) this.#become('woken')
  }

  reconsider(): void {
    this.#become('woken')
  }

  /** A deleted run wakes: whoever looks finds that it is gone. */
  end(): void {
    this.#become('woken')
  }

  #become(state: State): void {
    if (this.#state === 'over') return
    this.#state = state
    this.#notify()
  }
}

function requireGood(standing: StandingOfKey | undefined): StandingOfKey {
  if (!standing || standing.isRevoked) throw refusedKey('invalid_api_key')
  if (standing.remaining !== null && standing.remaining <= 0) throw refusedKey('api_key_expired')
  return standing
}
