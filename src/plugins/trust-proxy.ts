import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import fp from 'fastify-plugin'
import { splitList } from '../config.js'

/**
 * @param setting `TRUST_PROXY`, already validated
 * @returns the proxies whose `X-Forwarded-*` headers Fastify trusts
 */
export function trustProxy(setting: string | undefined): NonNullable<FastifyServerOptions['trustProxy']> {
  if (setting === undefined || setting === 'false') return false
  if (setting === 'true') return true
  const hops = Number(setting)
  // Fastify treats a number as no proxy at all. The connection is the first hop; each proxy has added the one before it at the
  // end of the header, so forged entries of the caller stand to the left of the trusted ones.
  return Number.isNaN(hops) ? splitList(setting) : (_address: string, hop: number) => hop < hops
}

/** Warns the operator of misleading addresses: limits and logs depend on them. */
export const proxyWarnings = fp(
  async (app: FastifyInstance, { setting }: { setting: string | undefined }) => {
    if (setting === 'true') {
      app.log.warn(
        'TRUST_PROXY=true believes the address that a caller writes into X-Forwarded-For itself: set the number of ' +
          'proxies, or their addresses',
      )
    }
    if (setting !== undefined) return
    let isWarned = false
    app.addHook('onRequest', ({ headers }, _reply, next) => {
      if (!isWarned && headers['x-forwarded-for'] !== undefined) {
        isWarned = true
        app.log.warn(
          'X-Forwarded-For came while TRUST_PROXY is not set: if it is from your proxy, all of its callers share the ' +
            'limits of one address; set TRUST_PROXY, or TRUST_PROXY=false if there is none',
        )
      }
      next()
    })
  },
  { name: 'proxy-warnings' },
)
