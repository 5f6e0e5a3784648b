import type { Readable } from 'node:stream'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { IdParams, ref } from '../../../schemas/common.js'
import { StreamEvent, StreamHeaders, StreamQuery, StreamTicket } from '../../../schemas/events.js'
import { sessionIdOf, type UserActor } from '../../actors/actor.js'
import { STREAM_TICKET_LIFETIME, type StreamTickets } from '../../authentication/tokens.js'
import { whenGone } from '../../plugins/in-flight.js'
import type { Routes } from '../../routes.js'
import { type LiveViewServices, openLiveView } from './live-view.js'

/**
 * OpenAPI 3.1 cannot describe a stream of events: the schema is that of each event, as generators read it and 3.2 has
 * it (`itemSchema`).
 */
const eventStream = {
  description:
    'Server-sent events until the reader leaves, the session ends or there is nothing left to watch; after 24 hours a ' +
    'stream has to be opened anew. The schema is that of each event: its `event` field, and the JSON of its `data` ' +
    'field. It has an `id` to resume from.',
  content: { 'text/event-stream': { schema: Type.Unsafe<Readable>({ $ref: `${StreamEvent.$id}#` }) } },
}

const RESUMING =
  'A first connection begins with what is new. With `Last-Event-ID`, as browsers send it when they reconnect, what was ' +
  'missed comes first, in order, each once. Where headers cannot be set, as with `EventSource`, use a ticket, and ' +
  '`?last_event_id=` for the header.'

const route = {
  config: { tokenInQuery: true },
  // It would open a stream without a reader, and never close it.
  exposeHeadRoute: false,
} as const

/** The services of these routes. */
export interface StreamRouteServices extends LiveViewServices {
  readonly streamTickets: StreamTickets
}

/** Live views: for people alone. */
export async function userRoutes(app: Routes, { hub, streams, streamTickets }: StreamRouteServices): Promise<void> {
  app.post(
    '/events/ticket',
    {
      config: { noBody: true },
      schema: {
        operationId: 'createStreamTicket',
        summary: 'Get a ticket for a stream',
        description:
          'For `EventSource`, which sends no headers: `?ticket=` opens a stream and nothing else, and soon expires, so ' +
          'that no access token has to stand in a URL. The stream itself goes on as long as the session, 24 hours at most.',
        tags: ['Live'],
        response: { 200: ref(StreamTicket, { description: 'The ticket.' }) },
      },
    },
    async ({ actor }) => ({ ticket: streamTickets.sign(personOf(actor)), expires_in: STREAM_TICKET_LIFETIME }),
  )

  app.get(
    '/agent-instances/:id/messages/stream',
    {
      ...route,
      schema: {
        operationId: 'streamMessages',
        summary: 'Watch a run live',
        description:
          'Server-sent events: `connected`, `message`, `message_update`, `status_update`, `git_diff_update`, ' +
          `\`agent_heartbeat\`, and \`heartbeat\` after silence. ${RESUMING}`,
        tags: ['Live'],
        params: IdParams('agent instance'),
        querystring: StreamQuery,
        headers: StreamHeaders,
        response: { 200: eventStream },
      },
    },
    async (request, reply) => stream(request, reply, request.params.id),
  )

  app.get(
    '/events/stream',
    {
      ...route,
      schema: {
        operationId: 'streamEvents',
        summary: 'Watch the whole account live',
        description:
          'Server-sent events of every run on one connection: `connected`, `instance_created`, `message`, ' +
          '`message_update`, `status_update`, `git_diff_update`, `agent_heartbeat`, and `heartbeat` after silence. ' +
          `A deleted run has the status \`DELETED\`. ${RESUMING}`,
        tags: ['Live'],
        querystring: StreamQuery,
        headers: StreamHeaders,
        response: { 200: eventStream },
      },
    },
    async (request, reply) => stream(request, reply),
  )

  /** Opens a stream of an account, or of one run of it. */
  async function stream(
    { tenant, actor, headers, query }: StreamRequest,
    reply: FastifyReply,
    instanceId?: string,
  ): Promise<Readable> {
    const { last_event_id, lastEventId, 'Last-Event-ID': inCapitals } = query
    // Browsers and clients without an id yet may send an empty one.
    const resumeFrom = headers['last-event-id'] || inCapitals || lastEventId || last_event_id || undefined
    const sessionId = sessionIdOf(actor)
    const stream = await openLiveView({ hub, streams }, tenant, { sessionId, instanceId, resumeFrom })
    // Otherwise a stream whose reader left before the first event would stay open.
    whenGone(reply, () => stream.destroy())
    // Proxies such as nginx would buffer events.
    reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
    return stream
  }
}

type StreamRequest = Pick<FastifyRequest, 'tenant' | 'actor'> & {
  readonly headers: { readonly 'last-event-id'?: string }
  readonly query: Pick<Static<typeof StreamQuery>, 'last_event_id' | 'lastEventId' | 'Last-Event-ID'>
}

/** These routes are for people alone. */
function personOf(actor: FastifyRequest['actor']): UserActor {
  if (actor.kind !== 'user') throw new Error('an agent got past the wall of a route for people')
  return actor
}
