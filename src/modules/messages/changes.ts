import { isFinal } from '../agent-instances/status.js'
import type { Change, MessagePayload } from '../events/changes.js'
import type { Appended, NewMessage } from './append.js'

/** Who wrote a message, if it was a person. */
type Sender = Pick<MessagePayload, 'sender_user_id' | 'sender_user_email' | 'sender_user_display_name'>

const AGENT: Sender = { sender_user_id: null, sender_user_email: null, sender_user_display_name: null }

/** What those who watch are told of a message that was appended, in the order of its revisions. */
export function changesOf(message: NewMessage, appended: Appended, sender: Sender = AGENT): Change[] {
  const { instanceId, gitDiff = null } = message
  const { created_at: at, revision, status, status_revision, git_diff_revision } = appended
  const shown = {
    id: message.id,
    content: message.content,
    sender_type: message.senderType,
    sender_user_id: sender.sender_user_id,
    sender_user_email: sender.sender_user_email,
    sender_user_display_name: sender.sender_user_display_name,
    reported_by_agent: message.reportedByAgent,
    created_at: at,
    requires_user_input: message.requiresUserInput,
    message_metadata: message.metadata,
  }
  return [
    ...(status && status_revision !== null
      ? [{ kind: 'status_changed', revision: status_revision, at, instanceId, status } as const]
      : []),
    ...(git_diff_revision === null
      ? []
      : [{ kind: 'git_diff_changed', revision: git_diff_revision, at, instanceId, gitDiff } as const]),
    { kind: 'message_inserted', revision, at, instanceId, message: shown },
  ]
}

/** Whether the change is a new message. */
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
