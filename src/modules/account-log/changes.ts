import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { isFinal } from './status.js'

/** Who wrote a message, if it was a person. */
export type Sender = Pick<MessagePayload, 'sender_user_id' | 'sender_user_email' | 'sender_user_display_name'>

/** A message as those who watch are shown it. */
export interface MessagePayload {
  readonly id: string
  readonly content: string
  readonly sender_type: 'AGENT' | 'USER'
  readonly sender_user_id: string | null
  readonly sender_user_email: string | null
  readonly sender_user_display_name: string | null
  readonly reported_by_agent: boolean
  readonly created_at: Date
  readonly requires_user_input: boolean
  readonly message_metadata: Record<string, unknown> | null
}

/** A run as those who watch the account are shown it when it is made. */
export interface InstancePayload {
  readonly agent_type_id: string
  readonly agent_type_name: string
  readonly name: string | null
  readonly status: AgentInstanceStatus
  readonly started_at: Date
}

/** What can happen in an account, with what those who watch are told of it. */
type ChangeBody =
  | { readonly kind: 'message_inserted'; readonly instanceId: string; readonly message: MessagePayload }
  /** A step was turned into a question. */
  | { readonly kind: 'message_updated'; readonly instanceId: string; readonly message: MessagePayload }
  | { readonly kind: 'instance_created'; readonly instanceId: string; readonly instance: InstancePayload }
  | { readonly kind: 'status_changed'; readonly instanceId: string; readonly status: AgentInstanceStatus }
  | { readonly kind: 'git_diff_changed'; readonly instanceId: string; readonly gitDiff: string | null }
  | { readonly kind: 'instance_deleted'; readonly instanceId: string }
  /**
   * A session or an API key is not to be served any longer, or not with each of its secrets; null: none of them all is.
   */
  | { readonly kind: 'credential_revoked'; readonly credentialId: string | null }

/** A change, and its position in the order of the account's changes. */
export type Change = ChangeBody & {
  /** The account's revision that the change brought about. Each has one of its own, and none is left out. */
  readonly revision: number
  readonly at: Date
}

/** A change that is shown to those who watch, and happened to a run. */
export type ShownChange = Exclude<Change, { kind: 'credential_revoked' }>

/** Whether a message was added. */
export function isMessage(change: Change): change is Extract<Change, { kind: 'message_inserted' }> {
  return change.kind === 'message_inserted'
}

/** Whether the run has ended for good. */
export function isEnd(change: Change): boolean {
  return change.kind === 'status_changed' && isFinal(change.status)
}

/** Whether a person has written something. */
export function isByPerson(change: Change): boolean {
  return isMessage(change) && change.message.sender_type === 'USER'
}
