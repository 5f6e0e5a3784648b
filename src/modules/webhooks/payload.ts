import type { EventType } from '../../../schemas/webhooks.js'
import { FINISHED } from '../account-log/status.js'
import type { InstanceEntry, MessageEntry } from './log.js'

/** A run as lists show it. */
export interface InstanceView {
  readonly id: string
}

/** An event as webhooks receive it: one change, of one type. */
export interface WebhookEvent {
  readonly revision: number
  readonly type: EventType
  readonly instanceId: string
  /** The message that it is about. */
  readonly messageId: string | null
  readonly body: string
}

/** @returns the body of a delivery, as the Standard Webhooks specification suggests it */
export function bodyOf(type: EventType, timestamp: Date, data: object): string {
  return JSON.stringify({ type, timestamp, data })
}

/**
 * @param instances the current state of the entries' runs; of a deleted one nothing is shown
 * @returns the events of an account, in the order of their changes
 */
export function eventsOf(
  { messages, events }: { messages: readonly MessageEntry[]; events: readonly InstanceEntry[] },
  instances: ReadonlyMap<string, InstanceView>,
): WebhookEvent[] {
  return [
    ...messages.flatMap(messageEvents),
    ...events.flatMap((entry) => instanceEvents(entry, instances.get(entry.agent_instance_id) ?? null)),
  ].sort((a, b) => a.revision - b.revision)
}

function messageEvents(entry: MessageEntry): WebhookEvent[] {
  const { revision, changed, is_truncated, ...fields } = entry
  const { agent_instance_id, ...message } = fields
  const event = (type: EventType, at: Date): WebhookEvent => ({
    revision,
    type,
    instanceId: agent_instance_id,
    messageId: message.id,
    body: bodyOf(type, at, { agent_instance_id, message, ...(is_truncated ? { is_truncated } : {}) }),
  })
  // The log does not store when a step became a question.
  if (changed) return [event('question.asked', new Date())]
  const created = event('message.created', message.created_at)
  return message.requires_user_input && message.sender_type === 'AGENT'
    ? [created, event('question.asked', message.created_at)]
    : [created]
}

function instanceEvents(entry: InstanceEntry, instance: InstanceView | null): WebhookEvent[] {
  const { revision, kind, agent_instance_id, created_at } = entry
  const event = (type: EventType, data: object): WebhookEvent => ({
    revision,
    type,
    instanceId: agent_instance_id,
    messageId: null,
    body: bodyOf(type, created_at, { agent_instance_id, ...data, instance }),
  })
  if (kind === 'instance_created') return [event('instance.created', {})]
  const status = kind === 'instance_deleted' ? 'DELETED' : entry.status
  const changed = event('instance.status_changed', { status })
  return FINISHED.some((finished) => finished === status) ? [changed, event('instance.ended', { status })] : [changed]
}
