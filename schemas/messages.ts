import { Type } from '@sinclair/typebox'
import {
  component,
  Limits,
  legacyOptional,
  mended,
  NullableJsonObject,
  nullable,
  PageLimit,
  ref,
  strict,
  stringEnum,
  Timestamp,
  Uuid,
} from './common.js'
import { StatusForAgent } from './instance-status.js'

/** Who may write a message: an agent, or a person. */
export const senderTypes = ['AGENT', 'USER'] as const

const instanceId = Uuid('The instance (run) the message belongs to.')
const MENDED = 'NUL characters and halves of surrogate pairs in it become U+FFFD, and `warnings` says so.'
const content = mended(Type.String({ minLength: 1, description: `The text, usually Markdown. ${MENDED}` }))

/** Absent when there is nothing to say. */
const Warnings = Type.Optional(
  Type.Array(Type.String(), { description: 'What was ignored, replaced or not done, and why.' }),
)

/** The choices of a question, as they are offered to the person. */
export const Options = Type.Array(Type.String({ minLength: 1, maxLength: Limits.option }), {
  maxItems: Limits.options,
  description: 'The choices of a question, shown to the person. One of them, or other words, is the answer.',
})

/** What an agent attaches to a message. */
const Metadata = mended(
  Type.Unsafe<Record<string, unknown> | null>({
    ...NullableJsonObject(
      'Anything to attach to the message, of at most 64 KiB as JSON. `webhook_url` is called with the answer, and not ' +
        `kept here; \`warnings\` has the reason if it cannot be. ${MENDED}`,
    ),
    properties: { options: Options },
  }),
)

const exampleInstanceId = '0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21'
const exampleMessageId = '0199b1a6-3b1c-7e0d-8f25-0a9d8c7b6a54'
const exampleTime = '2026-01-05T10:02:00.000Z'

/** Answer: a message of a chat. */
export const Message = component(
  'Message',
  Type.Object({
    id: Uuid('The message.'),
    content: Type.String(),
    sender_type: stringEnum(senderTypes),
    sender_user_id: nullable(Uuid('The person who wrote it; null for an agent.')),
    sender_user_email: nullable(Type.String()),
    sender_user_display_name: nullable(Type.String()),
    reported_by_agent: Type.Boolean({
      description:
        'An agent says that the person wrote this; it was not sent by the person. It answers a question only if the ' +
        'agent that asked reported it, or one that had posted to the run before, and it is never an approval.',
    }),
    created_at: Timestamp('When it was stored.'),
    requires_user_input: Type.Boolean({ description: 'It is a question.' }),
    message_metadata: NullableJsonObject('What the sender attached to it; `options` has the choices of a question.'),
  }),
  {
    id: exampleMessageId,
    content: 'Shall I deploy?',
    sender_type: 'AGENT',
    sender_user_id: null,
    sender_user_email: null,
    sender_user_display_name: null,
    reported_by_agent: false,
    created_at: exampleTime,
    requires_user_input: true,
    message_metadata: null,
  },
)

/** What a person wrote. */
export const UserMessageStored = component(
  'UserMessageStored',
  Type.Object({ ...Message.properties, warnings: Warnings }),
  {
    id: exampleMessageId,
    content: 'Yes, deploy.',
    sender_type: 'USER',
    sender_user_id: '0199b1a0-4f0d-7aa3-9c55-3d0f5d1f2a10',
    sender_user_email: 'ada@example.com',
    sender_user_display_name: 'Ada',
    reported_by_agent: false,
    created_at: exampleTime,
    requires_user_input: false,
    message_metadata: null,
  },
)

/** Legacy clients build an object from exactly these fields: one more breaks them. */
export const QueuedMessage = component(
  'QueuedMessage',
  Type.Object({
    id: Uuid('The message.'),
    content: Type.String(),
    sender_type: stringEnum(senderTypes),
    created_at: Timestamp('When it was stored.'),
    requires_user_input: Type.Boolean(),
  }),
  {
    id: exampleMessageId,
    content: 'Yes, deploy.',
    sender_type: 'USER',
    created_at: exampleTime,
    requires_user_input: false,
  },
)

