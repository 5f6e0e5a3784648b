import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { docsPolicy } from '../plugins/security-headers.js'
import { KeptDocument } from './documents.js'

/** Where Swagger UI has its files. */
const FOLDER = new URL('static/', import.meta.resolve('@fastify/swagger-ui'))

/** The files that its pages request, with their media types. */
const FILES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'index.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'application/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'application/javascript; charset=utf-8',
  'oauth2-redirect.html': 'text/html; charset=utf-8',
  'oauth2-redirect.js': 'application/javascript; charset=utf-8',
  'favicon-16x16.png': 'image/png',
  'favicon-32x32.png': 'image/png',
} as const

/**
 * Serves the files of Swagger UI from memory. If they were read from disk for each request, each answer that the client does
 * not read would hold a file open, and a piece of it in memory.
 *
 * @param prefix of their paths, with a slash at the end
 */
export function serveDocsFiles(app: FastifyInstance, prefix: string): void {
  for (const [name, type] of Object.entries(FILES)) {
    const file = new KeptDocument(type, () => readFileSync(new URL(name, FOLDER)))
    app.get(`${prefix}${name}`, { schema: { hide: true } }, (request, reply) =>
      file.send(request, reply.header('content-security-policy', docsPolicy)),
    )
  }
}
