import { DetailQuery, InstanceDetail } from '../../../schemas/agent-instances.js'
import { IdParams, pageHeaders, ref } from '../../../schemas/common.js'
import { problem } from '../../contract/openapi.js'
import { linkEarlier } from '../../paging.js'
import type { Routes } from '../../routes.js'
import { GONE_FOR_AGENTS } from '../agent-instances/routes.js'
import { type InstanceDetailServices, readDetail } from './service.js'

/** A run with its chat, for people and for its agent. */
export async function sharedRoutes(app: Routes, services: InstanceDetailServices): Promise<void> {
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
    async ({ tenant, params, query }, reply) => {
      const detail = await readDetail(services, tenant, params.id, query)
      linkEarlier(reply, detail.messages)
      return detail
    },
  )
}
