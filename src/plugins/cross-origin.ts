import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** What a frontend may send, beyond what every page may. */
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

/** What supabase-js sends besides, which the Omnara apps sign in by. */
const legacyHeaders = ['apikey', 'X-Client-Info', 'X-Supabase-Api-Version']

/** What a frontend may read, beyond what every page may. */
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

/** Seconds that a browser need not ask again: ten minutes, the most that all of them heed is two hours. */
const MAX_AGE = 600

/** Lets pages of exactly these origins call with credentials. Others, and those whose origin is `null`, may not. */
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
