import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import helmet, { type HelmetOptions } from 'helmet'

/** Seconds that a browser keeps to https: two years, as the preload list asks for. */
const HSTS_MAX_AGE = 63_072_000

/** Answers are data: a browser that takes one for a page may do nothing with it. */
const apiPolicy = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}

/**
 * What Swagger UI needs, and no more: its own files, the contract from here, and images that it has as `data:` URLs.
 * Try-it-out calls this service only.
 *
 * No `upgrade-insecure-requests`: over plain http, where no proxy is in front, the page would ask for its files by https.
 */
export const docsPolicy = Object.entries({
  'default-src': "'none'",
  'base-uri': "'none'",
  'connect-src': "'self'",
  'font-src': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'img-src': "'self' data:",
  'script-src': "'self'",
  'style-src': "'self'",
})
  .map(([directive, sources]) => `${directive} ${sources}`)
  .join('; ')

/** Headers that keep browsers from doing with an answer what it is not meant for. */
export const securityHeaders = fp(
  async (app: FastifyInstance, { publicUrl }: { publicUrl: string | undefined }) => {
    const headers = headersOf({
      contentSecurityPolicy: { useDefaults: false, directives: apiPolicy },
      // Only the operator knows whether there is https, and whether the hosts below this one have it: never for those.
      strictTransportSecurity: publicUrl?.startsWith('https://')
        ? { maxAge: HSTS_MAX_AGE, includeSubDomains: false }
        : false,
      xFrameOptions: { action: 'deny' },
    })
    app.addHook('onRequest', (_request, reply, next) => {
      reply.headers(headers)
      next()
    })
  },
  { name: 'security-headers' },
)

/** The headers are the same for every answer: helmet makes them once, on an answer to nobody. */
function headersOf(options: HelmetOptions): OutgoingHttpHeaders {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  helmet(options)(request, response, () => {})
  return { ...response.getHeaders() }
}
