import type { ShownChange } from '../account-log/changes.js'

/** A subscriber of an account, or of one run of it. */
export interface FeedSubscriber {
  /** The only run that it subscribes to; undefined for the whole account. */
  readonly instanceId?: string | undefined
  /** The session that it was opened with: when that is revoked, the subscription ends. */
  readonly credentialId?: string | undefined
  /** Everything up to this revision was delivered to it. The feed moves it. */
  position: number
  /** Whether it takes more now. If not, it calls `resume` of the feed when it does. */
  hasRoom(): boolean
  onChange(change: ShownChange): void
  /** Called for each session and API key that is revoked, or all of them (null). */
  onRevoked?(credentialId: string | null): void
  /** The subscription has ended: its credential was revoked, or the account or run was deleted. */
  onEnd(reason: 'revoked' | 'deleted'): void
}
