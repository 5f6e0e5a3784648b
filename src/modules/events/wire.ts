import type { Static } from '@sinclair/typebox'
import type { StreamEvent } from '../../../schemas/events.js'
import type { InstanceStatus } from '../../../schemas/instance-status.js'
import type { Change } from '../account-log/changes.js'
import type { Chunk } from './backlog.js'

/** An event as readers receive it. */
export type WireEvent = Static<typeof StreamEvent>

/** @returns the event of a change; undefined for a change that is not shown to readers */
function eventOf(change: Change): WireEvent | undefined {
  switch (change.kind) {
    case 'message_inserted':
      return {
        event: 'message',
        data: { event_type: 'message_insert', agent_instance_id: change.instanceId, ...change.message },
      }
    case 'message_updated':
      return {
        event: 'message_update',
        data: {
          event_type: 'message_update',
          agent_instance_id: change.instanceId,
          ...change.message,
          old_requires_user_input: false,
        },
      }
    case 'instance_created':
      return {
        event: 'instance_created',
        data: { event_type: 'instance_created', instance_id: change.instanceId, ...change.instance },
      }
    case 'status_changed':
      return statusUpdate(change.instanceId, change.status, change.at)
    case 'instance_deleted':
      return statusUpdate(change.instanceId, 'DELETED', change.at)
    case 'git_diff_changed':
      return {
        event: 'git_diff_update',
        data: {
          event_type: 'git_diff_update',
          instance_id: change.instanceId,
          git_diff: change.gitDiff,
          timestamp: change.at,
        },
      }
    case 'credential_revoked':
      return undefined
  }
}

function statusUpdate(instanceId: string, status: InstanceStatus, timestamp: Date): WireEvent {
  return { event: 'status_update', data: { event_type: 'status_update', instance_id: instanceId, status, timestamp } }
}

/**
 * An event in the event stream format.
 * Source: HTML Living Standard, section "Server-sent events".
 *
 * @param id what a reader that reconnects sends as `Last-Event-ID`
 */
export function chunkOf({ event, data }: WireEvent, id?: number): Chunk {
  const text = `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
  return { bytes: Buffer.from(text), holders: 0 }
}

/** They are released with their changes, of which feeds keep a bounded number of bytes. */
const chunks = new WeakMap<Change, Chunk>()

/** @returns the chunk of a change for all readers, encoded once; undefined when it has no event */
export function chunkOfChange(change: Change): Chunk | undefined {
  const known = chunks.get(change)
  if (known) return known
  const event = eventOf(change)
  if (!event) return undefined
  const chunk = chunkOf(event, change.revision)
  chunks.set(change, chunk)
  return chunk
}
