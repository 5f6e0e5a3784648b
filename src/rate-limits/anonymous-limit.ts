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
    /** Not counted: the route is a health check, or a file that is kept in memory. */
    uncounted?: boolean
    /** The route authenticates by a refresh token itself: always, or for some requests. */
    identifies?: true | ((request: FastifyRequest) => boolean)
  }
}

/** The requests that count. */
export interface AnonymousLimitOptions {
  readonly limit: AnonymousLimit
}

/** Counts preflights. Runs before `cross-origin`, which answers them itself. */
export const preflightLimit = fp(
  async (app: FastifyInstance, { limit }: AnonymousLimitOptions) => {
    // `cross-origin`, which comes next, answers preflights itself; all other answers need its headers to be readable.
    app.addHook('onRequest', async (request, reply) => {
      if (request.method === 'OPTIONS') await limit.count(request, reply)
    })
  },
  { name: 'preflight-limit' },
)

/** Counts everything that `preflightLimit` does not; requests answered before it are free. */
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
 * Limits unauthenticated requests by address: requests to routes without credentials and to unknown paths, and those that fail
 * before authentication. Authenticated callers have limits of their own (`rate-limits`).
 *
 * Each process counts by itself, in memory, whatever `RATE_LIMIT_STORE` says: these requests must cost next to nothing, and
 * work without the database.
 */
export class AnonymousLimit {
  readonly #limiter: Limiter | undefined

  /** @param max requests a minute; 0 for no limit */
  constructor(max: number) {
    this.#limiter = max > 0 ? new Limiter(new MemoryStore(), max) : undefined
  }

  /** Counts a request, and returns the tally of its address. @throws {ProblemError} 429 */
  async count({ ip }: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (this.#limiter) enforce(reply, await this.#limiter.hit([subjectOf(ip)]))
  }

  /** Counts a failed request that only then turned out to be unauthenticated. @returns the problem for the answer */
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
 * A name for an address, or for a network of IPv6. It has a fixed length and keeps no larger string alive, whatever a proxy
 * sends as an address.
 *
 * @param ip undefined when the connection is gone
 */
function subjectOf(ip: string | undefined): string {
  return createHash('sha256')
    .update(normalizeIP(ip ?? ''))
    .digest('base64url')
}
