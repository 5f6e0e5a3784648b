import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered under any pressure: it tells whether the process is alive, and costs nothing. */
    neverShed?: boolean
  }
}

/** Beyond any of these, requests are refused. */
export interface PressureLimits {
  /** Milliseconds that the event loop is late, averaged over a second. */
  readonly eventLoopDelay: number
  /** Bytes of JavaScript objects. */
  readonly heapUsed: number
  /** Bytes of memory altogether. */
  readonly rss: number
}

/** Seconds after which a refused caller may come again: the pressure is measured once a second. */
const RETRY_AFTER = 5

/**
 * Milliseconds for which the loop's delay says nothing after the start, which keeps the loop busy for a second on a slow
 * machine: the look that comes next still counts it, and stands until the one after.
 */
const SETTLING = 2_000

/** Milliseconds between two lines in the log: shedding has to cost less than answering. */
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
      // The plugin expects a promise that fails; it does not catch what is thrown.
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

/** Nine tenths of what V8 gives the heap, and of what the container or the machine gives the process. */
function memoryLimits(): Pick<PressureLimits, 'heapUsed' | 'rss'> {
  // 0 or a number beyond all memory means that there is no container that sets a limit.
  const constrained = process.constrainedMemory()
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  return { heapUsed: getHeapStatistics().heap_size_limit * 0.9, rss: memory * 0.9 }
}
