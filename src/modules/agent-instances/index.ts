import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { AgentInstances, type SilenceTimeouts } from './service.js'
import { Sweeper } from './sweeper.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly agentInstances: AgentInstances
  }
}

export { agentRoutes, monitoringRoutes, sharedRoutes, userRoutes } from './routes.js'

/** Decorates the instance with runs, and looks for silent ones while the service runs. */
export const agentInstances = fp(
  async (app: FastifyInstance, { timeouts }: { timeouts: SilenceTimeouts }) => {
    const instances = new AgentInstances(app.events, timeouts)
    app.decorate('agentInstances', instances)
    const sweeper = new Sweeper(app.database, instances, timeouts, app.log)
    app.addHook('onReady', async () => sweeper.start())
    app.addHook('onClose', async () => sweeper.stop())
  },
  { name: 'agent-instances', dependencies: ['events'] },
)
