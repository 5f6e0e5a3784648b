import cookie from '@fastify/cookie'
import { AccountDeletion, KeyVerification, ProfilePatch, User, UserSync } from '../../../schemas/accounts.js'
import { Acknowledgement, ref } from '../../../schemas/common.js'
import { problem } from '../../contract/openapi.js'
import type { Routes } from '../../routes.js'
import { clientOf } from './client.js'
import type { RefreshCookie } from './refresh-cookie.js'
import type { Accounts } from './service.js'

interface UserRouteServices {
  readonly accounts: Accounts
  readonly refreshCookie: RefreshCookie
}

const tags = ['Accounts']

/** The caller's own account. */
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
      await accounts.delete(tenant, actor, body.password, clientOf(request))
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
      await accounts.sync(tenant, actor, body.id, body.display_name)
      return { message: 'User synced' }
    },
  )
}

/** The account of an API key. */
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
