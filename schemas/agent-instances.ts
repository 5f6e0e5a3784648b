import { Type } from '@sinclair/typebox'
import {
  component,
  InstancePageQuery,
  Limits,
  legacyOptional,
  Name,
  NullableJsonObject,
  NullableTimestamp,
  nullable,
  ref,
  stringEnum,
  Timestamp,
  Uuid,
} from './common.js'
import { Status, StatusForAgent } from './instance-status.js'
import { Message } from './messages.js'

const exampleIds = {
  id: '0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21',
  agent_type_id: '0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30',
  agent_type_name: 'claude code',
}

const exampleState = {
  status: 'AWAITING_INPUT',
  started_at: '2026-01-05T10:00:00.000Z',
  ended_at: null,
  last_heartbeat_at: null,
  instance_metadata: null,
}

const identity = {
  id: Uuid('The instance.'),
  agent_type_id: Uuid('The kind of agent it is a run of.'),
  agent_type_name: Type.String(),
  name: nullable(
    Type.String({
      description:
        "The run's own title. One that nobody has named is called after the first words that a person said to it.",
    }),
  ),
}

const state = {
  status: Status,
  started_at: Timestamp('When it was first heard of.'),
  ended_at: NullableTimestamp('When it ended; null while it goes on, also after it was opened again.'),
  last_heartbeat_at: NullableTimestamp(
    'When its agent was last heard of: its last message, heartbeat, poll or other call; null before the first one.',
  ),
  instance_metadata: NullableJsonObject('What it told about itself at registration.'),
}

/** Answer: a run as lists show it. */
export const Instance = component(
  'Instance',
  Type.Object({
    ...identity,
    ...state,
    latest_message: nullable(Type.String({ description: 'The first 500 characters of the last message.' })),
    latest_message_at: NullableTimestamp('When the last message was written.'),
    chat_length: Type.Integer({ description: 'How many messages the chat has.' }),
  }),
  {
    ...exampleIds,
    name: 'Fix the login page',
    ...exampleState,
    latest_message: 'Shall I deploy?',
    latest_message_at: '2026-01-05T10:02:00.000Z',
    chat_length: 12,
  },
)

/** Answer: a run with its chat. */
export const InstanceDetail = component(
  'InstanceDetail',
  Type.Object({
    ...identity,
    ...state,
    git_diff: nullable(Type.String({ description: 'The latest diff of its working tree.' })),
    messages: Type.Array(ref(Message), { description: 'The last page of the chat, oldest first.' }),
    last_read_message_id: nullable(Uuid("The agent's place in the chat.")),
    access_level: stringEnum(['READ', 'WRITE'], { description: 'What the caller may do with it.' }),
    is_owner: Type.Boolean(),
  }),
  {
    ...exampleIds,
    name: 'Fix the login page',
    ...exampleState,
    git_diff: null,
    messages: [],
    last_read_message_id: null,
    access_level: 'WRITE',
    is_owner: true,
  },
)

/** Query of `GET /agent-instances`. */
export const InstanceQuery = Type.Object({
  ...InstancePageQuery.properties,
  scope: Type.Optional(
    stringEnum(['me', 'shared', 'all'], { description: 'Whose instances. Nothing is shared yet: `shared` is empty.' }),
  ),
  status: Type.Optional(Status),
  agent_type_id: Type.Optional(Uuid('Only runs of this kind of agent.')),
  q: Type.Optional(
    Type.String({ minLength: 1, maxLength: Limits.name, description: 'Only runs whose title or kind contains this.' }),
  ),
})

/** Query of `GET /agent-instances/{id}`: which part of the chat comes along. */
export const DetailQuery = Type.Object({
  message_limit: Type.Optional(
    Type.Integer({
      minimum: 0,
      default: 50,
      description: `How many messages; 0: none. More than ${Limits.page} count as that.`,
    }),
  ),
  before_message_id: Type.Optional(
    Uuid('Return the page of messages just before this one. An id that is not in this chat is ignored.'),
  ),
})

