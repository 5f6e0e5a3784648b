import { Type } from '@sinclair/typebox'
import {
  component,
  legacyOptional,
  Name,
  NullableTimestamp,
  PageQuery,
  strict,
  stringEnum,
  Timestamp,
  Uuid,
} from './common.js'

/** What a key may do. `agent`: write, and read back its own. `read`: the monitoring routes as well. */
export const keyScopes = ['agent', 'read'] as const
/** What a key may do: `agent` acts as one, `read` monitors. */
export type KeyScope = (typeof keyScopes)[number]

const Scopes = Type.Array(stringEnum(keyScopes), {
  minItems: 1,
  uniqueItems: true,
  description: '`agent`: post, poll, end, and read an instance back. `read`: the monitoring lists and summaries.',
})

/** The longest life of a key that expires, in days: a hundred years. */
export const MAX_KEY_DAYS = 36_500

/** Body of `POST /auth/api-keys`. */
export const ApiKeyCreate = component(
  'ApiKeyCreate',
  Type.Object({
    name: Name('What the key is for.'),
    expires_in_days: legacyOptional(
      Type.Integer({
        minimum: 1,
        description: `Days until it expires; never when left out. More than ${MAX_KEY_DAYS} count as that.`,
      }),
    ),
    scopes: Type.Optional(Scopes),
  }),
  { name: 'laptop', expires_in_days: 90 },
)

/** The longest that an old secret may go on working, in seconds: a week. */
const MAX_GRACE = 7 * 24 * 60 * 60

/** Body of `POST /auth/api-keys/{id}/rotate`. */
export const ApiKeyRotate = component(
  'ApiKeyRotate',
  Type.Object(
    {
      grace_period_seconds: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: MAX_GRACE,
          default: 0,
          description: 'How long the old secret goes on working.',
        }),
      ),
    },
    strict,
  ),
  { grace_period_seconds: 3600 },
)

/** Body of `POST /auth/cli-key`. */
export const CliKeyCreate = component(
  'CliKeyCreate',
  Type.Object({ name: legacyOptional(Name('What the key is for.')) }),
  { name: 'CLI on laptop' },
)

const base = {
  id: Uuid('The key.'),
  name: Type.String(),
  created_at: Timestamp('When it was minted.'),
  expires_at: NullableTimestamp('When it stops working; null: never.'),
  scopes: Scopes,
}

const example = {
  id: '0199b1a3-9d0e-7a51-8f0a-0c5f6f1f2a10',
  name: 'laptop',
  created_at: '2026-01-05T10:00:00.000Z',
  expires_at: '2026-04-05T10:00:00.000Z',
  scopes: ['agent'],
}

/** Query of `GET /auth/api-keys`. */
export const ApiKeyQuery = Type.Object({
  agent_instance_id: Type.Optional(
    Uuid('A run: lists the keys that are bound to it, instead of those that are bound to none.'),
  ),
  ...PageQuery.properties,
})

/** Answer: a key, the only time that it is shown. */
export const NewApiKey = component(
  'NewApiKey',
  Type.Object({ ...base, api_key: Type.String({ description: 'The key itself. It is never shown again.' }) }),
  { ...example, api_key: 'sbx_3xmPl3K3yThatN0b0dyEverMintedAndN0b0dyWill0nLhK' },
)

/** Answer: a key as lists show it, by its first characters. */
export const ApiKey = component(
  'ApiKey',
  Type.Object({
    ...base,
    api_key: Type.String({ description: 'The first characters of the key, then asterisks.' }),
    last_used_at: NullableTimestamp('When it was last used, to the minute.'),
    is_active: Type.Boolean({ description: 'Neither revoked nor expired.' }),
  }),
  { ...example, api_key: 'sbx_3xmPl3K3********', last_used_at: '2026-01-06T08:30:00.000Z', is_active: true },
)
