import type { OutgoingCaller } from '../../outgoing/caller.js'
import type { SecretCipher } from '../../secrets/cipher.js'
import type { AgentInstances } from '../agent-instances/service.js'
import type { ApiKeys } from '../api-keys/service.js'
import type { Events } from '../events/events.js'
import type { Messages } from '../messages/service.js'
import { Launcher } from './launcher.js'
import { UserAgents } from './service.js'
import { WebhookTypes } from './webhooks/registry.js'
import { WebhookStorage } from './webhooks/storage.js'
import { definitions } from './webhooks/types/index.js'
import type { LaunchSettings } from './webhooks/webhook-type.js'

export { monitoringRoutes, userRoutes } from './routes.js'

/** The dependencies of agent types, and of launching agents. */
export interface UserAgentsOptions {
  readonly settings: LaunchSettings
  readonly instances: AgentInstances
  readonly messages: Messages
  readonly apiKeys: ApiKeys
  readonly events: Events
  readonly outgoing: OutgoingCaller
  readonly secrets: SecretCipher
}

/** Builds the services of agent types and launches. */
export function buildUserAgents({ settings, secrets, ...services }: UserAgentsOptions) {
  const types = new WebhookTypes(definitions, settings)
  const storage = new WebhookStorage(secrets, types)
  const userAgents = new UserAgents({ ...services, types, storage })
  return { userAgents, launcher: new Launcher({ ...services, userAgents, storage }) }
}
