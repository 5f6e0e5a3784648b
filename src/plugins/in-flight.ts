import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** The requests that have yet to be answered. */
    readonly inFlight: InFlight
  }
}

/**
 * Fastify's `close` waits for the requests of its first server only. For `localhost` it opens a second one, on ::1, and
 * a process that ended right after `close` would cut off what came in there.
 */
class InFlight {
  readonly #responses = new Set<ServerResponse>()

  readonly #ofConnection = new WeakMap<Socket, Set<ServerResponse>>()

  add(response: ServerResponse): void {
    const neighbours = this.#watch(response.req.socket)
    this.#responses.add(response)
    neighbours.add(response)
    response.once('close', () => {
      this.#responses.delete(response)
      neighbours.delete(response)
    })
  }

  /**
   * When a connection breaks, Node closes the answer that is being sent, but none of those that wait behind it for
   * requests that were sent without waiting (HTTP pipelining): they, and what feeds them, would stay for ever.
   */
  #watch(socket: Socket): Set<ServerResponse> {
    const known = this.#ofConnection.get(socket)
    if (known) return known
    const responses = new Set<ServerResponse>()
    this.#ofConnection.set(socket, responses)
    socket.once('close', () => {
      for (const response of responses) response.emit('close')
    })
    return responses
  }

  /** Lets each connection end with the answer that it is waiting for. A kept-alive one would hold the server open. */
  closeConnections(): void {
    for (const response of this.#responses) {
      const { socket } = response
      if (response.headersSent) response.once('close', () => socket?.end())
      else response.setHeader('connection', 'close')
    }
  }

  /** @returns when every request is answered, or its connection is gone */
  async done(): Promise<void> {
    await Promise.all([...this.#responses].map((response) => once(response, 'close')))
  }

  /** Cuts off every request that is not answered yet. */
  abort(): void {
    for (const response of this.#responses) response.destroy()
  }
}

/**
 * Has something done when the connection of a request is gone, or its answer is sent. It may be gone by the time that the
 * handler runs: then 'close' has been emitted before anybody could listen.
 */
export function whenGone({ raw, request }: FastifyReply, leave: () => void): void {
  if (raw.destroyed || request.socket.destroyed) leave()
  else raw.once('close', leave)
}

export const inFlight = fp(
  async (app: FastifyInstance) => {
    const requests = new InFlight()
    app.decorate('inFlight', requests)
    app.addHook('onRequest', (_request, reply, next) => {
      requests.add(reply.raw)
      next()
    })
    app.addHook('preClose', async () => requests.closeConnections())
  },
  { name: 'in-flight' },
)
