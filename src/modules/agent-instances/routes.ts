import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tenant } from '../../../db/tenant.js'
import {
  DetailQuery,
  Heartbeat,
  Instance,
  InstanceDetail,
  InstancePatch,
  InstanceQuery,
  InstanceRegistration,
  RegisteredInstance,
  SessionEnd,
  SessionEnded,
  StatusChange,
} from '../../../schemas/agent-instances.js'
import { Acknowledgement, IdParams, InstancePageQuery, Limits, pageHeaders, ref } from '../../../schemas/common.js'
import { problem } from '../../contract/openapi.js'
import { ProblemError } from '../../errors.js'
import { type ActivityPosition, byActivity, linkEarlier, type Page, type PageQuery, sendPage } from '../../paging.js'
import type { Routes } from '../../routes.js'
import { missingInstance } from './deleted-instances.js'
import type { InstanceFilter } from './queries.js'
import { isFinished } from './status.js'

const tags = ['Agent instances']

const GONE_FOR_AGENTS = 'To an API key: the run was deleted, and its agent is to stop.'
const params = IdParams('agent instance')
const page = Type.Array(ref(Instance), { description: 'Newest activity first.', headers: pageHeaders })

/** Routes for agents alone. */
export async function agentRoutes(app: Routes): Promise<void> {
  app.post(
    '/agent-instances',
    {
      config: { creates: true, instance: { in: 'body', field: 'agent_instance_id' } },
      schema: {
        operationId: 'registerAgentInstance',
        summary: 'Register a run',
        description: 'Optional: posting a message to a new instance id does the same. A new `agent_type` is made.',
        tags,
        body: ref(InstanceRegistration),
        response: {
          201: ref(RegisteredInstance, { description: 'It is registered.' }),
          409: problem(409, 'There is an instance with this id.'),
          410: problem(410),
        },
      },
    },
    async ({ tenant, actor, body }, reply) => {
      const instance = await app.agentInstances.register(tenant, {
        agentType: body.agent_type,
        id: body.agent_instance_id ?? null,
        name: body.name ?? null,
        transport: body.transport ?? null,
        keyId: actor.kind === 'key' ? actor.keyId : null,
      })
      reply.code(201)
      return { ...instance, agent_instance_id: instance.id }
    },
  )

  app.post(
    '/agents/instances/:id/heartbeat',
    {
      config: { instance: { in: 'params', field: 'id' } },
      schema: {
        operationId: 'sendHeartbeat',
        summary: 'Give a sign of life',
        description:
          'Shown to people as the time the agent was last heard of. `instance_status` says whether the run was ended.',
        tags: ['Agent messaging'],
        params,
        response: { 200: ref(Heartbeat, { description: 'Noted.' }), 410: problem(410) },
      },
    },
    async ({ tenant, params }) => app.agentInstances.heartbeat(tenant, params.id),
  )

  app.post(
    '/sessions/end',
    {
      config: { instance: { in: 'body', field: 'agent_instance_id' } },
      schema: {
        operationId: 'endSession',
        summary: 'End a run',
        description:
          'Marks it as completed. One that has failed or was killed keeps that status. A completed one is opened again by ' +
          'whatever is said in it later.',
        tags: ['Agent messaging'],
        body: ref(SessionEnd),
        response: { 200: ref(SessionEnded, { description: 'It has ended.' }), 410: problem(410) },
      },
    },
    async ({ tenant, body }) => {
      const status = await app.agentInstances.end(tenant, body.agent_instance_id)
      return { success: true, agent_instance_id: body.agent_instance_id, final_status: status }
    },
  )
}

