import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import helmet, { type HelmetOptions } from 'helmet'

/** Seconds that a browser stays on https: two years, as the preload list requires. */
const HSTS_MAX_AGE = 63_072_000

/** Answers are data: a browser that renders one as a page must not run anything. */
const apiPolicy = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}

/**
 * The minimum for Swagger UI: its own files, the contract from here, and its images in `data:` URLs. Try-it-out calls this
 * service only.
 *
 * No `upgrade-insecure-requests`: over plain http, where no proxy is in front, the page would request its files by https.
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

/** Headers that keep browsers from misusing an answer. */
export const securityHeaders = fp(
  async (app: FastifyInstance, { publicUrl }: { publicUrl: string | undefined }) => {
    const headers = headersOf({
      contentSecurityPolicy: { useDefaults: false, directives: apiPolicy },
      // Only the operator knows whether https is used by this host and its subdomains: never include subdomains.
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

/** The headers are the same for every answer: helmet builds them once, on a dummy answer. */
function headersOf(options: HelmetOptions): OutgoingHttpHeaders {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  helmet(options)(request, response, () => {})
  return { ...response.getHeaders() }
}
