import cookie from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import {
  AccessToken,
  AccountDeletion,
  KeyVerification,
  Login,
  ProfilePatch,
  Registration,
  User,
  UserSync,
} from '../../../schemas/accounts.js'
import { Acknowledgement, ref } from '../../../schemas/common.js'
import type { Actor } from '../../actors/actor.js'
import { ACCESS_TOKEN_LIFETIME, type AccessTokens } from '../../authentication/tokens.js'
import { problem } from '../../contract/openapi.js'
import { ProblemError } from '../../errors.js'
import type { RateLimits } from '../../rate-limits/rate-limits.js'
import type { Routes } from '../../routes.js'
import { clientOf } from './client.js'
import type { RefreshCookie } from './refresh-cookie.js'
import type { Accounts, SignedIn } from './service.js'

interface UserRouteServices {
  readonly accounts: Accounts
  readonly refreshCookie: RefreshCookie
}

interface PublicRouteServices extends UserRouteServices {
  readonly accessTokens: AccessTokens
  readonly rateLimits: RateLimits
}

const tags = ['Accounts']

const cookieHeader = {
  'Set-Cookie': { type: 'string', description: 'The refresh token, HttpOnly, for `POST /api/v1/auth/refresh` only.' },
}
const signedIn = (description: string) => ({
  description,
  headers: cookieHeader,
  content: { 'application/json': { schema: ref(AccessToken) } },
})
const localAccountsOff = problem(403, 'Local accounts are off on this server: sign in at its OpenID provider.')
const sessionEnded = problem(401, 'There is no session, it has ended, or its refresh token was used twice.')
const tooManyAttempts = problem(429, 'Too many attempts from this address; `Retry-After` says when to go on.')
const tooManyGuesses = problem(
  429,
  'Too many attempts from this address, or too many wrong passwords for this account, for which pauses grow up to 15 ' +
    'minutes; `Retry-After` says when to go on.',
)

// Cookies are for these routes: elsewhere nobody looks at them, and nothing is spent on them.

/** Signing up, in and out: for callers who have no access token. */
export async function publicRoutes(
  app: Routes,
  { accounts, accessTokens, rateLimits, refreshCookie }: PublicRouteServices,
): Promise<void> {
  await app.register(cookie)

  app.post(
    '/auth/register',
    {
      onRequest: rateLimits.countAttempts(),
      schema: {
        operationId: 'register',
        summary: 'Create an account',
        description: 'Signs in as well. `REGISTRATION=closed` and `LOCAL_ACCOUNTS=off` turn this off.',
        tags,
        security: [],
        body: ref(Registration),
        response: {
          201: signedIn('The account was created.'),
          403: problem(403, 'Registration is closed on this server, or local accounts are off.'),
          409: problem(409, 'The e-mail address is taken.'),
          429: tooManyAttempts,
        },
      },
    },
    async (request, reply) => {
      const { email, password, display_name = null } = request.body
      reply.code(201)
      return answer(reply, await accounts.register(email, password, display_name, clientOf(request)))
    },
  )

  app.post(
    '/auth/login',
    {
      onRequest: rateLimits.countAttempts(),
      schema: {
        operationId: 'login',
        summary: 'Sign in',
        description: 'The access token is good for 15 minutes; the refresh cookie gets the next one.',
        tags,
        security: [],
        body: ref(Login),
        response: {
          200: signedIn('Signed in.'),
          401: problem(401, 'E-mail address or password is wrong.'),
          403: localAccountsOff,
          429: tooManyGuesses,
        },
      },
    },
    async (request, reply) => {
      const { email, password } = request.body
      return answer(reply, await accounts.login(email, password, clientOf(request)))
    },
  )

  app.post(
    '/auth/refresh',
    {
      config: { identifies: true },
      schema: {
        operationId: 'refreshSession',
        summary: 'Get a new access token',
        description: 'Replaces the refresh cookie. A refresh token that is shown twice revokes the whole session.',
        tags,
        security: [{ refreshCookie: [] }],
        response: {
          200: signedIn('A new access token.'),
          401: sessionEnded,
          403: localAccountsOff,
          429: problem(429, 'The session is refreshed too often, or there were too many failures from this address.'),
        },
      },
    },
    async (request, reply) => {
      const token = refreshCookie.read(request)
      const refresh = () => accounts.refresh(token, clientOf(request))
      // Who shows nothing guesses nothing.
      const signedIn = token ? await rateLimits.guard(request, reply, token, refresh) : await refresh()
      return answer(reply, signedIn)
    },
  )

  app.post(
    '/auth/logout',
    {
      schema: {
        operationId: 'logout',
        summary: 'Sign out',
        description: 'Ends the session of the refresh cookie, if there is one, with its access tokens and streams.',
        tags,
        security: [{ refreshCookie: [] }, {}],
        response: { 200: ref(Acknowledgement, { description: 'Signed out.' }) },
      },
    },
    async (request, reply) => {
      await accounts.sessions.endByToken(refreshCookie.read(request))
      refreshCookie.clear(reply)
      return { message: 'Signed out' }
    },
  )

  function answer(reply: FastifyReply, { user, sessionId, refreshToken }: SignedIn) {
    rateLimits.noteVerified(refreshToken)
    refreshCookie.set(reply, refreshToken)
    return {
      access_token: accessTokens.sign(user.id, sessionId),
      token_type: 'Bearer' as const,
      expires_in: ACCESS_TOKEN_LIFETIME,
      user,
    }
  }
}

