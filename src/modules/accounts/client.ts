import type { FastifyRequest } from 'fastify'
import type { Carrier, Client } from './sessions.js'

/** @returns the client of a request, and how its session's refresh token travels */
export function clientOf({ ip, headers }: FastifyRequest, carrier: Carrier = 'cookie'): Client {
  return { address: ip, userAgent: headers['user-agent'], carrier }
}
