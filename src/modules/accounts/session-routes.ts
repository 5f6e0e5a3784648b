import { Type } from '@sinclair/typebox'
import { PasswordChange, Session } from '../../../schemas/accounts.js'
import { IdParams, ref } from '../../../schemas/common.js'
import { sessionIdOf } from '../../actors/actor.js'
import { problem } from '../../contract/openapi.js'
import type { Routes } from '../../routes.js'
import { clientOf } from './client.js'
import type { Accounts } from './service.js'

const tags = ['Accounts']

/** The account's sessions and sign-in methods. */
export async function sessionRoutes(app: Routes, { accounts }: { readonly accounts: Accounts }): Promise<void> {
  app.put(
    '/auth/password',
    {
      schema: {
        operationId: 'changePassword',
        summary: 'Change the own password',
        description:
          'Every other session ends, with its access tokens and streams. API keys stay. An account may do this 5 times in ' +
          '10 minutes.',
        tags,
        body: ref(PasswordChange),
        response: {
          204: Type.Null({ description: 'The new password is the one.' }),
          403: problem(403, 'The current password is wrong, or local accounts are off.'),
          429: problem(429, 'Too many requests, wrong passwords or changes; `Retry-After` says when to go on.'),
        },
      },
    },
    async (request, reply) => {
      const { tenant, body } = request
      await accounts.changePassword(tenant, body.current_password, body.new_password, clientOf(request))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/auth/sessions',
    {
      schema: {
        operationId: 'listSessions',
        summary: 'List where one is signed in',
        description:
          'The last used ones first. An account has at most 100: one more ends the one not used for longest.',
        tags,
        response: { 200: Type.Array(ref(Session), { description: 'All sessions that are good.' }) },
      },
    },
    async ({ tenant, actor }) => {
      const current = sessionIdOf(actor)
      const sessions = await accounts.sessions.list(tenant)
      return sessions.map((session) => ({ ...session, is_current: session.id === current }))
    },
  )

  app.delete(
    '/auth/sessions',
    {
      config: { noBody: true },
      schema: {
        operationId: 'signOutEverywhere',
        summary: 'Sign out everywhere',
        description: 'Ends every session, this one included, with their access tokens and streams. API keys stay.',
        tags,
        response: { 204: Type.Null({ description: 'They have ended.' }) },
      },
    },
    async ({ tenant }, reply) => {
      await accounts.sessions.endAll(tenant)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/auth/sessions/:id',
    {
      config: { noBody: true },
      schema: {
        operationId: 'signOutElsewhere',
        summary: 'Sign out elsewhere',
        description: 'Ends one session, with its access tokens and streams.',
        tags,
        params: IdParams('session'),
        response: { 204: Type.Null({ description: 'It has ended.' }), 404: problem(404) },
      },
    },
    async ({ tenant, params }, reply) => {
      await accounts.sessions.endOne(tenant, params.id)
      return reply.code(204).send(null)
    },
  )
}
