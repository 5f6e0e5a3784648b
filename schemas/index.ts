import type { TSchema } from '@sinclair/typebox'
import * as accounts from './accounts.js'
import * as agentInstances from './agent-instances.js'
import * as apiKeys from './api-keys.js'
import * as billing from './billing.js'
import * as common from './common.js'
import * as connect from './connect.js'
import * as events from './events.js'
import * as messages from './messages.js'
import * as problem from './problem.js'
import * as system from './system.js'
import * as userAgents from './user-agents.js'
import * as webhooks from './webhooks.js'

type Component = TSchema & { $id: string }

/** Every shared schema: what the service registers, and what stands in the OpenAPI document's components. */
export const components: Component[] = [
  accounts,
  agentInstances,
  apiKeys,
  billing,
  common,
  connect,
  events,
  messages,
  problem,
  system,
  userAgents,
  webhooks,
].flatMap((module) => Object.values(module).filter(isComponent))

function isComponent(value: unknown): value is Component {
  return typeof value === 'object' && value !== null && '$id' in value
}
