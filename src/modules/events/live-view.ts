import type { Tenant } from '../../../db/tenant.js'
import { notFound, ProblemError } from '../../errors.js'
import type { EventStream } from './event-stream.js'
import type { Hub, Subscriber } from './hub.js'
import { findCredentialStatus, findCredentialStatusForInstance } from './queries.js'
import type { Streams } from './streams.js'
import { chunkOfChange, type WireEvent } from './wire.js'

const REVOKED = 'The session has ended; log in again'

/** The services of live views. */
export interface LiveViewServices {
  readonly hub: Hub
  readonly streams: Streams
}

/** The scope of a live view, and where it resumes. */
export interface WantedView {
  /** UUID of the session; undefined for a person whose provider keeps the sessions. */
  readonly sessionId: string | undefined
  /** UUID of the only run; undefined for the whole account. */
  readonly instanceId: string | undefined
  /** The id of the last event that the reader has; undefined to begin with new changes. */
  readonly resumeFrom: string | undefined
}

/**
 * Opens a stream of an account, or of one run of it, and subscribes it. It unsubscribes itself when it is closed.
 *
 * @throws {ProblemError} 404 when there is no such run; 401 when the session has ended, although its access token or
 *   ticket is still good; 429 when too many are open
 */
export async function openLiveView(
  { hub, streams }: LiveViewServices,
  tenant: Tenant,
  { sessionId, instanceId: given, resumeFrom }: WantedView,
): Promise<EventStream> {
  const { userId } = tenant
  const instanceId = given?.toLowerCase()
  const status = await (instanceId === undefined
    ? findCredentialStatus(tenant, sessionId)
    : findCredentialStatusForInstance(tenant, instanceId, sessionId))
  if (!status) throw notFound(instanceId === undefined ? 'Account' : 'Agent instance')
  if (status.isRevoked) throw new ProblemError('invalid_token', REVOKED)
  const { revision } = status
  // An id from the future would suppress the changes until then.
  const position = Math.min(Number(resumeFrom ?? revision), revision)
  const connected: WireEvent =
    instanceId === undefined
      ? { event: 'connected', data: { user_id: userId } }
      : { event: 'connected', data: { instance_id: instanceId } }

  const stream = streams.open(userId, sessionId, () => subscription.resume())
  stream.send(connected, position)
  const subscription = hub.subscribe(userId, revision, subscriberOf(stream, position, instanceId, sessionId))
  stream.once('close', () => subscription.unsubscribe())
  return stream
}

function subscriberOf(
  stream: EventStream,
  position: number,
  instanceId: string | undefined,
  credentialId: string | undefined,
): Subscriber {
  return {
    position,
    instanceId,
    credentialId,
    hasRoom: () => stream.hasRoom(),
    onChange: (change) => {
      // A reader of one run knows that it was created.
      if (change.kind === 'instance_created' && instanceId !== undefined) return
      const chunk = chunkOfChange(change)
      if (chunk) stream.sendChunk(chunk)
    },
    onHeartbeat: (id, at) => {
      const data = { event_type: 'agent_heartbeat', instance_id: id, last_heartbeat_at: at } as const
      if (stream.hasRoom()) stream.send({ event: 'agent_heartbeat', data })
    },
    onEnd: (reason) => stream.close(reason === 'revoked' ? REVOKED : undefined),
  }
}
