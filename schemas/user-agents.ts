import { Type } from '@sinclair/typebox'
import { component, Name, NullableJsonObject, nullable, Timestamp, Uuid } from './common.js'

export const UserAgentCreate = component(
  'UserAgentCreate',
  Type.Object({
    name: Name('The kind of agent, unique whatever its case. Stored in lower case.'),
    is_active: Type.Optional(Type.Boolean({ default: true })),
  }),
  { name: 'nightly triage' },
)

export const UserAgentPatch = component(
  'UserAgentPatch',
  Type.Object({
    name: Type.Optional(Name('The new name.')),
    is_active: Type.Optional(Type.Boolean()),
  }),
  { is_active: false },
)

export const UserAgent = component(
  'UserAgent',
  Type.Object({
    id: Uuid('The user agent; the same id as its agent type.'),
    name: Type.String(),
    webhook_url: nullable(Type.String()),
    has_webhook: Type.Boolean({ description: 'It can be launched by webhook.' }),
    webhook_type: nullable(Type.String()),
    webhook_config: NullableJsonObject('How it is launched.'),
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
