import { DetailQuery, InstanceDetail } from '../../../schemas/agent-instances.js'
import { IdParams, Limits, pageHeaders, ref } from '../../../schemas/common.js'
import { problem } from '../../contract/openapi.js'
import { linkEarlier } from '../../paging.js'
import type { Routes } from '../../routes.js'
import { GONE_FOR_AGENTS } from '../agent-instances/routes.js'
import type { AgentInstances } from '../agent-instances/service.js'
import { tellDeleted } from '../agent-instances/tell-deleted.js'
import type { Messages } from '../messages/service.js'

/** What a run is put together from. */
export interface InstanceDetailServices {
  readonly agentInstances: AgentInstances
  readonly messages: Messages
}

/** A run with its chat, for people and for its agent. */
export async function sharedRoutes(app: Routes, { agentInstances, messages }: InstanceDetailServices): Promise<void> {
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
        tags: ['Agent instances'],
        params: IdParams('agent instance'),
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
      const last = messages.lastPageQuery(tenant, params.id, before ? 0 : limit)
      const { instance, rows } = await tellDeleted(request, agentInstances.detailAnd(tenant, params.id, last))
      const shown = before ? await messages.page(tenant, instance.id, limit, before) : rows.reverse()
      linkEarlier(reply, shown)
      return { ...instance, messages: shown, access_level: 'WRITE' as const, is_owner: true }
    },
  )
}
