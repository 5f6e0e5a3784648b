import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { UserAgents } from './service.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly userAgents: UserAgents
  }
}

export { monitoringRoutes, userRoutes } from './routes.js'

export const userAgents = fp(
  async (app: FastifyInstance) => {
    app.decorate('userAgents', new UserAgents(app.agentInstances, app.events))
  },
  { name: 'user-agents', dependencies: ['agent-instances'] },
)
