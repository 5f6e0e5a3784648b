import { type TSchema, Type } from '@sinclair/typebox'
import { component, nullable, ref, Timestamp, Uuid, undescribed } from './common.js'
import { Status } from './instance-status.js'
import { Message } from './messages.js'

const instanceId = Uuid('The instance.')
const time = '2026-01-05T10:02:00.000Z'
const exampleInstanceId = '0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21'
const exampleMessage = {
  id: '0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54',
  content: 'Shall I deploy?',
  sender_type: 'AGENT',
  sender_user_id: null,
  sender_user_email: null,
  sender_user_display_name: null,
  reported_by_agent: false,
  created_at: time,
  requires_user_input: true,
  message_metadata: null,
}

/** `data` of each server-sent event, by the event's name. */
export const ConnectedEvent = component('ConnectedEvent', Type.Object({ instance_id: instanceId }), {
  instance_id: exampleInstanceId,
})

/** Data of the first event of an account's stream. */
export const AccountConnectedEvent = component(
  'AccountConnectedEvent',
  Type.Object({ user_id: Uuid('The person whose account it is.') }),
  { user_id: '0199b1a4-2d10-7c41-9a02-6f1e0d9c8b7a' },
)

/** Data: a run was made. */
export const InstanceCreatedEvent = component(
  'InstanceCreatedEvent',
  Type.Object({
    event_type: Type.Literal('instance_created'),
    instance_id: instanceId,
    agent_type_id: Uuid('The kind of agent.'),
    agent_type_name: Type.String(),
    name: nullable(Type.String()),
    status: Status,
    started_at: Timestamp('When it was made.'),
  }),
  {
    event_type: 'instance_created',
    instance_id: exampleInstanceId,
    agent_type_id: '0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b20',
    agent_type_name: 'claude code',
    name: null,
    status: 'ACTIVE',
    started_at: time,
  },
)

/** Data: a message was written. */
export const MessageEvent = component(
  'MessageEvent',
  Type.Object({
    event_type: Type.Literal('message_insert'),
    agent_instance_id: instanceId,
    ...Message.properties,
  }),
  { event_type: 'message_insert', agent_instance_id: exampleInstanceId, ...exampleMessage },
)

/** Data: a message has changed. */
export const MessageUpdateEvent = component(
  'MessageUpdateEvent',
  Type.Object({
    event_type: Type.Literal('message_update'),
    agent_instance_id: instanceId,
    ...Message.properties,
    old_requires_user_input: Type.Boolean(),
  }),
  {
    event_type: 'message_update',
    agent_instance_id: exampleInstanceId,
    ...exampleMessage,
    old_requires_user_input: false,
  },
)

/** Data: a run has another status. */
export const StatusUpdateEvent = component(
  'StatusUpdateEvent',
  Type.Object({
    event_type: Type.Literal('status_update'),
    instance_id: instanceId,
    status: Status,
    timestamp: Timestamp('When it changed.'),
  }),
  { event_type: 'status_update', instance_id: exampleInstanceId, status: 'ACTIVE', timestamp: time },
)

/** Data: a run has another diff. */
export const GitDiffUpdateEvent = component(
  'GitDiffUpdateEvent',
  Type.Object({
    event_type: Type.Literal('git_diff_update'),
    instance_id: instanceId,
    git_diff: nullable(Type.String()),
    timestamp: Timestamp('When it changed.'),
  }),
  { event_type: 'git_diff_update', instance_id: exampleInstanceId, git_diff: null, timestamp: time },
)

/** Data: an agent gave a sign of life. */
export const AgentHeartbeatEvent = component(
  'AgentHeartbeatEvent',
  Type.Object({
    event_type: Type.Literal('agent_heartbeat'),
    instance_id: instanceId,
    last_heartbeat_at: Timestamp('When the agent last gave a sign of life.'),
  }),
  { event_type: 'agent_heartbeat', instance_id: exampleInstanceId, last_heartbeat_at: time },
)

/** Data: the stream is alive, although nothing happens. */
export const HeartbeatEvent = component('HeartbeatEvent', Type.Object({ timestamp: Timestamp('Now.') }), {
  timestamp: time,
})

