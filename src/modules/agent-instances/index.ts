import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { AgentInstances } from './service.js'
import { Sweeper } from './sweeper.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly agentInstances: AgentInstances
  }
}

export { agentRoutes, monitoringRoutes, sharedRoutes, userRoutes } from './routes.js'

export const agentInstances = fp(
  async (app: FastifyInstance, { heartbeatTimeout }: { heartbeatTimeout: number }) => {
    const instances = new AgentInstances(app.events, heartbeatTimeout * 1000)
    app.decorate('agentInstances', instances)
    const sweeper = new Sweeper(app.database, instances, heartbeatTimeout * 1000, app.log)
    app.addHook('onReady', async () => sweeper.start())
    app.addHook('onClose', async () => sweeper.stop())
  },
  { name: 'agent-instances', dependencies: ['events'] },
)
