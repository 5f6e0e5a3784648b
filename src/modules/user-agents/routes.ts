import { Type } from '@sinclair/typebox'
import { AgentType, Summary } from '../../../schemas/agent-instances.js'
import { Acknowledgement, IdParams, PageQuery, pageHeaders, ref } from '../../../schemas/common.js'
import { UserAgent, UserAgentCreate, UserAgentPatch } from '../../../schemas/user-agents.js'
import { type ActivityPosition, byActivity, sendPage } from '../../paging.js'
import type { Routes } from '../../routes.js'

const tags = ['User agents']
const params = IdParams('user agent')

/** Overviews, for people and for keys that may monitor. */
export async function monitoringRoutes(app: Routes): Promise<void> {
  app.get(
    '/agent-types',
    {
      schema: {
        operationId: 'listAgentTypes',
        summary: 'List the kinds of agents with their latest runs',
        description: 'Newest activity first. Of each kind the runs awaiting input come first, ten runs at most.',
        tags: ['Agent types'],
        querystring: PageQuery,
        response: { 200: Type.Array(ref(AgentType), { description: 'One page.', headers: pageHeaders }) },
      },
    },
    async ({ tenant, query }, reply) =>
      sendPage(reply, query, byActivity, (page) => app.userAgents.listTypes(tenant, page), position),
  )

  app.get(
    '/agent-summary',
    {
      schema: {
        operationId: 'getAgentSummary',
        summary: 'Count runs',
        description: 'How many runs there are: in all, by status, and by kind of agent.',
        tags: ['Agent types'],
        response: { 200: ref(Summary, { description: 'The counts.' }) },
      },
    },
    async ({ tenant }) => app.userAgents.summary(tenant),
  )
}

export async function userRoutes(app: Routes): Promise<void> {
  app.get(
    '/user-agents',
    {
      schema: {
        operationId: 'listUserAgents',
        summary: 'List user agents',
        description: 'Newest activity first, with counts of their runs.',
        tags,
        querystring: PageQuery,
        response: { 200: Type.Array(ref(UserAgent), { description: 'One page.', headers: pageHeaders }) },
      },
    },
    async ({ tenant, query }, reply) =>
      sendPage(reply, query, byActivity, (page) => app.userAgents.list(tenant, page), position),
  )

  app.post(
    '/user-agents',
    {
      config: { creates: true },
      schema: {
        operationId: 'createUserAgent',
        summary: 'Create a user agent',
        description: 'Agents that report under a new type make theirs on their own.',
        tags,
        body: ref(UserAgentCreate),
        response: { 200: ref(UserAgent, { description: 'The user agent.' }) },
      },
    },
    async ({ tenant, body }) => app.userAgents.create(tenant, body.name, body.is_active ?? true),
  )

  app.patch(
    '/user-agents/:id',
    {
      schema: {
        operationId: 'updateUserAgent',
        summary: 'Change a user agent',
        description: 'Fields that are left out stay as they are.',
        tags,
        params,
        body: ref(UserAgentPatch),
        response: { 200: ref(UserAgent, { description: 'The user agent as it is now.' }) },
      },
    },
    async ({ tenant, params, body }) => app.userAgents.update(tenant, params.id, body),
  )

  app.delete(
    '/user-agents/:id',
    {
      schema: {
        operationId: 'deleteUserAgent',
        summary: 'Delete a user agent',
        description: 'Deletes its runs and their chats as well. Its name is free again at once.',
        tags,
        params,
        response: { 200: ref(Acknowledgement, { description: 'It is gone.' }) },
      },
    },
    async ({ tenant, params }) => {
      await app.userAgents.delete(tenant, params.id)
      return { message: 'User agent deleted' }
    },
  )
}

function position({ last_activity_at, id }: { last_activity_at: Date; id: string }): ActivityPosition {
  return { at: last_activity_at, id }
}
