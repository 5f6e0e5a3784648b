import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Events } from './events.js'
import { Hub } from './hub.js'
import { NatsTransport } from './nats-transport.js'
import { PostgresTransport } from './postgres-transport.js'
import { WakeUps } from './wake-ups.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where changes are published. */
    readonly events: Events
    /** Where live views watch. */
    readonly hub: Hub
    /** Where agents wait for what people write. */
    readonly wakeUps: WakeUps
  }
}

export { userRoutes } from './routes.js'

export const events = fp(
  async (app: FastifyInstance, { natsUrl }: { natsUrl: string | undefined }) => {
    const transport = natsUrl ? new NatsTransport(natsUrl, app.log) : new PostgresTransport(app.database, app.log)
    const events = new Events(transport, app.log)
    const hub = new Hub(app.database, events, app.log)
    const wakeUps = new WakeUps(app.database, hub)
    app.decorate('events', events)
    app.decorate('hub', hub)
    app.decorate('wakeUps', wakeUps)
    await events.start()
    // Requests that are under way are waited for, and those that wait would keep it waiting.
    app.addHook('preClose', async () => wakeUps.close())
    app.addHook('onClose', async () => {
      hub.close()
      await events.close()
    })
  },
  { name: 'events', dependencies: ['database'] },
)
