import { Type } from '@sinclair/typebox'
import { AgentType, Summary } from '../../../schemas/agent-instances.js'
import { Acknowledgement, IdParams, Limits, PageQuery, pageHeaders, ref } from '../../../schemas/common.js'
import {
  Launch,
  Launched,
  UserAgent,
  UserAgentCreate,
  UserAgentPatch,
  WebhookType,
} from '../../../schemas/user-agents.js'
import { problem } from '../../contract/openapi.js'
import { type ActivityPosition, byActivity, sendPage } from '../../paging.js'
import type { Routes } from '../../routes.js'
import type { Launcher } from './launcher.js'
import type { UserAgents } from './service.js'

const tags = ['User agents']
const params = IdParams('user agent')

/** Overviews, for people and for keys that may monitor. */
export async function monitoringRoutes(
  app: Routes,
  { userAgents }: { readonly userAgents: UserAgents },
): Promise<void> {
  app.get(
    '/agent-types',
    {
      config: { readsPage: true },
      schema: {
        operationId: 'listAgentTypes',
        summary: 'List the kinds of agents with their latest runs',
        description:
          'Newest activity first; without `limit` and `cursor`, up to 1,000 kinds. Of each kind the runs awaiting input come first, then the latest: 200 at most. Of all ' +
          'kinds on the page there are 1,000, those awaiting input before others, and of those each kind has its share.',
        tags: ['Agent types'],
        querystring: PageQuery,
        response: { 200: Type.Array(ref(AgentType), { description: 'One page.', headers: pageHeaders }) },
      },
    },
    async ({ tenant, query }, reply) =>
      sendPage(reply, query, byActivity, (page) => userAgents.listTypes(tenant, page), position, Limits.runs),
  )

  app.get(
    '/agent-summary',
    {
      schema: {
        operationId: 'getAgentSummary',
        summary: 'Count runs',
        description: 'How many runs there are: in all, by status, and by kind of agent (the first 1,000 by name).',
        tags: ['Agent types'],
        response: { 200: ref(Summary, { description: 'The counts.' }) },
      },
    },
    async ({ tenant }) => userAgents.summary(tenant),
  )
}

/** The services of these routes. */
export interface UserAgentRouteServices {
  readonly userAgents: UserAgents
  readonly launcher: Launcher
}

/** Configuring and launching agents: for people alone. */
export async function userRoutes(app: Routes, { userAgents, launcher }: UserAgentRouteServices): Promise<void> {
  app.get(
    '/user-agents',
    {
      config: { readsPage: true },
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
      sendPage(reply, query, byActivity, (page) => userAgents.list(tenant, page), position),
  )

  app.post(
    '/user-agents',
    {
      config: { creates: true },
      schema: {
        operationId: 'createUserAgent',
        summary: 'Create a user agent',
        description:
          'Agents that report under a new type make theirs on their own. One with a webhook can be launched; secrets are ' +
          'encrypted, and never shown again.',
        tags,
        body: ref(UserAgentCreate),
        response: { 200: ref(UserAgent, { description: 'The user agent.' }) },
      },
    },
    async ({ tenant, body }) => userAgents.create(tenant, body),
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
    async ({ tenant, params, body }) => userAgents.update(tenant, params.id, body),
  )

  app.get(
    '/user-agents/webhook-types',
    {
      schema: {
        operationId: 'listWebhookTypes',
        summary: 'List the ways to launch agents',
        description: 'With the fields of each, described so that forms can be made from it.',
        tags,
        response: { 200: Type.Array(ref(WebhookType), { description: 'All of them.' }) },
      },
    },
    async () => userAgents.webhookTypes(),
  )

  app.post(
    '/user-agents/:id/instances',
    {
      config: { creates: 'at-most-once' },
      schema: {
        operationId: 'launchAgent',
        summary: 'Launch an agent',
        description:
          'Makes a run, with the prompt as its first message, and calls the webhook of the user agent, once. The agent gets ' +
          'a key that is good for this run alone, for seven days. If the call fails the run is marked as `FAILED`, with ' +
          'the reason in its metadata; with the same `Idempotency-Key` it is not called again.',
        tags,
        params,
        body: ref(Launch),
        response: {
          200: ref(Launched, { description: 'The webhook accepted the call.' }),
          400: problem(400, 'It has no webhook, or fields are missing; `errors` names them.'),
          409: problem(409, 'It is inactive, or the first request with this `Idempotency-Key` is under way.'),
          424: problem(424),
        },
      },
    },
    async ({ tenant, params, body, log }) => ({
      success: true,
      agent_instance_id: await launcher.launch(tenant, params.id, body, log),
      message: 'The agent was launched',
      error: null,
    }),
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
      await userAgents.delete(tenant, params.id)
      return { message: 'User agent deleted' }
    },
  )
}

function position({ last_activity_at, id }: { last_activity_at: Date; id: string }): ActivityPosition {
  return { at: last_activity_at, id }
}
