import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Revocations } from '../credentials/revocations.js'
import { isUnspecific } from '../modules/events/events.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** What is remembered of credentials asks here whether it still counts. */
    readonly revocations: Revocations
  }
}

/** Decorates the instance with what remembers which accounts had credentials revoked. */
export const revocations = fp(
  async (app: FastifyInstance) => {
    const revocations = new Revocations()
    app.decorate('revocations', revocations)
    app.events.subscribe((hint) => {
      if (isUnspecific(hint)) revocations.note(hint.userId)
    })
  },
  { name: 'revocations', dependencies: ['events'] },
)