/** Data of the last event of a stream that the server ends. */
export const ErrorEvent = component(
  'ErrorEvent',
  Type.Object({ event_type: Type.Literal('error'), error: Type.String({ description: 'Why the stream ends.' }) }),
  { event_type: 'error', error: 'The reader is too slow; reconnect to go on' },
)

// Each event: its name, and the data it carries.
/** The event `connected` of a run's stream. */
export const ConnectedStreamEvent = streamEvent('connected', ConnectedEvent)
/** The event `connected` of an account's stream. */
export const AccountConnectedStreamEvent = streamEvent('connected', AccountConnectedEvent)
/** The event `instance_created`. */
export const InstanceCreatedStreamEvent = streamEvent('instance_created', InstanceCreatedEvent)
/** The event `message`. */
export const MessageStreamEvent = streamEvent('message', MessageEvent)
/** The event `message_update`. */
export const MessageUpdateStreamEvent = streamEvent('message_update', MessageUpdateEvent)
/** The event `status_update`. */
export const StatusUpdateStreamEvent = streamEvent('status_update', StatusUpdateEvent)
/** The event `git_diff_update`. */
export const GitDiffUpdateStreamEvent = streamEvent('git_diff_update', GitDiffUpdateEvent)
/** The event `agent_heartbeat`. */
export const AgentHeartbeatStreamEvent = streamEvent('agent_heartbeat', AgentHeartbeatEvent)
/** The event `heartbeat`. */
export const HeartbeatStreamEvent = streamEvent('heartbeat', HeartbeatEvent)
/** The event `error`. */
export const ErrorStreamEvent = streamEvent('error', ErrorEvent)

/** What a stream can say. */
export const StreamEvent = component(
  'StreamEvent',
  Type.Union(
    [
      ref(ConnectedStreamEvent),
      ref(AccountConnectedStreamEvent),
      ref(InstanceCreatedStreamEvent),
      ref(MessageStreamEvent),
      ref(MessageUpdateStreamEvent),
      ref(StatusUpdateStreamEvent),
      ref(GitDiffUpdateStreamEvent),
      ref(AgentHeartbeatStreamEvent),
      ref(HeartbeatStreamEvent),
      ref(ErrorStreamEvent),
    ],
    { description: 'One server-sent event: its `event` field, and the JSON of its `data` field.' },
  ),
  { event: 'connected', data: { instance_id: exampleInstanceId } },
)

function streamEvent<const E extends string, T extends TSchema & { $id: string }>(event: E, data: T) {
  const schema = Type.Object({ event: Type.Literal(event), data: ref(data) })
  return component(data.$id.replace(/Event$/, 'StreamEvent'), schema, { event, data: data['examples'][0] })
}

/** An `id` that a stream has sent. */
const EventId = Type.String({
  pattern: '^[0-9]{0,16}$',
  description:
    'The `id` of the last event that was received; everything after it is sent first, then what is new. Empty for none.',
})

/** Query of a stream: a ticket, and where to resume, for clients that cannot set headers. */
export const StreamQuery = Type.Object({
  ticket: Type.Optional(
    Type.String({
      description: 'A ticket from `POST /api/v1/events/ticket`, for `EventSource`, which sends no headers.',
    }),
  ),
  token: Type.Optional(
    Type.String({ description: 'The access token itself, as legacy clients send it. A ticket is safer in a URL.' }),
  ),
  // For `EventSource`, by the names that the header has in other people's code. Generators would make one name of them all.
  last_event_id: Type.Optional(undescribed(EventId)),
  'Last-Event-ID': Type.Optional(undescribed(EventId)),
  lastEventId: Type.Optional(undescribed(EventId)),
})

/** Headers of a stream: where to resume. */
export const StreamHeaders = Type.Object({ 'last-event-id': Type.Optional(EventId) })

/** Answer: a ticket that opens a stream. */
export const StreamTicket = component(
  'StreamTicket',
  Type.Object({
    ticket: Type.String({ description: 'Goes into the URL of a stream as `?ticket=`; good for nothing else.' }),
    expires_in: Type.Integer({ description: 'Seconds within which a stream must be opened with it.' }),
  }),
  { ticket: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…', expires_in: 60 },
)
