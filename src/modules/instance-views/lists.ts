import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import type { Tenant } from '../../../db/tenant.js'
import { Instance, InstanceQuery } from '../../../schemas/agent-instances.js'
import { IdParams, InstancePageQuery, Limits, pageHeaders, ref } from '../../../schemas/common.js'
import { problem } from '../../contract/openapi.js'
import { type ActivityPosition, byActivity, type Page, type PageQuery, sendPage } from '../../paging.js'
import type { Routes } from '../../routes.js'
import { type InstanceListServices, listInstances, type WantedInstances } from './service.js'

const page = Type.Array(ref(Instance), { description: 'Newest activity first.', headers: pageHeaders })

/** Lists, for people and for keys that may monitor. */
export async function monitoringRoutes(app: Routes, services: InstanceListServices): Promise<void> {
  app.get(
    '/agent-instances',
    {
      config: { readsPage: true },
      schema: {
        operationId: 'listAgentInstances',
        summary: 'List runs',
        description: 'Newest activity first, with the last message of each (its first 500 characters).',
        tags: ['Agent instances'],
        querystring: InstanceQuery,
        response: { 200: page, 404: problem(404, 'There is no such agent type.') },
      },
    },
    async ({ tenant, query }, reply) => sendInstances(services, { tenant, query }, reply, query),
  )

  listInstancesOf(app, services, {
    url: '/agent-types/:id/instances',
    operationId: 'listAgentTypeInstances',
    what: 'agent type',
    tag: 'Agent types',
  })
}

interface InstanceListRoute {
  readonly url: string
  readonly operationId: string
  readonly what: string
  readonly tag: string
}

/** One list under two names: agent types are monitored, user agents are configured; they are the same thing. */
function listInstancesOf(
  app: Routes,
  services: InstanceListServices,
  { url, operationId, what, tag }: InstanceListRoute,
): void {
  app.get(
    url,
    {
      config: { readsPage: true },
      schema: {
        operationId,
        summary: `List the runs of one ${what}`,
        description: 'Newest activity first.',
        tags: [tag],
        params: IdParams(what),
        querystring: InstancePageQuery,
        response: { 200: page },
      },
    },
    async ({ tenant, params, query }, reply) =>
      sendInstances(services, { tenant, query }, reply, { agent_type_id: params.id }),
  )
}

/** A page of runs; without `limit` and `cursor`, as many as legacy clients show. */
function sendInstances(
  services: InstanceListServices,
  { tenant, query }: { readonly tenant: Tenant; readonly query: PageQuery },
  reply: FastifyReply,
  wanted: WantedInstances,
) {
  const read = (at: Page<ActivityPosition>) => listInstances(services, tenant, wanted, at)
  return sendPage(reply, query, byActivity, read, position, Limits.runs)
}

/** The runs of one agent type, for people alone. */
export async function userRoutes(app: Routes, services: InstanceListServices): Promise<void> {
  listInstancesOf(app, services, {
    url: '/user-agents/:id/instances',
    operationId: 'listUserAgentInstances',
    what: 'user agent',
    tag: 'User agents',
  })
}

function position({ last_activity_at, id }: { last_activity_at: Date; id: string }): ActivityPosition {
  return { at: last_activity_at, id }
}
