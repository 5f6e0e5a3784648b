import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Questions } from './questions.js'
import { Messages } from './service.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly messages: Messages
    readonly questions: Questions
  }
}

export { agentRoutes, userRoutes } from './routes.js'

export const messages = fp(
  async (app: FastifyInstance) => {
    const { database, events, wakeUps, agentInstances, answerCallbacks } = app
    app.decorate('messages', new Messages({ database, events, wakeUps, agentInstances, answerCallbacks }))
    app.decorate('questions', new Questions(events, wakeUps, agentInstances, app.messages))
  },
  { name: 'messages', dependencies: ['events', 'agent-instances', 'webhooks'] },
)
