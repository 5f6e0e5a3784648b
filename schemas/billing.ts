import { Type } from '@sinclair/typebox'
import { component, stringEnum, Uuid } from './common.js'

const constantNull = (description: string) => Type.Null({ description })

/** What the mobile app asks for at its start; any other answer locks it behind a subscription. */
export const BillingStatus = component(
  'BillingStatus',
  Type.Object({
    id: Uuid('The account.'),
    plan_type: stringEnum(['enterprise'], { description: 'Nothing is sold here: every account has everything.' }),
    agent_limit: Type.Integer({ description: '-1: no limit.' }),
    current_period_end: constantNull('There are no periods.'),
    cancel_at_period_end: Type.Boolean(),
    provider: constantNull('There is nobody to pay.'),
  }),
  {
    id: '0199b1a0-1111-7c4e-9a7b-3d1c9a5f0e11',
    plan_type: 'enterprise',
    agent_limit: -1,
    current_period_end: null,
    cancel_at_period_end: false,
    provider: null,
  },
)
