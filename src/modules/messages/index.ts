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
    const { database, events, wakeUps, agentInstances, answerCallbacks } = app
    app.decorate('messages', new Messages({ database, events, wakeUps, agentInstances, answerCallbacks }))
  },
  { name: 'messages', dependencies: ['events', 'agent-instances', 'webhooks'] },
)
