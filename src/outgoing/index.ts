import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Config, splitList } from '../config.js'
import { version } from '../contract/openapi.js'
import { OutgoingCaller, type OutgoingOptions } from './caller.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Calls out to URLs that users gave. */
    readonly outgoing: OutgoingCaller
  }
}

/** The settings that outgoing calls take. */
export type OutgoingConfig = Pick<Config, 'WEBHOOK_ALLOW_NETWORKS' | 'WEBHOOK_TIMEOUT_MS'>

/**
 * Milliseconds that calls may go on once the service is to stop. Less than requests in flight have: whoever waits for a
 * call then gets to note how it ended.
 */
const DRAIN_TIMEOUT_MS = 4000

interface Options {
  readonly config: OutgoingConfig
  /** Changes for tests. */
  readonly changes?: Partial<OutgoingOptions> | undefined
}

/** Decorates the instance with the one way out. */
export const outgoing = fp(
  async (app: FastifyInstance, { config, changes }: Options) => {
    const caller = new OutgoingCaller({
      allowNetworks: splitList(config.WEBHOOK_ALLOW_NETWORKS),
      timeoutMs: config.WEBHOOK_TIMEOUT_MS,
      userAgent: `Signalbox/${version}`,
      ...changes,
    })
    app.decorate('outgoing', caller)
    let drainTimer: NodeJS.Timeout | undefined
    app.addHook('preClose', async () => {
      drainTimer = setTimeout(() => caller.close(), DRAIN_TIMEOUT_MS)
    })
    app.addHook('onClose', async () => {
      clearTimeout(drainTimer)
      caller.close()
    })
  },
  { name: 'outgoing' },
)
