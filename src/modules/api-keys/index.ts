import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ApiKeys } from './service.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly apiKeys: ApiKeys
  }
}

export { userRoutes } from './routes.js'

/** Decorates the instance with API keys. */
export const apiKeys = fp(
  async (app: FastifyInstance) => {
    app.decorate('apiKeys', new ApiKeys(app.database, app.events, app.revocations))
  },
  { name: 'api-keys', dependencies: ['database', 'events', 'revocations'] },
)
