import { refusedKey } from '../../credentials/key-status.js'
import { ProblemError } from '../../errors.js'
import type { ShownChange } from '../account-log/changes.js'
import type { FeedSubscriber } from './feed-subscriber.js'
import type { Subscription } from './hub.js'
import { type LongPollOptions, OpenLongPoll } from './long-poll.js'
import { LONGEST_TIMEOUT } from './longest-timeout.js'
import type { KeyStatus } from './queries.js'

/** Limits of concurrent long polls in this process. */
export interface LongPollLimits {
  readonly perKey: number
  readonly perAccount: number
}

/** Seconds after which a refused long poll may be retried. */
const RETRY_AFTER = 10

/** An API key, and which of its secrets. */
export type KeySecret = Pick<LongPollOptions, 'keyId' | 'secretHash'>

/** The dependencies of `AccountLongPolls`. */
export interface AccountLongPollsOptions {
  readonly limits: LongPollLimits
  /** Reads whether a secret is still good, and the account's revision. */
  findKeyStatus(secret: KeySecret): Promise<KeyStatus | undefined>
  /** Subscribes to the account. */
  subscribe(revision: number, reader: FeedSubscriber): Subscription
  onEmpty(): void
}

/** The long polls with one secret. */
interface Credential extends KeySecret {
  readonly longPolls: Set<OpenLongPoll>
  expiry?: NodeJS.Timeout
}

/** The long polls at the runs of one account: one subscriber of its feed, however many they are. */
export class AccountLongPolls implements FeedSubscriber {
  position = 0
  readonly #options: AccountLongPollsOptions
  readonly #instances = new Map<string, Set<OpenLongPoll>>()
  readonly #credentials = new Map<string, Credential>()
  #subscription: Subscription | undefined
  /** Changes after this revision are received. */
  #since = 0

  constructor(options: AccountLongPollsOptions) {
    this.#options = options
  }

  /**
   * Begins to listen. Changes after the call are received, or found by a query made once it has returned.
   *
   * @throws {ProblemError} 401 when the account is gone, the key was revoked, or the secret has ended; 429 when too
   *   many wait
   */
  async add(instanceId: string, options: LongPollOptions): Promise<OpenLongPoll> {
    this.#requireRoom(options.keyId)
    const credential = this.#credentialOf(options)
    const longPoll = this.#enter(instanceId, options, credential)
    try {
      await this.#begin(credential)
      return longPoll
    } catch (error) {
      longPoll.close()
      throw error
    }
  }

  /** The number of waiting long polls. */
  get size(): number {
    return [...this.#credentials.values()].reduce((sum, { longPolls }) => sum + longPolls.size, 0)
  }

  stop(): void {
    for (const { longPolls } of this.#credentials.values()) for (const longPoll of longPolls) longPoll.stop()
  }

  hasRoom(): boolean {
    return true
  }

  onChange(change: ShownChange): void {
    for (const longPoll of this.#instances.get(change.instanceId) ?? []) longPoll.onChange(change)
  }

  onRevoked(keyId: string | null): void {
    for (const credential of this.#credentials.values()) {
      if (keyId === null || credential.keyId === keyId) revalidate(credential)
    }
  }

  /** The account is gone: no key of it is good any longer. */
  onEnd(): void {
    this.onRevoked(null)
  }

  #requireRoom(keyId: string): void {
    const { perKey, perAccount } = this.#options.limits
    let ofKey = 0
    for (const credential of this.#credentials.values())
      if (credential.keyId === keyId) ofKey += credential.longPolls.size
    if (ofKey >= perKey) throw tooMany('this API key', perKey)
    if (this.size >= perAccount) throw tooMany('this account', perAccount)
  }

  #credentialOf({ keyId, secretHash }: KeySecret): Credential {
    const name = `${keyId}:${secretHash}`
    const credential = this.#credentials.get(name) ?? { keyId, secretHash, longPolls: new Set() }
    this.#credentials.set(name, credential)
    return credential
  }

  #enter(instanceId: string, options: LongPollOptions, credential: Credential): OpenLongPoll {
    const ofInstance = this.#instances.get(instanceId) ?? new Set()
    const longPoll = new OpenLongPoll(
      options,
      async () => void (await this.#check(credential)),
      () => {
        ofInstance.delete(longPoll)
        if (ofInstance.size === 0 && this.#instances.get(instanceId) === ofInstance) this.#instances.delete(instanceId)
        credential.longPolls.delete(longPoll)
        if (credential.longPolls.size === 0) this.#forget(credential)
      },
    )
    this.#instances.set(instanceId, ofInstance.add(longPoll))
    credential.longPolls.add(longPoll)
    return longPoll
  }

  /** The query finds revocations from before the subscription; later ones are received as changes. */
  async #begin(credential: Credential): Promise<void> {
    let status = await this.#check(credential)
    if (!this.#subscription) {
      this.#subscription = this.#options.subscribe(status.revision, this)
      this.#since = this.position
    }
    while (status.revision < this.#since) status = await this.#check(credential)
  }

  /** Revalidates the secret when it ends, which may have been put off by then, or brought forward. */
  async #check(credential: Credential): Promise<KeyStatus> {
    const status = requireValid(await this.#options.findKeyStatus(credential))
    clearTimeout(credential.expiry)
    if (status.remaining !== null && credential.longPolls.size > 0) {
      const remaining = Math.min(Math.ceil(status.remaining), LONGEST_TIMEOUT)
      credential.expiry = setTimeout(() => revalidate(credential), remaining)
    }
    return status
  }

  #forget(credential: Credential): void {
    clearTimeout(credential.expiry)
    this.#credentials.delete(`${credential.keyId}:${credential.secretHash}`)
    if (this.#credentials.size > 0) return
    this.#subscription?.unsubscribe()
    this.#options.onEmpty()
  }
}

function revalidate({ longPolls }: Credential): void {
  for (const longPoll of longPolls) longPoll.revalidate()
}

function requireValid(status: KeyStatus | undefined): KeyStatus {
  if (!status || status.isRevoked) throw refusedKey('invalid_api_key')
  if (status.remaining !== null && status.remaining <= 0) throw refusedKey('api_key_expired')
  return status
}

function tooMany(whose: string, count: number): ProblemError {
  const detail = `${count} calls of ${whose} wait already; try again later, or ask without waiting`
  return new ProblemError('too_many_waits', detail, { headers: { 'retry-after': String(RETRY_AFTER) } })
}