/** Body of `POST /agent-instances`. */
export const InstanceRegistration = component(
  'InstanceRegistration',
  Type.Object({
    agent_type: Name(
      'The kind of agent. Stored in lower case and NFC; made if it is new. On one line, with something to see.',
    ),
    agent_instance_id: legacyOptional(Uuid('The id to register under; made when left out.')),
    name: legacyOptional(Name("The run's own title.")),
    transport: legacyOptional(Type.String({ maxLength: 50, description: 'How the run is reached, kept as metadata.' })),
  }),
  { agent_type: 'claude code', name: 'Fix the login page' },
)

/** Answer: a run that was registered. */
export const RegisteredInstance = component(
  'RegisteredInstance',
  Type.Object({
    agent_instance_id: identity.id,
    agent_type_id: identity.agent_type_id,
    agent_type_name: identity.agent_type_name,
    status: Status,
    name: identity.name,
    instance_metadata: state.instance_metadata,
  }),
  {
    agent_instance_id: exampleIds.id,
    agent_type_id: exampleIds.agent_type_id,
    agent_type_name: 'claude code',
    status: 'ACTIVE',
    name: 'Fix the login page',
    instance_metadata: { transport: 'ws' },
  },
)

/** Answer to a heartbeat. */
export const Heartbeat = component(
  'Heartbeat',
  Type.Object({
    agent_instance_id: identity.id,
    last_heartbeat_at: Timestamp('When it arrived.'),
    instance_status: StatusForAgent,
  }),
  { agent_instance_id: exampleIds.id, last_heartbeat_at: '2026-01-05T10:02:30.000Z', instance_status: 'ACTIVE' },
)

/** Body of `PUT /agent-instances/{id}/status`. */
export const StatusChange = component('StatusChange', Type.Object({ status: Status }), { status: 'PAUSED' })

/** Body of `PATCH /agent-instances/{id}`. */
export const InstancePatch = component('InstancePatch', Type.Object({ name: Name("The run's new title.") }), {
  name: 'Fix the login page',
})

/** Body of `POST /sessions/end`. */
export const SessionEnd = component('SessionEnd', Type.Object({ agent_instance_id: identity.id }), {
  agent_instance_id: exampleIds.id,
})

/** Answer: a run that has ended. */
export const SessionEnded = component(
  'SessionEnded',
  Type.Object({
    success: Type.Boolean(),
    agent_instance_id: identity.id,
    final_status: Status,
  }),
  { success: true, agent_instance_id: exampleIds.id, final_status: 'COMPLETED' },
)

/** Answer: how many runs an agent type has. */
export const TypeCounts = component(
  'TypeCounts',
  Type.Object({
    id: identity.agent_type_id,
    name: Type.String(),
    total_instances: Type.Integer(),
    active_instances: Type.Integer({ description: 'Those that are active, await input or are paused.' }),
  }),
  { id: exampleIds.agent_type_id, name: 'claude code', total_instances: 4, active_instances: 1 },
)

/** Answer: how many runs an account has. */
export const Summary = component(
  'Summary',
  Type.Object({
    total_instances: Type.Integer(),
    active_instances: Type.Integer({ description: 'Those that are active, await input or are paused.' }),
    completed_instances: Type.Integer(),
    statuses: JsonCounts(),
    agent_types: Type.Array(ref(TypeCounts)),
  }),
  {
    total_instances: 4,
    active_instances: 1,
    completed_instances: 3,
    statuses: { AWAITING_INPUT: 1, COMPLETED: 3 },
    agent_types: [{ id: exampleIds.agent_type_id, name: 'claude code', total_instances: 4, active_instances: 1 }],
  },
)

function JsonCounts() {
  return Type.Record(Type.String(), Type.Integer(), { description: 'How many instances are in each status.' })
}

/** Answer: an agent type with its latest runs. */
export const AgentType = component(
  'AgentType',
  Type.Object({
    id: identity.agent_type_id,
    name: Type.String(),
    created_at: Timestamp('When the first run of this kind was heard of.'),
    recent_instances: Type.Array(ref(Instance), {
      description: `Those awaiting input first, then by last activity: 200 at most, and ${Limits.runs} of all kinds.`,
    }),
    total_instances: Type.Integer(),
    active_instances: Type.Integer({ description: 'Those that are active, await input or are paused.' }),
  }),
  {
    id: exampleIds.agent_type_id,
    name: 'claude code',
    created_at: '2026-01-05T10:00:00.000Z',
    recent_instances: [],
    total_instances: 4,
    active_instances: 1,
  },
)
