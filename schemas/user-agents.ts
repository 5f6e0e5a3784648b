import { Type } from '@sinclair/typebox'
import { component, legacyOptional, Name, NullableJsonObject, nullable, stringEnum, Timestamp, Uuid } from './common.js'

/** What a secret that is set looks like in an answer. Sent back, it leaves the secret as it is. */
export const SECRET_MASK = '********'

/** Both generations of clients: the first knows a URL and a key, the later one a type and its fields. */
const webhookInput = {
  webhook_type: legacyOptional(
    Type.String({
      maxLength: 50,
      description: 'One of `GET /user-agents/webhook-types`; null takes the webhook away.',
    }),
  ),
  webhook_config: Type.Optional(
    NullableJsonObject(
      'The build fields of the type. Of a webhook that stays of its type, fields that are left out stay as they are; ' +
        `null removes one. A secret that is sent as \`${SECRET_MASK}\`, as answers show it, stays as it is.`,
    ),
  ),
  webhook_url: legacyOptional(
    Type.String({ maxLength: 2048, description: 'The first generation of clients: the type `OMNARA_SERVE`.' }),
  ),
  webhook_api_key: legacyOptional(Type.String({ maxLength: 4096, description: 'The same: what it is called with.' })),
}

/** Body of `POST /user-agents`. */
export const UserAgentCreate = component(
  'UserAgentCreate',
  Type.Object({
    name: Name(
      'The kind of agent, unique whatever its case. Stored in lower case and NFC. On one line, with something to see.',
    ),
    is_active: Type.Optional(Type.Boolean({ default: true })),
    ...webhookInput,
  }),
  { name: 'nightly triage' },
)

/** Body of `PATCH /user-agents/{id}`. */
export const UserAgentPatch = component(
  'UserAgentPatch',
  Type.Object({
    name: Type.Optional(Name('The new name.')),
    is_active: Type.Optional(Type.Boolean()),
    ...webhookInput,
  }),
  { is_active: false },
)

/** Answer: an agent type as it is configured. */
export const UserAgent = component(
  'UserAgent',
  Type.Object({
    id: Uuid('The user agent; the same id as its agent type.'),
    name: Type.String(),
    webhook_url: nullable(Type.String()),
    has_webhook: Type.Boolean({ description: 'It has a webhook to be launched by.' }),
    webhook_type: nullable(Type.String()),
    webhook_config: NullableJsonObject(`How it is launched. Secrets that are set show as \`${SECRET_MASK}\`.`),
    is_active: Type.Boolean(),
    created_at: Timestamp('When it was made.'),
    updated_at: Timestamp('When it was last changed.'),
    instance_count: Type.Integer(),
    active_instance_count: Type.Integer(),
    waiting_instance_count: Type.Integer({ description: 'Awaiting input.' }),
    completed_instance_count: Type.Integer(),
    error_instance_count: Type.Integer({ description: 'Failed, killed or disconnected.' }),
  }),
  {
    id: '0199b1a4-7f10-7bb2-9a35-6f2d1d1e8c30',
    name: 'nightly triage',
    webhook_url: null,
    has_webhook: false,
    webhook_type: null,
    webhook_config: null,
    is_active: true,
    created_at: '2026-01-05T10:00:00.000Z',
    updated_at: '2026-01-05T10:00:00.000Z',
    instance_count: 4,
    active_instance_count: 0,
    waiting_instance_count: 1,
    completed_instance_count: 3,
    error_instance_count: 0,
  },
)

const fieldTypes = ['string', 'text', 'url', 'password', 'select', 'json'] as const

const WebhookField = Type.Object({
  name: Type.String({ description: 'Its name in `webhook_config`, or in the body of a launch.' }),
  label: Type.String({ description: 'What people read.' }),
  type: stringEnum(fieldTypes, { description: 'What it is entered with. `json` is a string that holds JSON.' }),
  required: Type.Boolean(),
  description: Type.String(),
  placeholder: nullable(Type.String()),
  default: nullable(Type.String({ description: 'What counts when it is left out.' })),
  options: Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: { type: 'string' } }),
  validation_regex: nullable(Type.String({ description: 'A regular expression that the value matches.' })),
  is_secret: Type.Boolean({ description: 'Encrypted at rest, and shown masked.' }),
})

const exampleField = {
  name: 'url',
  label: 'URL',
  type: 'url',
  required: true,
  description: 'Where to call.',
  placeholder: 'https://agents.example.com/launch',
  default: null,
  options: null,
  validation_regex: '^https?://',
  is_secret: false,
}

/** Answer: a way to launch agents, as forms are made from it. */
export const WebhookType = component(
  'WebhookType',
  Type.Object(
    {
      id: Type.String({ description: 'The value of `webhook_type`.' }),
      name: Type.String(),
      description: Type.String(),
      icon: Type.String({ description: 'The name of an icon.' }),
      build_fields: Type.Array(WebhookField, { description: 'What `webhook_config` holds.' }),
      runtime_fields: Type.Array(WebhookField, { description: 'What a launch is given.' }),
    },
    { description: 'A way to launch agents, described so that forms can be made from it.' },
  ),
  {
    id: 'DEFAULT',
    name: 'Webhook',
    description: 'Calls any URL.',
    icon: 'webhook',
    build_fields: [exampleField],
    runtime_fields: [{ ...exampleField, name: 'prompt', label: 'Prompt', type: 'text', validation_regex: null }],
  },
)

/** Body of `POST /user-agents/{id}/instances`. */
export const Launch = component(
  'Launch',
  Type.Object(
    {
      prompt: legacyOptional(Type.String({ description: 'What the agent is to do; the first message of the chat.' })),
      name: legacyOptional(Type.String({ maxLength: 255, description: "The run's title." })),
    },
    {
      additionalProperties: true,
      description: 'The runtime fields of the type, see `GET /user-agents/webhook-types`.',
    },
  ),
  { prompt: 'Find out why the nightly build fails', name: 'Nightly build' },
)

/** Answer: a run that was launched. */
export const Launched = component(
  'Launched',
  Type.Object({
    success: Type.Boolean(),
    agent_instance_id: Uuid('The new run.'),
    message: Type.String({ description: 'What was done, for people.' }),
    error: nullable(Type.String({ description: 'Always null: a launch that fails is answered with a problem.' })),
  }),
  {
    success: true,
    agent_instance_id: '0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21',
    message: 'The agent was launched',
    error: null,
  },
)