/** Body of `POST /messages/agent`. */
export const AgentMessage = component(
  'AgentMessage',
  Type.Object({
    agent_instance_id: instanceId,
    agent_type: legacyOptional(
      Type.String({ maxLength: 255, description: 'The kind of agent; required when the instance is new.' }),
    ),
    content,
    requires_user_input: legacyOptional(Type.Boolean({ default: false, description: 'It is a question.' })),
    send_push: legacyOptional(Type.Boolean({ description: 'Notify by push. Accepted; no channel is set up yet.' })),
    send_email: legacyOptional(Type.Boolean({ description: 'Notify by e-mail. Accepted; no channel is set up yet.' })),
    send_sms: legacyOptional(Type.Boolean({ description: 'Notify by SMS. Accepted; no channel is set up yet.' })),
    git_diff: legacyOptional(
      mended(
        Type.String({
          description:
            'A unified diff, or its base64, of at most 8 MiB. Empty clears it, an invalid one is ignored. What cannot be ' +
            'stored of it becomes U+FFFD, and colour codes of terminals are taken out; `warnings` says so.',
        }),
      ),
    ),
    message_metadata: Type.Optional(Metadata),
  }),
  { agent_instance_id: exampleInstanceId, agent_type: 'claude code', content: 'Reading the code' },
)

/** Answer: an agent's message was stored, and what people wrote meanwhile. */
export const AgentMessageAccepted = component(
  'AgentMessageAccepted',
  Type.Object({
    success: Type.Boolean(),
    agent_instance_id: instanceId,
    message_id: Uuid('The new message.'),
    queued_user_messages: Type.Array(ref(QueuedMessage), {
      description:
        'What people wrote since the agent last read, oldest first. Each is handed out exactly once, unless ' +
        'the connection is closed before the answer was sent. Of more than 1,000 messages or 8 MiB, the rest comes with ' +
        'the next call.',
    }),
    instance_status: StatusForAgent,
    warnings: Warnings,
  }),
  {
    success: true,
    agent_instance_id: exampleInstanceId,
    message_id: exampleMessageId,
    queued_user_messages: [],
    instance_status: 'ACTIVE',
  },
)

/** Messages that one request may backfill. */
const MAX_BATCH = 100

const BatchItem = Type.Object(
  {
    id: Uuid('The message, chosen by the caller. Sending it again does nothing.'),
    agent_instance_id: instanceId,
    agent_type: Type.Optional(
      Type.String({ maxLength: 255, description: 'The kind of agent; required when the instance is new.' }),
    ),
    sender_type: Type.Optional(
      stringEnum(senderTypes, { default: 'AGENT', description: 'Whose words they are. A person’s count as read.' }),
    ),
    content,
    requires_user_input: Type.Optional(Type.Boolean({ default: false, description: 'It is a question.' })),
    message_metadata: Type.Optional(Metadata),
    history: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'It tells of the past: the status of the instance stays as it is, and nobody is notified.',
      }),
    ),
  },
  strict,
)

/** Body of `POST /messages/agent/batch`. */
export const MessageBatch = component(
  'MessageBatch',
  Type.Object({ messages: Type.Array(BatchItem, { minItems: 1, maxItems: MAX_BATCH }) }, strict),
  {
    messages: [
      {
        id: exampleMessageId,
        agent_instance_id: exampleInstanceId,
        agent_type: 'claude code',
        content: 'Reading the code',
      },
    ],
  },
)

/** Answer: what became of each message of a batch. */
export const MessageBatchResult = component(
  'MessageBatchResult',
  Type.Object({
    results: Type.Array(
      Type.Object({
        id: Uuid('The message.'),
        status: stringEnum(['created', 'duplicate', 'failed'], {
          description: '`duplicate`: there is a message with this id already; it stays as it is.',
        }),
        warnings: Warnings,
        error: Type.Optional(
          Type.Object({ code: Type.String(), detail: Type.String() }, { description: 'Why it failed.' }),
        ),
      }),
      { description: 'What became of each message, in the order sent.' },
    ),
  }),
  { results: [{ id: exampleMessageId, status: 'created' }] },
)

