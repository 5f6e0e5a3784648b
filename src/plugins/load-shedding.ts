import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered under any pressure: it is the liveness check, and costs nothing. */
    neverShed?: boolean
  }
}

/** Limits beyond which requests are refused. */
export interface PressureLimits {
  /** Delay of the event loop in milliseconds, averaged over a second. */
  readonly eventLoopDelay: number
  /** Bytes of the JavaScript heap. */
  readonly heapUsed: number
  /** Bytes of resident memory. */
  readonly rss: number
}

/** Seconds after which a refused caller may retry: the pressure is measured once a second. */
const RETRY_AFTER = 5

/**
 * Milliseconds after the start in which the loop's delay is ignored: starting keeps the loop busy for a second on a slow
 * machine, the next measurement still includes that, and it stands until the one after.
 */
const SETTLING = 2_000

/** Milliseconds between two log lines: shedding has to be cheaper than answering. */
const LOG_INTERVAL = 10_000

/**
 * Refuses requests with 503 before memory or the event loop give out.
 *
 * The event loop may be a whole second late: a busy service, with hundreds of connections on two cores, is 10 to 200 ms
 * late and answers everything; only one that has fallen behind for good is later. For the same reason its utilization
 * is no sign of pressure: a service that is merely busy uses all of it.
 */
export const loadShedding = fp(
  async (app: FastifyInstance, { changes = {} }: { changes?: Partial<PressureLimits> | undefined }) => {
    const limits: PressureLimits = { eventLoopDelay: 1_000, ...memoryLimits(), ...changes }
    let loggedAt = Number.NEGATIVE_INFINITY
    let settledAt = Number.POSITIVE_INFINITY
    app.addHook('onReady', async () => {
      settledAt = performance.now() + SETTLING
    })
    await app.register(underPressure, {
      maxEventLoopDelay: limits.eventLoopDelay,
      maxHeapUsedBytes: limits.heapUsed,
      maxRssBytes: limits.rss,
      // The plugin expects a rejected promise; it does not catch synchronous errors.
      pressureHandler: async (request, _reply, measure, value) => {
        if (request.routeOptions.config.neverShed) return
        if (measure === 'eventLoopDelay' && performance.now() < settledAt) return
        if (performance.now() - loggedAt > LOG_INTERVAL) {
          loggedAt = performance.now()
          app.log.warn({ measure, value, limits }, 'overloaded: requests are refused')
        }
        throw new ProblemError('overloaded', 'The service has too much to do. Try again in a moment.', {
          headers: { 'retry-after': String(RETRY_AFTER) },
        })
      },
    })
  },
  { name: 'load-shedding', dependencies: ['errors'] },
)

/** Nine tenths of V8's heap limit, and of the memory of the container or machine. */
function memoryLimits(): Pick<PressureLimits, 'heapUsed' | 'rss'> {
  // 0 or a number beyond all memory means that no container limit is set.
  const constrained = process.constrainedMemory()
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  return { heapUsed: getHeapStatistics().heap_size_limit * 0.9, rss: memory * 0.9 }
}
