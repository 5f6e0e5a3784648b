import { createHash } from 'node:crypto'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isKnown } from '../actors/request-actor.js'
import { asProblem, type ProblemError } from '../errors.js'
import { Limiter } from './limiter.js'
import { enforce } from './rate-limits.js'
import { MemoryStore } from './store.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who asks is not counted: the route tells whether the service is well, or is a file that is kept in memory. */
    uncounted?: boolean
    /** The route finds out by itself who asks, by a refresh token: always, or when the request is such a one. */
    identifies?: true | ((request: FastifyRequest) => boolean)
  }
}

/** What counts. */
export interface AnonymousLimitOptions {
  readonly limit: AnonymousLimit
}

/** Counts preflights, which `cross-origin` answers by itself: it comes before that. */
export const preflightLimit = fp(
  async (app: FastifyInstance, { limit }: AnonymousLimitOptions) => {
    // `cross-origin`, which comes next, answers preflights by itself; all other answers need its headers to be readable.
    app.addHook('onRequest', async (request, reply) => {
      if (request.method === 'OPTIONS') await limit.count(request, reply)
    })
  },
  { name: 'preflight-limit' },
)

/** Counts all that `preflightLimit` does not; what comes before it is answered for free. */
export const anonymousRequests = fp(
  async (app: FastifyInstance, { limit }: AnonymousLimitOptions) => {
    app.addHook('onRequest', async (request, reply) => {
      const { uncounted } = request.routeOptions.config
      if (request.method === 'OPTIONS' || uncounted || identifiesCaller(request)) return
      await limit.count(request, reply)
    })
  },
  { name: 'anonymous-requests', dependencies: ['preflight-limit', 'errors'] },
)

/**
 * Limits the requests of an address that are nobody's: of routes without credentials, of paths where nothing is, and those
 * that fail before it is known whose they are. Who is somebody has limits of their own (`rate-limits`).
 *
 * Each process counts by itself, in memory, whatever `RATE_LIMIT_STORE` says: these requests are to cost next to nothing,
 * and go on without the database.
 */
export class AnonymousLimit {
  readonly #limiter: Limiter | undefined

  /** @param max requests a minute; 0 for no limit */
  constructor(max: number) {
    this.#limiter = max > 0 ? new Limiter(new MemoryStore(), max) : undefined
  }

  /** Counts a request, and tells where its address stands. @throws {ProblemError} 429 */
  async count({ ip }: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (this.#limiter) enforce(reply, await this.#limiter.hit([subjectOf(ip)]))
  }

  /** Counts a request that failed, if it turned out to be nobody's only then. @returns what it is to be answered with */
  async countFailed(request: FastifyRequest, reply: FastifyReply, problem: ProblemError): Promise<ProblemError> {
    const isOver = problem.status >= 500 || problem.status === 429
    if (isOver || !identifiesCaller(request) || (problem.status !== 401 && isKnown(request))) return problem
    return this.count(request, reply).then(() => problem, asProblem)
  }
}

function identifiesCaller(request: FastifyRequest): boolean {
  const { access, identifies } = request.routeOptions.config
  if (typeof identifies === 'function') return identifies(request)
  return access !== undefined || identifies === true
}

/**
 * A name for an address, or for a network of IPv6. It has one length, and keeps nothing alive, whatever a proxy takes for
 * an address.
 *
 * @param ip undefined when the connection is gone
 */
function subjectOf(ip: string | undefined): string {
  return createHash('sha256')
    .update(normalizeIP(ip ?? ''))
    .digest('base64url')
}
