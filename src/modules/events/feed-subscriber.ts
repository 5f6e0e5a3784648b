import type { ShownChange } from '../account-log/changes.js'

/** Somebody who watches an account, or one run of it. */
export interface FeedSubscriber {
  /** The only run that it watches; undefined for the whole account. */
  readonly instanceId?: string | undefined
  /** The session that it came with: when that is revoked, it has to go. */
  readonly credentialId?: string | undefined
  /** Everything up to this revision was delivered to it. The feed moves it. */
  position: number
  /** Whether it takes more now. If not, it says so to the feed when it does, see `resume`. */
  hasRoom(): boolean
  onChange(change: ShownChange): void
  /** Told of each session and API key that is revoked, or all of them (null). */
  onRevoked?(credentialId: string | null): void
  /** Nothing follows: it may not read any longer, or there is nothing left to read. */
  onEnd(reason: 'revoked' | 'deleted'): void
}
