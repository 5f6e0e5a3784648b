import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { isFinal } from './status.js'

/** Who wrote a message, if it was a person. */
export type Sender = Pick<MessagePayload, 'sender_user_id' | 'sender_user_email' | 'sender_user_display_name'>

/** A message as subscribers receive it. */
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

/** A new run as subscribers of the account receive it. */
export interface InstancePayload {
  readonly agent_type_id: string
  readonly agent_type_name: string
  readonly name: string | null
  readonly status: AgentInstanceStatus
  readonly started_at: Date
}

/** The kinds of changes, with what subscribers receive of each. */
type ChangeBody =
  | { readonly kind: 'message_inserted'; readonly instanceId: string; readonly message: MessagePayload }
  /** A step was turned into a question. */
  | { readonly kind: 'message_updated'; readonly instanceId: string; readonly message: MessagePayload }
  | { readonly kind: 'instance_created'; readonly instanceId: string; readonly instance: InstancePayload }
  | { readonly kind: 'status_changed'; readonly instanceId: string; readonly status: AgentInstanceStatus }
  | { readonly kind: 'git_diff_changed'; readonly instanceId: string; readonly gitDiff: string | null }
  | { readonly kind: 'instance_deleted'; readonly instanceId: string }
  /** A session or an API key was revoked, or one of its secrets was; null: every credential of the account. */
  | { readonly kind: 'credential_revoked'; readonly credentialId: string | null }

/** A change, and its position in the order of the account's changes. */
export type Change = ChangeBody & {
  /** The account's revision of the change. Each change has its own, without gaps. */
  readonly revision: number
  readonly at: Date
}

/** A change of a run, which subscribers receive. */
export type ShownChange = Exclude<Change, { kind: 'credential_revoked' }>

/** Whether a message was added. */
export function isMessage(change: Change): change is Extract<Change, { kind: 'message_inserted' }> {
  return change.kind === 'message_inserted'
}

/** Whether the run has ended for good. */
export function isEnd(change: Change): boolean {
  return change.kind === 'status_changed' && isFinal(change.status)
}

/** Whether a person has written a message. */
export function isByPerson(change: Change): boolean {
  return isMessage(change) && change.message.sender_type === 'USER'
}