/** Lists, for people and for keys that may monitor. */
export async function monitoringRoutes(app: Routes): Promise<void> {
  app.get(
    '/agent-instances',
    {
      config: { readsPage: true },
      schema: {
        operationId: 'listAgentInstances',
        summary: 'List runs',
        description: 'Newest activity first, with the last message of each (its first 500 characters).',
        tags,
        querystring: InstanceQuery,
        response: { 200: page, 404: problem(404, 'There is no such agent type.') },
      },
    },
    async ({ tenant, query }, reply) => {
      // Nothing is shared, and nothing deleted is kept.
      if (query.scope === 'shared' || query.status === 'DELETED') return []
      if (query.agent_type_id) await app.userAgents.requireExisting(tenant, query.agent_type_id)
      const filter = { status: query.status, agentTypeId: query.agent_type_id, search: query.q }
      return sendInstances(app, { tenant, query }, reply, filter)
    },
  )

  listInstancesOf(app, {
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

/** One list under two names: an agent type is monitored, a user agent is configured; they are the same thing. */
function listInstancesOf(app: Routes, { url, operationId, what, tag }: InstanceListRoute): void {
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
    async ({ tenant, params, query }, reply) => {
      await app.userAgents.requireExisting(tenant, params.id)
      return sendInstances(app, { tenant, query }, reply, { agentTypeId: params.id })
    },
  )
}

/** A page of runs; without `limit` and `cursor`, as many as legacy clients show. */
function sendInstances(
  app: Routes,
  { tenant, query }: { readonly tenant: Tenant; readonly query: PageQuery },
  reply: FastifyReply,
  filter: InstanceFilter,
) {
  const read = (at: Page<ActivityPosition>) => app.agentInstances.list(tenant, filter, at)
  return sendPage(reply, query, byActivity, read, position, Limits.runs)
}

/** Routes for people, and for agents about their own runs. */
export async function sharedRoutes(app: Routes): Promise<void> {
  app.get(
    '/agent-instances/:id',
    {
      config: { instance: { in: 'params', field: 'id' }, readsPage: true },
      schema: {
        operationId: 'getAgentInstance',
        summary: 'Read a run with its chat',
        description:
          'With the last messages, or those just before `before_message_id`; `message_limit=0` leaves them out. There are ' +
          '4 MiB of them at most, unless a single one has more; `Link` has the page before them.',
        tags,
        params,
        querystring: DetailQuery,
        response: {
          200: ref(InstanceDetail, { description: 'The run.', headers: pageHeaders }),
          410: problem(410, GONE_FOR_AGENTS),
        },
      },
    },
    async (request, reply) => {
      const { tenant, params, query } = request
      const { message_limit = 50, before_message_id: before } = query
      const limit = Math.min(message_limit, Limits.page)
      const last = app.messages.lastPageQuery(tenant, params.id, before ? 0 : limit)
      const { instance, rows } = await tellDeleted(request, app.agentInstances.detailAnd(tenant, params.id, last))
      const messages = before ? await app.messages.page(tenant, instance.id, limit, before) : rows.reverse()
      linkEarlier(reply, messages)
      return { ...instance, messages, access_level: 'WRITE' as const, is_owner: true }
    },
  )

  app.put(
    '/agent-instances/:id/status',
    {
      config: { instance: { in: 'params', field: 'id' } },
      schema: {
        operationId: 'setAgentInstanceStatus',
        summary: 'Set the status of a run',
        description:
          'A run that is `FAILED` or `KILLED` stays so. One that is `COMPLETED` is opened again by any other status, by ' +
          "a person's message, and by whatever its agent posts. `STALE` and `DELETED` cannot be set.",
        tags,
        params,
        body: ref(StatusChange),
        response: {
          200: ref(Instance, { description: 'The run as it is now.' }),
          409: problem(409, 'The run has failed or was killed, or this status cannot be set.'),
          410: problem(410, GONE_FOR_AGENTS),
          507: problem(507),
        },
      },
    },
    async (request) => {
      const { actor, tenant, params, body } = request
      // Each change is kept. A run can be ended in any case.
      if (!isFinished(body.status)) await app.storageQuota.requireRoom(tenant.userId)
      if (actor.kind === 'key') await app.agentInstances.noteCall(tenant, params.id)
      return tellDeleted(request, app.agentInstances.setStatus(tenant, params.id, body.status))
    },
  )
}

/** Routes for people alone. */
export async function userRoutes(app: Routes): Promise<void> {
  listInstancesOf(app, {
    url: '/user-agents/:id/instances',
    operationId: 'listUserAgentInstances',
    what: 'user agent',
    tag: 'User agents',
  })

  app.patch(
    '/agent-instances/:id',
    {
      schema: {
        operationId: 'renameAgentInstance',
        summary: 'Rename a run',
        description: 'Sets the title that people see.',
        tags,
        params,
        body: ref(InstancePatch),
        response: { 200: ref(Instance, { description: 'The run as it is now.' }) },
      },
    },
    async ({ tenant, params, body }) => app.agentInstances.rename(tenant, params.id, body.name),
  )

  app.delete(
    '/agent-instances/:id',
    {
      schema: {
        operationId: 'deleteAgentInstance',
        summary: 'Delete a run',
        description:
          'Deletes its chat as well. It cannot be undone: an agent that goes on gets 410 (`instance_deleted`) for 90 days, ' +
          'during which no run is made under this id.',
        tags,
        params,
        response: { 200: ref(Acknowledgement, { description: 'It is gone.' }) },
      },
    },
    async ({ tenant, params }) => {
      await app.agentInstances.delete(tenant, params.id)
      return { message: 'Agent instance deleted' }
    },
  )
}

/** To people a deleted run is one that is not there; an agent is told what became of it. */
async function tellDeleted<T>(
  { actor, tenant, params }: Pick<FastifyRequest, 'actor' | 'tenant'> & { readonly params: { readonly id: string } },
  work: Promise<T>,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (actor.kind !== 'key' || !(error instanceof ProblemError) || error.code !== 'not_found') throw error
    throw await missingInstance(tenant, params.id, error)
  }
}

function position({ last_activity_at, id }: { last_activity_at: Date; id: string }): ActivityPosition {
  return { at: last_activity_at, id }
}
