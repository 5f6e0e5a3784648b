import type { FastifyRequest } from 'fastify'
import type { Client } from './sessions.js'

/** @returns where a request comes from */
export function clientOf({ ip, headers }: FastifyRequest): Client {
  return { address: ip, userAgent: headers['user-agent'] }
}
