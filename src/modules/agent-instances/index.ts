import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { AgentInstances } from './service.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly agentInstances: AgentInstances
  }
}

export { agentRoutes, monitoringRoutes, sharedRoutes, userRoutes } from './routes.js'

export const agentInstances = fp(
  async (app: FastifyInstance) => {
    app.decorate('agentInstances', new AgentInstances(app.events))
  },
  { name: 'agent-instances', dependencies: ['events'] },
)
