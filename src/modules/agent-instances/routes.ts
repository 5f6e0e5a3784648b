import {
  Heartbeat,
  Instance,
  InstancePatch,
  InstanceRegistration,
  RegisteredInstance,
  SessionEnd,
  SessionEnded,
  StatusChange,
} from '../../../schemas/agent-instances.js'
import { Acknowledgement, IdParams, ref } from '../../../schemas/common.js'
import { problem } from '../../contract/openapi.js'
import type { Routes } from '../../routes.js'
import type { AgentInstances } from './service.js'

const tags = ['Agent instances']

/** The contract's description of a deleted run. */
export const GONE_FOR_AGENTS = 'To an API key: the run was deleted, and its agent is to stop.'
const params = IdParams('agent instance')

/** The services of these routes. */
export interface InstanceRouteServices {
  readonly agentInstances: AgentInstances
}

/** Routes for agents alone. */
export async function agentRoutes(app: Routes, { agentInstances }: InstanceRouteServices): Promise<void> {
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
      const instance = await agentInstances.register(tenant, {
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
    async ({ tenant, params }) => agentInstances.heartbeat(tenant, params.id),
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
      const status = await agentInstances.end(tenant, body.agent_instance_id)
      return { success: true, agent_instance_id: body.agent_instance_id, final_status: status }
    },
  )
}

/** Routes for people, and for agents about their own runs. */
export async function sharedRoutes(app: Routes, { agentInstances }: InstanceRouteServices): Promise<void> {
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
    async ({ tenant, params, body }) => agentInstances.requestStatus(tenant, params.id, body.status),
  )
}

/** Routes for people alone. */
export async function userRoutes(app: Routes, { agentInstances }: InstanceRouteServices): Promise<void> {
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
    async ({ tenant, params, body }) => agentInstances.rename(tenant, params.id, body.name),
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
      await agentInstances.delete(tenant, params.id)
      return { message: 'Agent instance deleted' }
    },
  )
}
