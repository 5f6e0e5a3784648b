import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import {
  LegacyError,
  LegacySession,
  LegacyUser,
  LogoutQuery,
  SignUp,
  TokenQuery,
  TokenRequest,
} from '../../../schemas/legacy-sign-in.js'
import { sessionIdOf } from '../../actors/actor.js'
import { restrictTo } from '../../authentication/restrict-to.js'
import { ACCESS_TOKEN_LIFETIME, type AccessTokens } from '../../authentication/tokens.js'
import { invalidField } from '../../errors.js'
import type { RateLimits } from '../../rate-limits/rate-limits.js'
import type { Routes } from '../../routes.js'
import { clientOf } from './client.js'
import { sendLegacyError } from './legacy-errors.js'
import type { Accounts, SignedIn, User } from './service.js'

/** The services of the legacy sign-in. */
export interface LegacySignInServices {
  readonly accounts: Accounts
  readonly accessTokens: AccessTokens
  readonly rateLimits: RateLimits
}

/** The numbered ones are declared by the wall around people's routes as well. */
const errors = { '4xx': LegacyError, '5xx': LegacyError, 401: LegacyError, 403: LegacyError, 429: LegacyError }

/**
 * The sign-in of the Omnara web and mobile apps: supabase-js appends these paths to its base URL. Accounts, limits and
 * sessions are those of `/api/v1/auth`; but the refresh token travels in bodies. A contract of its own: these routes
 * are not in the OpenAPI document.
 */
export async function legacySignIn(
  app: Routes,
  { accounts, accessTokens, rateLimits }: LegacySignInServices,
): Promise<void> {
  app.setErrorHandler(sendLegacyError)
  app.setNotFoundHandler(async (request) => {
    throw app.nothingThere(request)
  })

  app.post(
    '/signup',
    {
      onRequest: rateLimits.countAttempts(),
      schema: { hide: true, body: SignUp, response: { 200: LegacySession, ...errors } },
    },
    async (request) => {
      const { email, password, data } = request.body
      const client = clientOf(request, 'body')
      return answer(await accounts.register(email, password, data?.display_name || null, client))
    },
  )

  app.post(
    '/token',
    {
      config: { identifies: isRefresh },
      onRequest: async (request, reply) => {
        if (!isRefresh(request)) await rateLimits.countAttempt(request, reply)
      },
      schema: {
        hide: true,
        querystring: TokenQuery,
        body: TokenRequest,
        response: { 200: LegacySession, ...errors },
      },
    },
    async (request, reply) => {
      const { email, password, refresh_token: token } = request.body
      const client = clientOf(request, 'body')
      if (request.query.grant_type === 'refresh_token') {
        if (token === undefined) throw invalidField('body.refresh_token', 'is required')
        const refresh = () => accounts.refresh(token, client)
        return answer(await rateLimits.guard(request, reply, token, refresh))
      }
      if (email === undefined) throw invalidField('body.email', 'is required')
      if (password === undefined) throw invalidField('body.password', 'is required')
      return answer(await accounts.login(email, password, client))
    },
  )

  await app.register(async (people: Routes) => {
    restrictTo(people, { user: true })

    people.get('/user', { schema: { hide: true, response: { 200: LegacyUser, ...errors } } }, async ({ tenant }) =>
      legacyUser(await accounts.me(tenant)),
    )

    people.post(
      '/logout',
      { schema: { hide: true, querystring: LogoutQuery, response: { 204: Type.Null(), ...errors } } },
      async ({ tenant, actor, query: { scope } }, reply) => {
        const { sessions } = accounts
        const own = sessionIdOf(actor)
        if (scope === 'global') await sessions.endAll(tenant)
        else if (scope === 'others') await sessions.endAllBut(tenant, own)
        else if (own !== undefined) await sessions.endOne(tenant, own)
        return reply.code(204).send(null)
      },
    )
  })

  function answer({ user, sessionId, refreshToken }: SignedIn) {
    rateLimits.noteVerified(refreshToken)
    return {
      access_token: accessTokens.sign(user.id, sessionId),
      token_type: 'bearer' as const,
      expires_in: ACCESS_TOKEN_LIFETIME,
      expires_at: Math.floor(Date.now() / 1000) + ACCESS_TOKEN_LIFETIME,
      refresh_token: refreshToken,
      user: legacyUser(user),
    }
  }
}

/** Checked before the query is validated: a request that is neither counts as an attempt. */
function isRefresh({ query }: FastifyRequest): boolean {
  return typeof query === 'object' && query !== null && Reflect.get(query, 'grant_type') === 'refresh_token'
}

function legacyUser({ id, email, display_name, created_at }: User) {
  const provider = 'email' as const
  return {
    id,
    aud: 'authenticated' as const,
    role: 'authenticated' as const,
    email,
    created_at,
    app_metadata: { provider, providers: [provider] },
    user_metadata: { display_name },
    identities: [{ identity_id: id, id, user_id: id, provider, identity_data: { sub: id, email }, created_at }],
  }
}
