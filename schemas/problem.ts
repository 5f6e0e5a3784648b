import { Type } from '@sinclair/typebox'
import { component, ref, stringEnum, Uuid } from './common.js'

/** Every `code` an error can carry. The list is closed: clients may switch on it. */
export const problemCodes = [
  'invalid_request',
  'invalid_json',
  'agent_type_required',
  'already_requires_input',
  'instance_not_found',
  'no_webhook',
  'missing_credentials',
  'invalid_credentials',
  'invalid_token',
  'token_expired',
  'invalid_api_key',
  'api_key_expired',
  'invalid_refresh_token',
  'account_gone',
  'session_ended',
  'wrong_credential_kind',
  'insufficient_scope',
  'key_bound_to_instance',
  'origin_not_allowed',
  'registration_closed',
  'not_your_account',
  'local_accounts_off',
  'external_identities_off',
  'email_not_verified',
  'wrong_password',
  'reauthentication_required',
  'not_found',
  'method_not_allowed',
  'email_taken',
  'name_taken',
  'already_exists',
  'too_many_api_keys',
  'too_many_webhooks',
  'identity_in_use',
  'api_key_inactive',
  'user_agent_inactive',
  'status_not_allowed',
  'no_open_question',
  'queue_full',
  'idempotency_in_progress',
  'idempotency_answer_lost',
  'idempotency_key_reused',
  'request_timeout',
  'instance_deleted',
  'body_too_large',
  'uri_too_long',
  'unsupported_media_type',
  'headers_too_large',
  'webhook_misconfigured',
  'webhook_address_refused',
  'webhook_connection_failed',
  'webhook_tls_failed',
  'webhook_timeout',
  'webhook_http_error',
  'rate_limited',
  'too_many_streams',
  'too_many_waits',
  'too_much_at_once',
  'internal_error',
  'unavailable',
  'overloaded',
  'storage_quota_exceeded',
] as const

/** A code of a problem; `src/errors.ts` has the status of each. */
export type ProblemCode = (typeof problemCodes)[number]

/** What is wrong with one field of a request. */
export const FieldError = component(
  'FieldError',
  Type.Object({
    path: Type.String({
      description: 'Where: `body`, `query`, `params` or `headers`, then the field, joined by dots.',
    }),
    message: Type.String({ description: 'What is wrong with it.' }),
  }),
  { path: 'body.content', message: 'must NOT have fewer than 1 characters' },
)

/** Answer: every error. Source: RFC 9457. */
export const Problem = component(
  'Problem',
  Type.Object(
    {
      type: Type.String({ description: 'A URI that names the kind of problem.' }),
      title: Type.String({ description: 'The kind of problem, the same for every occurrence.' }),
      status: Type.Integer({ description: 'The HTTP status code.' }),
      detail: Type.String({ description: 'What went wrong this time, for people.' }),
      code: stringEnum(problemCodes, { description: 'The kind of problem, for programs.' }),
      request_id: Type.String({ description: 'The `X-Request-Id` of the request, to find it in the logs.' }),
      errors: Type.Optional(Type.Array(ref(FieldError), { description: 'The fields that are wrong, for bad input.' })),
      remote_status: Type.Optional(Type.Integer({ description: 'What a webhook answered, for `webhook_http_error`.' })),
      agent_instance_id: Type.Optional(Uuid('The run that could not be launched.')),
    },
    { description: 'An error as RFC 9457 describes it.' },
  ),
  {
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: 'body.content must NOT have fewer than 1 characters',
    code: 'invalid_request',
    request_id: '0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11',
    errors: [{ path: 'body.content', message: 'must NOT have fewer than 1 characters' }],
  },
)
