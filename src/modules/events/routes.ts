import type { Readable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import { IdParams, ref } from '../../../schemas/common.js'
import { StreamEvent, StreamHeaders, StreamQuery } from '../../../schemas/events.js'
import { notFound } from '../../errors.js'
import type { Actor } from '../../plugins/authentication.js'
import type { Routes } from '../../routes.js'
import { EventStream } from './event-stream.js'
import { findStanding } from './queries.js'

const RESTARTING = 'The service is restarting; reconnect to go on'

/** What a timer can wait for; a longer time would pass for none. Source: Node.js documentation, `setTimeout`. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/** A server-sent event stream has no schema of its own in OpenAPI 3.1: it is text that contains JSON. */
const eventStream = {
  description: 'Server-sent events until the reader leaves, the access token expires or the run is deleted.',
  content: {
    'text/event-stream': {
      schema: Type.Unsafe<Readable>({
        type: 'string',
        description: 'Each event has an `event` and a `data` field, and an `id` to resume from.',
        contentMediaType: 'application/json',
        contentSchema: ref(StreamEvent),
        examples: ['id: 7\nevent: connected\ndata: {"instance_id":"0199b1a5-0c7e-7d3a-b1de-5f7f3a4f9b21"}\n\n'],
      }),
    },
  },
}

export async function userRoutes(app: Routes): Promise<void> {
  const open = new Set<EventStream>()
  let closing = false

  // In-flight requests are waited for at shutdown; a stream would never end on its own.
  app.addHook('preClose', async () => {
    closing = true
    for (const stream of open) stream.close(RESTARTING)
  })

  app.get(
    '/agent-instances/:id/messages/stream',
    {
      config: { tokenInQuery: true },
      // It would open a stream that nobody reads and nobody closes.
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamMessages',
        summary: 'Watch a run live',
        description:
          'Server-sent events: `connected`, `message`, `message_update`, `status_update`, `git_diff_update`, ' +
          '`agent_heartbeat`, and `heartbeat` after silence. A first connection begins with what is new. With ' +
          '`Last-Event-ID`, as browsers send it when they reconnect, what was missed comes first, in order, each once.',
        tags: ['Live'],
        params: IdParams('agent instance'),
        querystring: StreamQuery,
        headers: StreamHeaders,
        response: { 200: eventStream },
      },
    },
    async (request, reply) => {
      const { tenant, actor } = request
      const instanceId = request.params.id.toLowerCase()
      const standing = await findStanding(tenant, instanceId)
      if (!standing) throw notFound('Agent instance')
      const lastEventId = request.headers['last-event-id'] ?? request.query.last_event_id
      const position = Math.min(Number(lastEventId ?? standing.revision), standing.revision)

      const stream = new EventStream(() => watching.goOn())
      stream.send({ event: 'connected', data: { instance_id: instanceId }, revision: position })
      const watching = app.hub.watch(tenant.userId, instanceId, standing, {
        position,
        hasRoom: () => stream.hasRoom(),
        deliver: (event) => stream.send(event),
        end: () => stream.close(),
      })
      const expiry = setTimeout(
        () => stream.close('The access token has expired; reconnect with a new one'),
        lifetime(actor),
      )
      open.add(stream)
      stream.once('close', () => {
        clearTimeout(expiry)
        open.delete(stream)
        watching.leave()
      })
      if (closing) stream.close(RESTARTING)
      // Proxies such as nginx would hold events back to fill a buffer.
      return reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream)
    },
  )
}

/** @returns milliseconds until the caller's token expires */
function lifetime(actor: Actor): number {
  return actor.kind === 'user' ? Math.min(actor.expiresAt - Date.now(), LONGEST_TIMEOUT) : 0
}
