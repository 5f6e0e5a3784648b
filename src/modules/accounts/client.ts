import type { FastifyRequest } from 'fastify'
import type { Carrier, Client } from './sessions.js'

/** @returns where a request comes from, and how a session's refresh token gets there */
export function clientOf({ ip, headers }: FastifyRequest, carrier: Carrier = 'cookie'): Client {
  return { address: ip, userAgent: headers['user-agent'], carrier }
}
