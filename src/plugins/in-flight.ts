import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { Turns } from '../limits/turns.js'
import { watchPieces } from './body-pieces.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The unanswered requests. */
    readonly inFlight: InFlight
  }
}

/** Unanswered requests of one connection. Browsers do not pipeline; other clients pipeline a few. */
const MAX_UNANSWERED = 16

/** Pipelined requests that are started in one iteration of the event loop. */
const pipelined = new Turns(4)

/** Further requests that a connection may have sent and still get the earlier answers. */
const MAX_REFUSED = 100

interface Connection {
  readonly unanswered: Set<ServerResponse>
  /** The last request that was started, until its handler has it. */
  current: ServerResponse | undefined
  /** Starts the requests after it, in order. */
  readonly waiting: (() => void)[]
  /** Whether requests are refused, so that later ones cannot be answered either. */
  isEnding: boolean
  refused: number
}

/**
 * Fastify's `close` waits for the requests of its first server only. For `localhost` it opens a second one, on ::1, and a
 * process that ended right after `close` would cut off the requests received there.
 */
class InFlight {
  readonly #responses = new Set<ServerResponse>()

  readonly #ofConnection = new WeakMap<Socket, Connection>()

  /** The number of unanswered requests. */
  get size(): number {
    return this.#responses.size
  }

  /**
   * Admits a request, unless its connection has too many unanswered ones.
   *
   * Node stops reading when answers pile up, but only after it has emitted all requests that arrived in one piece: thousands in
   * 64 KiB, whose answers would all be made before the first one is sent.
   *
   * @returns false for a request that must not be answered: its connection ends with the earlier answers, or has ended
   */
  admit(response: ServerResponse): boolean {
    if (this.#responses.has(response)) return true
    const { socket } = response.req
    const connection = this.#watch(socket)
    if (connection.isEnding || connection.unanswered.size >= MAX_UNANSWERED) {
      refuse(socket, connection)
      return false
    }
    watchPieces(response.req)
    this.#responses.add(response)
    connection.unanswered.add(response)
    response.once('close', () => {
      this.#responses.delete(response)
      connection.unanswered.delete(response)
      this.handOver(response)
      if (connection.isEnding && connection.unanswered.size === 0) socket.destroySoon()
    })
    return true
  }

  /**
   * When a connection breaks, Node closes the answer that is being sent, but none of the pipelined ones behind it: they, and
   * the streams that feed them, would leak.
   */
  #watch(socket: Socket): Connection {
    const known = this.#ofConnection.get(socket)
    if (known) return known
    const connection: Connection = {
      unanswered: new Set(),
      current: undefined,
      waiting: [],
      isEnding: false,
      refused: 0,
    }
    this.#ofConnection.set(socket, connection)
    const { stackTraceLimit } = Error
    socket.once('close', () => {
      Error.stackTraceLimit = stackTraceLimit
      for (const response of connection.unanswered) response.emit('close')
    })
    return connection
  }

  /** Calls back when a request is answered, or its connection is gone, which may already be the case. */
  whenAnswered(request: IncomingMessage, leave: () => void): void {
    for (const response of this.#ofConnection.get(request.socket)?.unanswered ?? []) {
      if (response.req === request) {
        response.once('close', leave)
        return
      }
    }
    leave()
  }

  /**
   * Starts an admitted request: at once, unless earlier ones of its connection are unanswered. Then it starts when the handler
   * has the one before it, so that handlers get them in order, whatever their size; and only a few per iteration of the event
   * loop, over all connections, so that other work runs in between.
   */
  begin(response: ServerResponse, work: () => void): void {
    const { socket } = response.req
    const connection = this.#watch(socket)
    const start = () => {
      if (socket.destroyed) return
      connection.current = response
      work()
    }
    if (connection.unanswered.size === 1) {
      start()
      return
    }
    connection.waiting.push(start)
    if (!connection.current && connection.waiting.length === 1) goOn(connection)
  }

  /** The handler has a request, or it is answered without one: the next request of the connection may start. */
  handOver(response: ServerResponse): void {
    const connection = this.#ofConnection.get(response.req.socket)
    if (connection?.current !== response) return
    connection.current = undefined
    if (connection.waiting.length > 0) goOn(connection)
  }

  /** Lets each connection end with its current answer. A kept-alive one would hold the server open. */
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

  /** Cuts off every unanswered request. */
  abort(): void {
    for (const response of this.#responses) response.destroy()
  }
}

/** Starts the oldest waiting request, when its turn comes. */
function goOn({ waiting }: Connection): void {
  pipelined.take().then(() => waiting.shift()?.())
}

/**
 * Ends a connection with the answers to the requests before this one. A client that sends very many more is cut off at once:
 * refused requests take memory, too, until the connection is closed.
 */
function refuse(socket: Socket, connection: Connection): void {
  connection.refused += 1
  if (connection.refused > MAX_REFUSED) socket.destroy()
  else socket.pause()
  if (connection.isEnding) return
  connection.isEnding = true
  // Node makes an error for each request that a closed connection leaves unanswered, in a listener that stands between this one
  // and that of `#watch`. Their unused stacks cost as much as everything else about them.
  socket.prependOnceListener('close', () => {
    Error.stackTraceLimit = 0
  })
  const last = [...connection.unanswered].at(-1)
  if (last && !last.headersSent) last.setHeader('connection', 'close')
}

/**
 * Calls back when the connection of a request is gone, or its answer is sent. It may be gone by the time that the handler runs:
 * then 'close' was emitted before a listener could be added.
 */
export function whenGone({ raw, request }: FastifyReply, leave: () => void): void {
  if (raw.destroyed || request.socket.destroyed) leave()
  else raw.once('close', leave)
}

/** Decorates the instance with the requests in flight, so that closing waits for them. */
export const inFlight = fp(
  async (app: FastifyInstance) => {
    const requests = new InFlight()
    app.decorate('inFlight', requests)
    app.addHook('onRequest', (_request, reply, next) => {
      // A refused request is ignored: nothing more is spent on it.
      if (requests.admit(reply.raw)) next()
    })
    app.addHook('preHandler', (_request, reply, next) => {
      requests.handOver(reply.raw)
      next()
    })
    // Spares the router refused requests, and starts pipelined ones in turns. Where `localhost` has two addresses, Fastify
    // creates the second server itself, and only the hook above applies.
    app.server.removeAllListeners('request')
    app.server.on('request', (request, response) => {
      if (requests.admit(response)) requests.begin(response, () => app.routing(request, response))
    })
    app.addHook('preClose', async () => requests.closeConnections())
  },
  { name: 'in-flight' },
)
