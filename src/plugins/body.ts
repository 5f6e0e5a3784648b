import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { invalidField, ProblemError } from '../errors.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes nothing in its body, and says so to whoever sends something. Legacy routes do not. */
    noBody?: boolean
  }
}

/** JSON nested deeper than this is refused: recursive code behind the parser must not be driven into the ground. */
const MAX_DEPTH = 64

/**
 * Parses JSON bodies, and refuses what could not be stored as it was sent: NUL characters, which PostgreSQL's text cannot
 * hold, and surrogates without a partner, which UTF-8 cannot express. The same goes for query strings.
 *
 * An empty body with a JSON content type counts as no body: legacy clients send that header on every call.
 */
export const body = fp(
  async (app: FastifyInstance) => {
    const parseJson = app.getDefaultJsonParser('error', 'error')
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, raw: Buffer, done) => {
      if (raw.length === 0) return done(null, undefined)
      if (!isUtf8(raw)) return done(new ProblemError('invalid_json', 'The body is not valid UTF-8'))
      parseJson(request, raw.toString(), (error, value) => {
        if (error) return done(new ProblemError('invalid_json', `The body is not valid JSON: ${error.message}`))
        done(null, value)
      })
    })
    app.addHook('preValidation', (request: FastifyRequest, _reply, next) => {
      refuseUnstorable(request.query, 'query')
      refuseUnstorable(request.body, 'body')
      if (request.routeOptions.config.noBody) refuseFields(request.body)
      next()
    })
  },
  { name: 'body' },
)

function refuseFields(body: unknown): void {
  if (body === undefined) return
  if (typeof body !== 'object' || body === null) throw invalidField('body', 'must be left out')
  const [field] = Object.keys(body)
  if (field !== undefined) throw invalidField(`body.${field}`, 'is not a known field')
}

/** Walks a parsed value without recursion; the value is the caller's. */
function refuseUnstorable(root: unknown, name: string): void {
  const pending: { value: unknown; path: string; depth: number }[] = [{ value: root, path: name, depth: 0 }]
  for (let item = pending.pop(); item; item = pending.pop()) {
    const { value, path, depth } = item
    if (typeof value === 'string') refuseUnstorableText(value, path)
    if (typeof value !== 'object' || value === null) continue
    if (depth >= MAX_DEPTH) throw invalidField(name, `is nested deeper than ${MAX_DEPTH} levels`)
    for (const [key, child] of Object.entries(value)) {
      refuseUnstorableText(key, path)
      pending.push({ value: child, path: `${path}.${key}`, depth: depth + 1 })
    }
  }
}

function refuseUnstorableText(text: string, path: string): void {
  if (text.includes('\0')) throw invalidField(path.replaceAll('\0', ''), 'must not contain NUL characters')
  if (!text.isWellFormed()) throw invalidField(path.toWellFormed(), 'must not contain lone surrogates')
}
