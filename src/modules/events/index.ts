import type { Database } from '../../../db/client.js'
import type { Lifecycle } from '../../lifecycle.js'
import { Events } from './events.js'
import { Hub } from './hub.js'
import { type LongPollLimits, LongPolls } from './long-polls.js'
import { NatsTransport } from './nats-transport.js'
import { PostgresTransport } from './postgres-transport.js'
import { Streams } from './streams.js'

export { isUnspecific } from './events.js'
export { userRoutes } from './routes.js'

/** The dependencies of the event services. */
export interface EventsOptions {
  readonly database: Database
  readonly natsUrl: string | undefined
  /** Changes to the limits, for tests. */
  readonly changes?: EventsChanges | undefined
}

/** Changes to the limits of streams and long polls, for tests. */
export interface EventsChanges {
  readonly streams?: ConstructorParameters<typeof Streams>[0]
  readonly longPolls?: Partial<LongPollLimits>
}

/** The services that carry changes to their readers. */
export interface EventServices {
  /** Where changes are published. */
  readonly events: Events
  /** Where live views subscribe. */
  readonly hub: Hub
  /** Where streams are opened. */
  readonly streams: Streams
  /** Where agents wait for people's messages. */
  readonly longPolls: LongPolls
}

/** Builds and starts the distribution of changes, in this process and between processes. */
export async function startEvents(
  app: Lifecycle,
  { database, natsUrl, changes }: EventsOptions,
): Promise<EventServices> {
  const transport = natsUrl ? new NatsTransport(natsUrl, app.log) : new PostgresTransport(database, app.log)
  const events = new Events(transport, app.log)
  const hub = new Hub(database, events, app.log)
  const streams = new Streams(changes?.streams)
  const longPolls = new LongPolls(database, hub, changes?.longPolls)
  await events.start()
  // Shutdown waits for in-flight requests, and these would keep it waiting.
  app.addHook('preClose', async () => {
    streams.close()
    longPolls.close()
  })
  app.addHook('onClose', async () => {
    hub.close()
    await events.close()
  })
  return { events, hub, streams, longPolls }
}
