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

/** Decorates the instance with chats: messages, questions, and what is being handed out. */
export const messages = fp(
  async (app: FastifyInstance) => {
    const { database, events, longPolls, agentInstances, answerCallbacks } = app
    const offers = new Offers()
    app.decorate('offers', offers)
    app.addHook('onClose', async () => offers.close())
    app.decorate('messages', new Messages({ database, events, longPolls, agentInstances, answerCallbacks, offers }))
    app.decorate('questions', new Questions({ events, longPolls, agentInstances, messages: app.messages, offers }))
  },
  { name: 'messages', dependencies: ['handoffs', 'events', 'agent-instances', 'webhooks'] },
)
