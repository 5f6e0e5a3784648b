import { ProblemError } from '../../errors.js'
import { refusedKey } from '../../key-standing.js'
import { LONGEST_TIMEOUT } from '../../longest-timeout.js'
import type { ShownChange } from './changes.js'
import type { Reader } from './feed.js'
import type { Watching } from './hub.js'
import type { StandingOfKey } from './queries.js'
import { Wait, type Waiter } from './wait.js'

/** How many may wait at once in this process. */
export interface WaitLimits {
  readonly perKey: number
  readonly perAccount: number
}

/** Seconds after which a wait that was refused may be tried again. */
const RETRY_AFTER = 10

/** An API key, and which of its secrets. */
export type Secret = Pick<Waiter, 'keyId' | 'secretHash'>

export interface AccountWaitsOptions {
  readonly limits: WaitLimits
  /** Whether a secret is still good, and where the account stands. */
  look(secret: Secret): Promise<StandingOfKey | undefined>
  /** Begins to watch the account. */
  follow(revision: number, reader: Reader): Watching
  onEmpty(): void
}

/** Those who wait with one secret. */
interface Credential extends Secret {
  readonly waits: Set<Wait>
  expiry?: NodeJS.Timeout
}

/** Those who wait at the runs of one account: one reader of its feed, however many they are. */
export class AccountWaits implements Reader {
  position = 0
  readonly #options: AccountWaitsOptions
  readonly #runs = new Map<string, Set<Wait>>()
  readonly #credentials = new Map<string, Credential>()
  #watching: Watching | undefined
  /** The revision after which everything is heard. */
  #since = 0

  constructor(options: AccountWaitsOptions) {
    this.#options = options
  }

  /**
   * Begins to listen. Whatever happens after this was called is heard, or found by who looks once it has returned.
   *
   * @throws {ProblemError} 401 when the account is gone, the key was revoked, or the secret has ended; 429 when too many
   *   wait
   */
  async add(instanceId: string, waiter: Waiter): Promise<Wait> {
    this.#requireRoom(waiter.keyId)
    const credential = this.#credentialOf(waiter)
    const wait = this.#enter(instanceId, waiter, credential)
    try {
      await this.#begin(credential)
      return wait
    } catch (error) {
      wait.close()
      throw error
    }
  }

  /** How many wait. */
  get size(): number {
    return [...this.#credentials.values()].reduce((sum, { waits }) => sum + waits.size, 0)
  }

  stop(): void {
    for (const { waits } of this.#credentials.values()) for (const wait of waits) wait.stop()
  }

  hasRoom(): boolean {
    return true
  }

  deliver(change: ShownChange): void {
    for (const wait of this.#runs.get(change.instanceId) ?? []) wait.hear(change)
  }

  onRevoked(keyId: string | null): void {
    for (const credential of this.#credentials.values()) {
      if (keyId === null || credential.keyId === keyId) doubt(credential)
    }
  }

  /** The account is gone: no key of it is good any longer. */
  end(): void {
    this.onRevoked(null)
  }

  #requireRoom(keyId: string): void {
    const { perKey, perAccount } = this.#options.limits
    let ofKey = 0
    for (const credential of this.#credentials.values()) if (credential.keyId === keyId) ofKey += credential.waits.size
    if (ofKey >= perKey) throw tooMany('this API key', perKey)
    if (this.size >= perAccount) throw tooMany('this account', perAccount)
  }

  #credentialOf({ keyId, secretHash }: Secret): Credential {
    const name = `${keyId}:${secretHash}`
    const credential = this.#credentials.get(name) ?? { keyId, secretHash, waits: new Set() }
    this.#credentials.set(name, credential)
    return credential
  }

  #enter(instanceId: string, waiter: Waiter, credential: Credential): Wait {
    const ofRun = this.#runs.get(instanceId) ?? new Set()
    const wait = new Wait(
      waiter,
      async () => void (await this.#check(credential)),
      () => {
        ofRun.delete(wait)
        if (ofRun.size === 0 && this.#runs.get(instanceId) === ofRun) this.#runs.delete(instanceId)
        credential.waits.delete(wait)
        if (credential.waits.size === 0) this.#forget(credential)
      },
    )
    this.#runs.set(instanceId, ofRun.add(wait))
    credential.waits.add(wait)
    return wait
  }

  /** What was revoked before the account was watched is found by the look, what is revoked later is heard. */
  async #begin(credential: Credential): Promise<void> {
    let standing = await this.#check(credential)
    if (!this.#watching) {
      this.#watching = this.#options.follow(standing.revision, this)
      this.#since = this.position
    }
    while (standing.revision < this.#since) standing = await this.#check(credential)
  }

  /** Doubts the secret again when it ends, which may have been put off by then, or brought forward. */
  async #check(credential: Credential): Promise<StandingOfKey> {
    const standing = requireGood(await this.#options.look(credential))
    clearTimeout(credential.expiry)
    if (standing.remaining !== null && credential.waits.size > 0) {
      const remaining = Math.min(Math.ceil(standing.remaining), LONGEST_TIMEOUT)
      credential.expiry = setTimeout(() => doubt(credential), remaining)
    }
    return standing
  }

  #forget(credential: Credential): void {
    clearTimeout(credential.expiry)
    this.#credentials.delete(`${credential.keyId}:${credential.secretHash}`)
    if (this.#credentials.size > 0) return
    this.#watching?.leave()
    this.#options.onEmpty()
  }
}

function doubt({ waits }: Credential): void {
  for (const wait of waits) wait.doubt()
}

function requireGood(standing: StandingOfKey | undefined): StandingOfKey {
  if (!standing || standing.isRevoked) throw refusedKey('invalid_api_key')
  if (standing.remaining !== null && standing.remaining <= 0) throw refusedKey('api_key_expired')
  return standing
}

function tooMany(whose: string, count: number): ProblemError {
  const detail = `${count} calls of ${whose} wait already; try again later, or ask without waiting`
  return new ProblemError('too_many_waits', detail, { headers: { 'retry-after': String(RETRY_AFTER) } })
}
