import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Database } from '../../db/client.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Hands out tenant scopes. Handlers use `request.tenant`, which is bound to the caller already. */
    readonly database: Database
  }
}

/** Decorates the instance with the database. */
export const database = fp(
  async (app: FastifyInstance, { database }: { database: Database }) => {
    app.decorate('database', database)
  },
  { name: 'database' },
)
