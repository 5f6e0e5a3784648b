import { type Static, Type } from '@sinclair/typebox'
import { Email, Password } from './accounts.js'
import { Limits, legacyOptional, stringEnum, Timestamp, Uuid } from './common.js'

/**
 * What supabase-js sends and reads to sign people in (GoTrue's API). No components of the OpenAPI document: these routes
 * are for that client alone, are there only with `LEGACY_SIGN_IN=on`, and have its kind of errors. Unknown fields are
 * ignored, as legacy bodies have them.
 */

export const SignUp = Type.Object({
  email: Email,
  password: Password,
  data: legacyOptional(
    Type.Object(
      { display_name: legacyOptional(Type.String({ maxLength: Limits.name })) },
      { description: 'Metadata.' },
    ),
  ),
})

/** Query of `POST /auth/v1/token`. */
export const TokenQuery = Type.Object({ grant_type: stringEnum(['password', 'refresh_token']) })

/** Which of them there have to be is up to the grant. */
export const TokenRequest = Type.Object({
  email: Type.Optional(Email),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  refresh_token: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
})

/** Query of `POST /auth/v1/logout`. */
export const LogoutQuery = Type.Object({
  scope: stringEnum(['global', 'local', 'others'], { default: 'global', description: 'Which sessions end.' }),
})

const provider = Type.Literal('email')
const userMetadata = Type.Object({ display_name: Type.Unsafe<string | null>({ type: ['string', 'null'] }) })

/** Answer: an account in the form of supabase-js. */
export const LegacyUser = Type.Object({
  id: Uuid('The user.'),
  aud: Type.Literal('authenticated'),
  role: Type.Literal('authenticated'),
  email: Type.String(),
  created_at: Timestamp('When the account was made.'),
  app_metadata: Type.Object({ provider, providers: Type.Array(provider) }),
  user_metadata: userMetadata,
  /** Clients take an account without any for one that was there before they signed up. */
  identities: Type.Array(
    Type.Object({
      identity_id: Uuid('The user.'),
      id: Uuid('The user.'),
      user_id: Uuid('The user.'),
      provider,
      identity_data: Type.Object({ sub: Uuid('The user.'), email: Type.String() }),
      created_at: Timestamp('When the account was made.'),
    }),
  ),
})

/** Answer: a session in the form of supabase-js. */
export const LegacySession = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('bearer'),
  expires_in: Type.Integer({ description: 'Seconds until the access token expires.' }),
  expires_at: Type.Integer({ description: 'When it does, in seconds since the epoch.' }),
  refresh_token: Type.String(),
  user: LegacyUser,
})

/** The `error_code` of each error: those of GoTrue that its client knows. */
export const legacyErrorCodes = [
  'bad_json',
  'bad_jwt',
  'email_provider_disabled',
  'invalid_credentials',
  'no_authorization',
  'over_request_rate_limit',
  'refresh_token_not_found',
  'request_timeout',
  'session_not_found',
  'signup_disabled',
  'unexpected_failure',
  'user_already_exists',
  'user_not_found',
  'validation_failed',
  'weak_password',
] as const

/** An error code that supabase-js knows. */
export type LegacyErrorCode = (typeof legacyErrorCodes)[number]

export const LegacyError = Type.Object({
  code: Type.Integer({ description: 'The HTTP status code.' }),
  error_code: stringEnum(legacyErrorCodes),
  msg: Type.String({ description: 'What went wrong, for people.' }),
  weak_password: Type.Optional(Type.Object({ reasons: Type.Array(Type.Literal('length')) })),
})

/** Answer: an error in the form of supabase-js. */
export type LegacyError = Static<typeof LegacyError>
