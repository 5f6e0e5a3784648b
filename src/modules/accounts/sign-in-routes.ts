import cookie from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import { AccessToken, Login, Registration } from '../../../schemas/accounts.js'
import { Acknowledgement, ref } from '../../../schemas/common.js'
import { ACCESS_TOKEN_LIFETIME, type AccessTokens } from '../../authentication/tokens.js'
import { problem } from '../../contract/openapi.js'
import type { RateLimits } from '../../rate-limits/rate-limits.js'
import type { Routes } from '../../routes.js'
import { clientOf } from './client.js'
import type { RefreshCookie } from './refresh-cookie.js'
import type { Accounts, SignedIn } from './service.js'

interface PublicRouteServices {
  readonly accounts: Accounts
  readonly refreshCookie: RefreshCookie
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

/** Signing up, in and out: for callers without an access token. */
export async function publicRoutes(
  app: Routes,
  { accounts, accessTokens, rateLimits, refreshCookie }: PublicRouteServices,
): Promise<void> {
  // Of the other routes, only those of the caller's own account read cookies: the rest skip the parsing.
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
      // A request without a token is no guess.
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
