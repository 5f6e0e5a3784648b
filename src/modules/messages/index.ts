import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Messages } from './service.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly messages: Messages
  }
}

export { agentRoutes, userRoutes } from './routes.js'

export const messages = fp(
  async (app: FastifyInstance) => {
    app.decorate('messages', new Messages(app.database, app.events, app.wakeUps, app.agentInstances))
  },
  { name: 'messages', dependencies: ['events', 'agent-instances'] },
)
