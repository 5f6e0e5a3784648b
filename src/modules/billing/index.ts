import { BillingStatus } from '../../../schemas/billing.js'
import { ref } from '../../../schemas/common.js'
import type { Routes } from '../../routes.js'

/** The routes of a paid service that legacy clients call; nothing is charged here. */
export async function userRoutes(app: Routes): Promise<void> {
  app.get(
    '/billing/mobile/status',
    {
      schema: {
        operationId: 'getMobileBillingStatus',
        summary: 'Read what the mobile app may do',
        description: 'Always everything. The legacy mobile app asks at its start.',
        tags: ['Accounts'],
        response: { 200: ref(BillingStatus, { description: 'No limits.' }) },
      },
    },
    async ({ tenant: { userId: id } }) => ({
      id,
      plan_type: 'enterprise' as const,
      agent_limit: -1,
      current_period_end: null,
      cancel_at_period_end: false,
      provider: null,
    }),
  )
}