/** Seconds for which a poll is held at most, whatever was asked. */
export const LONGEST_WAIT = 50

/** Query of `GET /messages/pending`. */
export const PendingQuery = Type.Object({
  agent_instance_id: instanceId,
  last_read_message_id: Type.Optional(
    Uuid('The last message the agent knows. Without it nothing is taken: the caller only looks.'),
  ),
  wait: Type.Optional(
    Type.Number({
      minimum: 0,
      default: 0,
      description:
        'Seconds to wait for a message when there is none. The answer comes as soon as there is one, and after ' +
        `${LONGEST_WAIT} s in any case: many proxies give up after 60.`,
    }),
  ),
  confirm: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        'The place stays where it is: the same poll of this key gives the same messages until the agent polls from the ' +
        'last one’s id, or posts. Another key, or all but the latest of several polls at once, is told `stale`.',
    }),
  ),
})

const PendingStatus = stringEnum(['ok', 'stale'], {
  description:
    '`stale`: somebody else has read on from there, or is reading with `confirm`: another process of the agent, another key, or a later poll of this one.',
})

/** Answer: what people wrote. */
export const PendingMessages = component(
  'PendingMessages',
  Type.Object({
    agent_instance_id: instanceId,
    messages: Type.Array(ref(QueuedMessage), { description: 'What people wrote since, oldest first.' }),
    status: PendingStatus,
    instance_status: StatusForAgent,
  }),
  { agent_instance_id: exampleInstanceId, messages: [], status: 'ok', instance_status: 'AWAITING_INPUT' },
)

/** The path parameter of a route about one message. */
export const MessageParams = Type.Object({ message_id: Uuid('The message.') })

/** Answer: a step that has become a question. */
export const InputRequested = component(
  'InputRequested',
  Type.Object({
    success: Type.Boolean(),
    message_id: Uuid('The message that is now a question.'),
    agent_instance_id: instanceId,
    messages: Type.Array(ref(QueuedMessage), { description: 'Answers that were already there, oldest first.' }),
    status: PendingStatus,
  }),
  { success: true, message_id: exampleMessageId, agent_instance_id: exampleInstanceId, messages: [], status: 'ok' },
)

/** Body of `POST /messages/user`. */
export const ReportedUserMessage = component(
  'ReportedUserMessage',
  Type.Object({
    agent_instance_id: instanceId,
    content,
    mark_as_read: legacyOptional(
      Type.Boolean({ default: true, description: 'The agent knows it already: do not hand it out again.' }),
    ),
  }),
  { agent_instance_id: exampleInstanceId, content: 'Typed in the terminal', mark_as_read: true },
)

/** Answer: a person's words that an agent reported were stored. */
export const UserMessageReported = component(
  'UserMessageReported',
  Type.Object({
    success: Type.Boolean(),
    message_id: Uuid('The new message.'),
    marked_as_read: Type.Boolean({ description: 'It is not handed out to the agent.' }),
    warnings: Warnings,
  }),
  { success: true, message_id: exampleMessageId, marked_as_read: true },
)

/** Query of `GET /agent-instances/{id}/messages`. */
export const MessageQuery = Type.Object({
  limit: Type.Optional(PageLimit),
  before_message_id: Type.Optional(
    Uuid('Return the page just before this message. An id that is not in this chat is ignored.'),
  ),
})

/** Body of `POST /agent-instances/{id}/messages`. */
export const UserMessage = component(
  'UserMessage',
  Type.Object({
    content: Type.Optional(
      mended(Type.String({ minLength: 1, description: `The text. Required without \`option_index\`. ${MENDED}` })),
    ),
    option_index: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Limits.options - 1,
        description:
          'Answers the latest open question with one of its options, counted from 0. `content` then adds a remark.',
      }),
    ),
  }),
  { content: 'Yes, deploy.' },
)
