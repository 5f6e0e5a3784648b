import type { Server } from 'node:http'
import type { FastifyHttpOptions, FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.js'

/** Bytes of a URL. Cursors are the longest thing that stands in one, and have a few hundred. */
const MAX_URL_LENGTH = 8 * 1024

/** A browser behind two proxies sends about 40. Node.js would drop those beyond 2,000 without a word. */
const MAX_HEADERS = 100

/** Bytes of a request's line and headers together. Node.js answers more with 431. */
const MAX_HEADER_SIZE = 16 * 1024

/** Characters of one parameter in a path. All of them are UUIDs. */
const MAX_PARAMETER_LENGTH = 100

/** How long, in milliseconds, the server waits for what. */
export interface Timeouts {
  /** For the headers, from the first byte or, on a new connection, from its start. Nobody needs more than a round trip. */
  readonly headers: number
  /** For the whole request: 8 MiB, the largest body, arrive in this time at 1.2 Mbit/s. */
  readonly request: number
  /** Between two looks at which connections have passed one of the two above. */
  readonly check: number
  /**
   * For a sign of life while a request is under way, in either direction: a reader who takes no bytes of its answer is
   * cut off. More than the longest time in which a healthy connection is silent: event streams send something every
   * 20 s, and a long poll answers within 50 s.
   */
  readonly silence: number
  /** For the next request. More than the 60 s of most proxies: who closes second never answers into a closed connection. */
  readonly keepAlive: number
}

const TIMEOUTS: Timeouts = { headers: 15_000, request: 60_000, check: 5_000, silence: 90_000, keepAlive: 72_000 }

/**
 * Options for the server itself. The number of requests on one connection is not limited: a proxy's connections carry
 * everybody's requests, and closing them would only cost new ones.
 *
 * @param changes for tests, which have no minutes to wait
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

/** Refuses what Node.js lets through but no client of ours sends. */
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
      // Node takes the first one, a proxy in front perhaps the last. Source: RFC 9112, section 3.2.
      if (raw.rawHeaders.filter(isHostName).length > 1) {
        throw new ProblemError('invalid_request', 'There is more than one Host header')
      }
      next()
    })
    // Node answers expectations that it does not know with a bare 417. RFC 9110, section 10.1.1, leaves the choice.
    app.server.on('checkExpectation', app.routing)
  },
  { name: 'request-limits', dependencies: ['errors'] },
)
