import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Request headers that a frontend may send, beyond the CORS-safelisted ones. */
const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'Last-Event-ID',
  'Mcp-Protocol-Version',
  'Mcp-Session-Id',
  'X-Client-Type',
  'X-Request-Id',
]

/** Further headers of supabase-js, which the Omnara apps sign in with. */
const legacyHeaders = ['apikey', 'X-Client-Info', 'X-Supabase-Api-Version']

/** Response headers that a frontend may read, beyond the CORS-safelisted ones. */
const exposedHeaders = [
  'Link',
  'Mcp-Session-Id',
  'X-Request-Id',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'Idempotency-Replayed',
]

/** Seconds that a browser may cache a preflight: ten minutes; all browsers honour up to two hours. */
const MAX_AGE = 600

/** Lets pages of exactly these origins call with credentials. Other origins, `null` included, may not. */
export const crossOrigin = fp(
  async (app: FastifyInstance, { origins, legacySignIn }: { origins: string[]; legacySignIn: boolean }) => {
    await app.register(cors, {
      origin: origins,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      credentials: true,
      strictPreflight: false,
      allowedHeaders: legacySignIn ? [...allowedHeaders, ...legacyHeaders] : allowedHeaders,
      exposedHeaders,
      maxAge: MAX_AGE,
    })
  },
  { name: 'cross-origin' },
)
