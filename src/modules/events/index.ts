import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Events } from './events.js'
import { Hub } from './hub.js'
import { type LongPollLimits, LongPolls } from './long-polls.js'
import { NatsTransport } from './nats-transport.js'
import { PostgresTransport } from './postgres-transport.js'
import { Streams } from './streams.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where changes are published. */
    readonly events: Events
    /** Where live views watch. */
    readonly hub: Hub
    /** Where streams are opened. */
    readonly streams: Streams
    /** Where agents wait for what people write. */
    readonly longPolls: LongPolls
  }
}

export { userRoutes } from './routes.js'

/** Settings of the events module. */
export interface EventsOptions {
  readonly natsUrl: string | undefined
  /** Changes to the limits, for tests. */
  readonly changes?: EventsChanges | undefined
}

/** Changes to how many may watch and wait, for tests. */
export interface EventsChanges {
  readonly streams?: ConstructorParameters<typeof Streams>[0]
  readonly longPolls?: Partial<LongPollLimits>
}

/**
 * Decorates the instance with what carries changes to their readers: hints between processes, the hub, long polls and
 * streams.
 */
export const events = fp(
  async (app: FastifyInstance, { natsUrl, changes }: EventsOptions) => {
    const transport = natsUrl ? new NatsTransport(natsUrl, app.log) : new PostgresTransport(app.database, app.log)
    const events = new Events(transport, app.log)
    const hub = new Hub(app.database, events, app.log)
    const streams = new Streams(changes?.streams)
    const longPolls = new LongPolls(app.database, hub, changes?.longPolls)
    app.decorate('events', events)
    app.decorate('hub', hub)
    app.decorate('streams', streams)
    app.decorate('longPolls', longPolls)
    await events.start()
    // Requests that are under way are waited for, and these would keep it waiting.
    app.addHook('preClose', async () => {
      streams.close()
      longPolls.close()
    })
    app.addHook('onClose', async () => {
      hub.close()
      await events.close()
    })
  },
  { name: 'events', dependencies: ['database'] },
)
