import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Events } from './events.js'
import { Hub } from './hub.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where changes are published. */
    readonly events: Events
    /** Where live views watch. */
    readonly hub: Hub
  }
}

export { userRoutes } from './routes.js'

export const events = fp(
  async (app: FastifyInstance) => {
    const events = new Events(app.database, app.log)
    const hub = new Hub(app.database, events, app.log)
    app.decorate('events', events)
    app.decorate('hub', hub)
    await events.listen()
    app.addHook('onClose', async () => {
      hub.close()
      await events.close()
    })
  },
  { name: 'events', dependencies: ['database'] },
)
