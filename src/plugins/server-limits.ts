import type { Server } from 'node:http'
import type { FastifyHttpOptions, FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.js'

/** Bytes of a URL. Cursors are its longest part, with a few hundred. */
const MAX_URL_LENGTH = 8 * 1024

/** A browser behind two proxies sends about 40. Node.js would drop those beyond 2,000 silently. */
const MAX_HEADERS = 100

/** Bytes of a request's line and headers together. Node.js answers more with 431. */
const MAX_HEADER_SIZE = 16 * 1024

/** Characters of one parameter in a path. All of them are UUIDs. */
const MAX_PARAMETER_LENGTH = 100

/** Timeouts of the server, in milliseconds. */
export interface Timeouts {
  /** For the headers, from the first byte or, on a new connection, from its start. Clients need a round trip. */
  readonly headers: number
  /** For the whole request: 8 MiB, the largest body, arrive in this time at 1.2 Mbit/s. */
  readonly request: number
  /** Between two checks of the two timeouts above. */
  readonly check: number
  /**
   * For activity in either direction during a request: a client that reads none of its answer is cut off. More than the longest
   * silence of a healthy connection: event streams send something every 20 s, and a long poll answers within 50 s.
   */
  readonly silence: number
  /**
   * For the next request. More than the 60 s of most proxies: the side that closes second never sends into a closed connection.
   */
  readonly keepAlive: number
}

const TIMEOUTS: Timeouts = { headers: 15_000, request: 60_000, check: 5_000, silence: 90_000, keepAlive: 72_000 }

/**
 * Options for the server itself. The number of requests on one connection is not limited: a proxy's connections carry the
 * requests of many clients, and closing them would only cost new ones.
 *
 * @param changes overrides for tests, which cannot wait for minutes
 */
export function serverLimits(changes: Partial<Timeouts> = {}) {
  const timeouts = { ...TIMEOUTS, ...changes }
  return {
    http: {
      maxHeaderSize: MAX_HEADER_SIZE,
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      connectionsCheckingInterval: timeouts.check,
    },
    requestTimeout: timeouts.request,
    connectionTimeout: timeouts.silence,
    keepAliveTimeout: timeouts.keepAlive,
    maxParamLength: MAX_PARAMETER_LENGTH,
  } satisfies FastifyHttpOptions<Server> & { maxParamLength: number }
}

/** Names and values alternate. */
function isHostName(text: string, index: number): boolean {
  return index % 2 === 0 && text.length === 4 && text.toLowerCase() === 'host'
}

/** Refuses requests that Node.js accepts but no client of ours sends. */
export const requestLimits = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', ({ raw, url }, _reply, next) => {
      if (url.length > MAX_URL_LENGTH) {
        throw new ProblemError('uri_too_long', `The URL is longer than ${MAX_URL_LENGTH} bytes`)
      }
      // Names and values alternate.
      if (raw.rawHeaders.length / 2 > MAX_HEADERS) {
        throw new ProblemError('headers_too_large', `There are more than ${MAX_HEADERS} headers`)
      }
      // Node takes the first one, a proxy may take the last. Source: RFC 9112, section 3.2.
      if (raw.rawHeaders.filter(isHostName).length > 1) {
        throw new ProblemError('invalid_request', 'There is more than one Host header')
      }
      next()
    })
    // Node answers unknown expectations with a bare 417. RFC 9110, section 10.1.1, leaves the choice.
    app.server.on('checkExpectation', app.routing)
  },
  { name: 'request-limits', dependencies: ['errors'] },
)
