import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Launcher } from './launcher.js'
import { UserAgents } from './service.js'
import { WebhookStorage } from './webhooks/storage.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly userAgents: UserAgents
    /** Starts agents. */
    readonly launcher: Launcher
  }
}

export { monitoringRoutes, userRoutes } from './routes.js'

export const userAgents = fp(
  async (app: FastifyInstance, { githubApiUrl }: { githubApiUrl: string }) => {
    const { agentInstances: instances, messages, apiKeys, outgoing } = app
    const storage = new WebhookStorage(app.secrets)
    const service = new UserAgents(instances, app.events, storage, outgoing)
    app.decorate('userAgents', service)
    app.decorate(
      'launcher',
      new Launcher({ userAgents: service, instances, messages, apiKeys, outgoing, storage, githubApiUrl }),
    )
  },
  { name: 'user-agents', dependencies: ['agent-instances', 'messages', 'api-keys', 'outgoing', 'secrets'] },
)
