import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Offers } from './offers.js'
import { Questions } from './questions.js'
import { Messages } from './service.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly messages: Messages
    readonly offers: Offers
    readonly questions: Questions
  }
}

export { agentRoutes, userRoutes } from './routes.js'

export const messages = fp(
  async (app: FastifyInstance) => {
    const { database, events, wakeUps, agentInstances, answerCallbacks } = app
    const offers = new Offers()
    app.decorate('offers', offers)
    app.addHook('onClose', async () => offers.close())
    app.decorate('messages', new Messages({ database, events, wakeUps, agentInstances, answerCallbacks, offers }))
    app.decorate('questions', new Questions({ events, wakeUps, agentInstances, messages: app.messages, offers }))
  },
  { name: 'messages', dependencies: ['deliveries', 'events', 'agent-instances', 'webhooks'] },
)
