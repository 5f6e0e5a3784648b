import { Type } from '@sinclair/typebox'
import { component, Limits, Name, nullable, ref, strict, Timestamp, Uuid } from './common.js'

/** An e-mail address, in any case. */
export const Email = Type.String({
  format: 'email',
  maxLength: Limits.email,
  description: 'E-mail address, in any case.',
})

/** 200 characters: enough for any passphrase, little enough that hashing one cannot be made expensive. */
export const Password = Type.String({ minLength: 8, maxLength: 200, description: 'At least 8 characters.' })

const exampleUser = {
  id: '0199b1a0-52cf-7c4e-9a7b-3d1c9a5f0e11',
  email: 'ada@example.com',
  display_name: 'Ada',
  created_at: '2026-01-05T10:00:00.000Z',
}

/** Answer: an account, as its owner sees it. */
export const User = component(
  'User',
  Type.Object({
    id: Uuid('The user.'),
    email: Type.String({ description: 'Ends in `.invalid` if the account has no address.' }),
    display_name: nullable(Type.String()),
    created_at: Timestamp('When the account was made.'),
  }),
  exampleUser,
)

/** Body of `POST /auth/register`. */
export const Registration = component(
  'Registration',
  Type.Object(
    {
      email: Email,
      password: Password,
      display_name: Type.Optional(nullable(Name('How the user is shown to others.'))),
    },
    strict,
  ),
  { email: 'ada@example.com', password: 'correct horse battery', display_name: 'Ada' },
)

/** Body of `POST /auth/login`. */
export const Login = component(
  'Login',
  Type.Object({ email: Email, password: Type.String({ minLength: 1, maxLength: 200 }) }, strict),
  { email: 'ada@example.com', password: 'correct horse battery' },
)

/** Answer to a sign-in or a refresh; the refresh token travels in a cookie. */
export const AccessToken = component(
  'AccessToken',
  Type.Object({
    access_token: Type.String({ description: 'A JWT, for `Authorization: Bearer`.' }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds until the access token expires.' }),
    user: ref(User),
  }),
  { access_token: 'eyJhbGciOiJIUzI1NiJ9.e30.signature', token_type: 'Bearer', expires_in: 900, user: exampleUser },
)

/** Body of `PATCH /auth/me`. */
export const ProfilePatch = component(
  'ProfilePatch',
  Type.Object({ display_name: Type.Optional(nullable(Name('How the user is shown to others; null removes it.'))) }),
  { display_name: 'Ada L.' },
)

/** A password that is shown, whatever the rules for new ones are by now. */
const CurrentPassword = Type.String({ minLength: 1, maxLength: 200, description: 'The password as it is.' })

/** Body of `PUT /auth/password`. */
export const PasswordChange = component(
  'PasswordChange',
  Type.Object({ current_password: CurrentPassword, new_password: Password }, strict),
  { current_password: 'correct horse battery', new_password: 'staple battery horse' },
)

/** Legacy clients send no body, or what they like. */
export const AccountDeletion = component('AccountDeletion', Type.Object({ password: Type.Optional(CurrentPassword) }), {
  password: 'correct horse battery',
})

/** Answer: where the account is signed in. */
export const Session = component(
  'Session',
  Type.Object({
    id: Uuid('The session, as `sid` in its access tokens.'),
    created_at: Timestamp('When somebody signed in.'),
    last_used_at: Timestamp('When it was used last, to the minute.'),
    address: nullable(Type.String({ description: 'The IP address that it was opened or refreshed from last.' })),
    user_agent: nullable(Type.String({ description: 'What the client says that it is, up to 256 characters.' })),
    is_current: Type.Boolean({ description: 'Whether this request was made in it.' }),
  }),
  {
    id: '0199b1a0-6a10-7b57-8a83-9c2d5c8e7f31',
    created_at: '2026-01-05T10:00:00.000Z',
    last_used_at: '2026-01-05T11:30:00.000Z',
    address: '192.0.2.7',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
    is_current: true,
  },
)

/** Body of `POST /auth/sync-user`, which legacy clients send after sign-in. */
export const UserSync = component(
  'UserSync',
  Type.Object({
    id: Type.String({
      minLength: 1,
      maxLength: Limits.name,
      description: "The caller's own user id, or its id at the OpenID provider.",
    }),
    email: Type.Optional(nullable(Type.String({ maxLength: Limits.email }))),
    display_name: Type.Optional(nullable(Type.String({ maxLength: Limits.name }))),
  }),
  { id: exampleUser.id, email: exampleUser.email, display_name: exampleUser.display_name },
)

/** Body of `PUT /auth/external-identity`. */
export const ExternalIdentity = component(
  'ExternalIdentity',
  Type.Object(
    { token: Type.String({ minLength: 1, maxLength: 16_384, description: 'An ID or access token of the identity.' }) },
    strict,
  ),
  { token: 'eyJhbGciOiJSUzI1NiJ9.e30.signature' },
)

/** Answer to `GET /auth/verify`: whose API key it is. */
export const KeyVerification = component(
  'KeyVerification',
  Type.Object({
    success: Type.Boolean(),
    user_id: Uuid('The user the key belongs to.'),
    email: Type.String(),
    display_name: nullable(Type.String()),
    message: Type.String(),
  }),
  {
    success: true,
    user_id: exampleUser.id,
    email: exampleUser.email,
    display_name: exampleUser.display_name,
    message: 'API key is valid',
  },
)
