import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { isUnspecific } from '../events/events.js'
import { ApiKeys } from './service.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly apiKeys: ApiKeys
  }
}

export { userRoutes } from './routes.js'

export const apiKeys = fp(
  async (app: FastifyInstance) => {
    const apiKeys = new ApiKeys(app.database, app.events)
    app.decorate('apiKeys', apiKeys)
    app.events.subscribe((news) => {
      if (isUnspecific(news)) apiKeys.forget()
    })
  },
  { name: 'api-keys', dependencies: ['database', 'events'] },
)
