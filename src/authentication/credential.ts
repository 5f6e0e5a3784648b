import type { FastifyRequest } from 'fastify'
import { looksLikeApiKey } from '../credentials/api-key.js'
import { ProblemError } from '../errors.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `EventSource` sends no headers: this route takes a ticket or the access token from the URL as well. */
    tokenInQuery?: boolean
  }
}

/** The credential of a request. */
export interface Credential {
  readonly kind: 'ticket' | 'key' | 'token' | 'quoted'
  readonly text: string
}

/** How a credential is sent. */
export const EXAMPLE = 'As in: Authorization: Bearer sbx_…'

/** @throws {ProblemError} 401 when there is none */
export function credentialOf(request: FastifyRequest): Credential {
  const { authorization } = request.headers
  const ticket = queryOf(request, 'ticket')
  if (ticket !== undefined && authorization === undefined) return { kind: 'ticket', text: ticket }
  const [scheme, inHeader, ...rest] = (authorization ?? '').trim().split(/\s+/)
  const isBearer = scheme?.toLowerCase() === 'bearer' && rest.length === 0
  const text = (isBearer && inHeader) || queryOf(request, 'token')
  if (text) return { kind: kindOf(text), text }
  throw new ProblemError('missing_credentials', adviceOn(request.headers))
}

/** Quotes and brackets around a key: from settings files, and from manuals that say `<key>`. */
const QUOTED = /^["'`<]\s*sbx_|^sbx_.*["'`>]$/

function kindOf(text: string): Credential['kind'] {
  if (QUOTED.test(text)) return 'quoted'
  return looksLikeApiKey(text) ? 'key' : 'token'
}

/** @returns what is wrong with a request without a credential in its headers, to help set up a client */
function adviceOn({ authorization = '', 'x-api-key': otherHeader }: FastifyRequest['headers']): string {
  const given = authorization.trim()
  if (given === '') {
    if (otherHeader !== undefined) return `The API key belongs into the header Authorization, not X-API-Key. ${EXAMPLE}`
    return 'Send an `Authorization: Bearer …` header'
  }
  if (/^["'`]/.test(given)) return `The header Authorization stands in quotes: send it without them. ${EXAMPLE}`
  if (given.includes('sbx_')) return `The API key must stand after the word Bearer, and alone. ${EXAMPLE}`
  return 'The header Authorization must be the word Bearer and one credential: send `Authorization: Bearer …`'
}

/** @returns the credential in the URL, for a route that accepts one there */
function queryOf({ routeOptions, query }: FastifyRequest, name: 'ticket' | 'token'): string | undefined {
  if (!routeOptions.config.tokenInQuery || typeof query !== 'object' || query === null) return undefined
  const value: unknown = Reflect.get(query, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}
