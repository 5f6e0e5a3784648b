import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Launcher } from './launcher.js'
import { UserAgents } from './service.js'
import { WebhookTypes } from './webhooks/registry.js'
import { WebhookStorage } from './webhooks/storage.js'
import { definitions } from './webhooks/types/index.js'
import type { LaunchSettings } from './webhooks/webhook-type.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly userAgents: UserAgents
    /** Starts agents. */
    readonly launcher: Launcher
  }
}

export { monitoringRoutes, userRoutes } from './routes.js'

/** Decorates the instance with agent types, and with what launches agents. */
export const userAgents = fp(
  async (app: FastifyInstance, settings: LaunchSettings) => {
    const { agentInstances: instances, messages, apiKeys, outgoing } = app
    const types = new WebhookTypes(definitions, settings)
    const storage = new WebhookStorage(app.secrets, types)
    const service = new UserAgents({ instances, events: app.events, types, storage, outgoing })
    app.decorate('userAgents', service)
    app.decorate('launcher', new Launcher({ userAgents: service, instances, messages, apiKeys, outgoing, storage }))
  },
  { name: 'user-agents', dependencies: ['agent-instances', 'messages', 'api-keys', 'outgoing', 'secrets'] },
)
