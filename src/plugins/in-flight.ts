import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { Turns } from '../limits/turns.js'
import { watchPieces } from './body-pieces.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The requests that have yet to be answered. */
    readonly inFlight: InFlight
  }
}

/** Requests of one connection that may wait for their answers. Browsers do not pipeline; who does sends a few. */
const MAX_UNANSWERED = 16

/** Requests that were sent before the answers to those before them had come: so many are begun with in a turn. */
const pipelined = new Turns(4)

/** Requests beyond those that a connection may have sent and still get the answers before them. */
const MAX_REFUSED = 100

interface Connection {
  readonly unanswered: Set<ServerResponse>
  /** The request that was begun with last, until its handler has it. */
  current: ServerResponse | undefined
  /** Begin with the requests after it, in their order. */
  readonly waiting: (() => void)[]
  /** Whether requests are refused, so that those after them cannot be answered either. */
  isEnding: boolean
  refused: number
}

/**
 * Fastify's `close` waits for the requests of its first server only. For `localhost` it opens a second one, on ::1, and
 * a process that ended right after `close` would cut off what came in there.
 */
class InFlight {
  readonly #responses = new Set<ServerResponse>()

  readonly #ofConnection = new WeakMap<Socket, Connection>()

  /** How many there are. */
  get size(): number {
    return this.#responses.size
  }

  /**
   * Notes a request, unless too many of its connection wait for their answers.
   *
   * Node stops reading when answers pile up, but not before it has handed out all requests that arrived in one piece:
   * thousands in 64 KiB, whose answers would all be made before the first one is sent.
   *
   * @returns false for a request that nobody may answer: its connection ends with the answers before it, or has ended
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
   * When a connection breaks, Node closes the answer that is being sent, but none of those that wait behind it for
   * requests that were sent without waiting (HTTP pipelining): they, and what feeds them, would stay for ever.
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

  /** Has something done when a request is answered, or its connection is gone, which may have happened already. */
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
   * Begins with a request that was admitted: at once, unless others of its connection wait for their answers. Then it is
   * begun with when the handler has the one before it, so that handlers get them in their order, however large each one is;
   * and a few of all connections in a turn of the event loop, which is there for others in between.
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

  /** The handler has a request, or it is answered without: it is the turn of the one that was sent behind it. */
  handOver(response: ServerResponse): void {
    const connection = this.#ofConnection.get(response.req.socket)
    if (connection?.current !== response) return
    connection.current = undefined
    if (connection.waiting.length > 0) goOn(connection)
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

/** Begins with the request that waits longest, when it is its turn. */
function goOn({ waiting }: Connection): void {
  pipelined.take().then(() => waiting.shift()?.())
}

/**
 * Ends a connection with the answers to the requests before this one. Who sends very many more is cut off at once: what
 * is refused takes memory, too, until the connection is closed.
 */
function refuse(socket: Socket, connection: Connection): void {
  connection.refused += 1
  if (connection.refused > MAX_REFUSED) socket.destroy()
  else socket.pause()
  if (connection.isEnding) return
  connection.isEnding = true
  // Node makes an error for each request that a closed connection leaves unanswered, in a listener that stands between
  // this one and that of `#watch`. Their stacks, which nobody sees, take as long as everything else about them.
  socket.prependOnceListener('close', () => {
    Error.stackTraceLimit = 0
  })
  const last = [...connection.unanswered].at(-1)
  if (last && !last.headersSent) last.setHeader('connection', 'close')
}

/**
 * Has something done when the connection of a request is gone, or its answer is sent. It may be gone by the time that the
 * handler runs: then 'close' has been emitted before anybody could listen.
 */
export function whenGone({ raw, request }: FastifyReply, leave: () => void): void {
  if (raw.destroyed || request.socket.destroyed) leave()
  else raw.once('close', leave)
}

/** Decorates the instance with what knows the requests under way, so that closing waits for them. */
export const inFlight = fp(
  async (app: FastifyInstance) => {
    const requests = new InFlight()
    app.decorate('inFlight', requests)
    app.addHook('onRequest', (_request, reply, next) => {
      // A request that is refused is left as it is: nothing more is spent on it.
      if (requests.admit(reply.raw)) next()
    })
    app.addHook('preHandler', (_request, reply, next) => {
      requests.handOver(reply.raw)
      next()
    })
    // Spares the router what is refused anyway, and begins with what was sent ahead in turns. Where `localhost` has two
    // addresses, the second one's server is Fastify's own, and the hook above is all that there is.
    app.server.removeAllListeners('request')
    app.server.on('request', (request, response) => {
      if (requests.admit(response)) requests.begin(response, () => app.routing(request, response))
    })
    app.addHook('preClose', async () => requests.closeConnections())
  },
  { name: 'in-flight' },
)