/** The own account. */
export async function userRoutes(app: Routes, { accounts, refreshCookie }: UserRouteServices): Promise<void> {
  await app.register(cookie)

  for (const [url, operationId, summary] of [
    ['/auth/me', 'getMe', 'Read the own profile'],
    ['/auth/session', 'getSession', 'Read who is signed in'],
  ] as const) {
    app.get(
      url,
      {
        schema: {
          operationId,
          summary,
          description: 'The account that the access token belongs to.',
          tags,
          response: { 200: ref(User, { description: 'The account.' }) },
        },
      },
      async ({ tenant }) => accounts.me(tenant),
    )
  }

  app.patch(
    '/auth/me',
    {
      schema: {
        operationId: 'updateMe',
        summary: 'Change the own profile',
        description: 'Fields that are left out stay as they are.',
        tags,
        body: ref(ProfilePatch),
        response: { 200: ref(User, { description: 'The account as it is now.' }) },
      },
    },
    async ({ tenant, body }) => accounts.rename(tenant, body.display_name),
  )

  app.delete(
    '/auth/me',
    {
      // The body is optional; Fastify would validate its absence.
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        operationId: 'deleteMe',
        summary: 'Delete the own account',
        description:
          'Deletes everything the account owns: keys, agents, runs and messages. It cannot be undone. Send the password, ' +
          'unless the session began at most 5 minutes ago; of an OpenID provider, its token says so by `auth_time`.',
        tags,
        body: ref(AccountDeletion),
        response: {
          200: ref(Acknowledgement, { description: 'The account is gone.' }),
          403: problem(403, 'The password is wrong, or is needed: `reauthentication_required`.'),
          429: problem(429, 'Too many requests, or too many wrong passwords; `Retry-After` says when to go on.'),
        },
      },
    },
    async (request, reply) => {
      const { tenant, actor, body } = request
      await accounts.delete(tenant, body.password, await signedInAt(accounts, actor), clientOf(request))
      refreshCookie.clear(reply)
      return { message: 'Account deleted' }
    },
  )

  app.post(
    '/auth/sync-user',
    {
      schema: {
        operationId: 'syncUser',
        summary: 'Tell the service about the signed-in user',
        description:
          'Legacy clients call this after sign-in. It sets the display name; the e-mail address is not changed.',
        tags,
        body: ref(UserSync),
        response: {
          200: ref(Acknowledgement, { description: 'Done.' }),
          403: problem(403, 'The id is not the one of the signed-in user.'),
        },
      },
    },
    async ({ actor, tenant, body }) => {
      // A legacy client knows the id that its own OpenID provider gave it, if that is where it signed in.
      const isOwn = body.id.toLowerCase() === tenant.userId || (actor.kind === 'user' && body.id === actor.subject)
      if (!isOwn) {
        throw new ProblemError('not_your_account', 'The id is not the one of the signed-in user')
      }
      await accounts.rename(tenant, body.display_name ?? undefined)
      return { message: 'User synced' }
    },
  )
}

/** What a key tells of its account. */
export async function agentRoutes(app: Routes, { accounts }: { readonly accounts: Accounts }): Promise<void> {
  app.get(
    '/auth/verify',
    {
      schema: {
        operationId: 'verifyApiKey',
        summary: 'Check an API key',
        description: 'Tells whose key it is.',
        tags: ['API keys'],
        response: { 200: ref(KeyVerification, { description: 'The key is good.' }) },
      },
    },
    async ({ tenant }) => {
      const { id, email, display_name } = await accounts.me(tenant)
      return { success: true, user_id: id, email, display_name, message: 'API key is valid' }
    },
  )
}

/** @returns when somebody last proved who they are; undefined when nobody says */
async function signedInAt(accounts: Accounts, actor: Actor): Promise<Date | undefined> {
  if (actor.kind !== 'user') return undefined
  const { userId, credential, authenticatedAt } = actor
  if (credential.kind === 'session') return accounts.sessions.requireActive(userId, credential.id)
  return authenticatedAt
}
