import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Limits } from '../../schemas/common.js'
import { type FieldProblem, invalidField, ProblemError } from '../errors.js'
import { type JsonLimits, measureJson } from '../json-measure.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes nothing in its body, and says so to whoever sends something. Legacy routes do not. */
    noBody?: boolean
    /** The text in the body that the route's `bodyLimit` has room for; all the rest is as large as other bodies. */
    largeField?: string
    /** The route looks after what cannot be stored by itself, for its body: nothing of it is refused beforehand. */
    mendsBody?: boolean
  }
}

/** JSON nested deeper than this is refused: recursive code behind the parser must not be driven into the ground. */
const MAX_DEPTH = 64

/**
 * What a body may consist of. An object with many fields is a hash table, and each of its names a string: to parse, check
 * and store one costs about five times as much as an element. The largest requests, 100 messages with metadata, have a
 * few thousand.
 */
const MAX: JsonLimits = { values: 100_000, fields: 20_000 }

/** Bytes of a body that is too small for so many: a value takes two at least, a field five. */
const MEASURED_FROM = Math.min(2 * MAX.values, 5 * MAX.fields)

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
      if (raw.length >= MEASURED_FROM) refuseExpensive(raw, request.routeOptions.config.largeField)
      parseJson(request, raw.toString(), (error, value) => {
        if (error) return done(new ProblemError('invalid_json', `The body is not valid JSON: ${error.message}`))
        done(null, value)
      })
    })
    app.addHook('preValidation', (request: FastifyRequest, _reply, next) => {
      refuseUnstorable(request.query, 'query')
      if (!request.routeOptions.config.mendsBody) refuseUnstorable(request.body, 'body')
      if (request.routeOptions.config.noBody) refuseFields(request.body)
      next()
    })
  },
  { name: 'body' },
)

/** Before it is parsed: 16 MiB of `[0,0,…]` would stop everything for seconds, and take gigabytes. */
function refuseExpensive(raw: Buffer, largeField: string | undefined): void {
  const bytes = measureJson(raw, MAX, largeField)
  if (bytes === undefined) {
    const most = `${MAX.values} elements and fields, or more than ${MAX.fields} fields`
    throw new ProblemError('body_too_large', `The body has more than ${most}: send it in parts, or as text`)
  }
  if (bytes > Limits.body) {
    throw new ProblemError('body_too_large', `The body, its ${largeField} aside, is larger than ${Limits.body} bytes`)
  }
}

function refuseFields(body: unknown): void {
  if (body === undefined) return
  if (typeof body !== 'object' || body === null) throw invalidField('body', 'must be left out')
  const [field] = Object.keys(body)
  if (field !== undefined) throw invalidField(`body.${field}`, 'is not a known field')
}

/** @param root a parsed value, which is the caller's */
function refuseUnstorable(root: unknown, name: string): void {
  const problem = isStorable(root, 0) ? undefined : findUnstorable(root, name, 0)
  if (problem) throw invalidField(problem.path, problem.message)
}

/** Recursive, but no deeper than is allowed. It makes nothing on its way: a body may have many values. */
function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= MAX_DEPTH) return false
  if (Array.isArray(value)) {
    for (const element of value) if (!isStorable(element, depth + 1)) return false
    return true
  }
  for (const key in value) {
    if (!isStorableText(key) || !isStorable(Reflect.get(value, key), depth + 1)) return false
  }
  return true
}

function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** @returns what is wrong with a value that is not storable, and where */
function findUnstorable(value: unknown, path: string, depth: number): FieldProblem | undefined {
  if (typeof value === 'string' && !isStorableText(value)) return unstorableText(value, path)
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= MAX_DEPTH) {
    const [root = path] = path.split('.', 1)
    return { path: root, message: `is nested deeper than ${MAX_DEPTH} levels` }
  }
  for (const [key, child] of Object.entries(value)) {
    if (!isStorableText(key)) return unstorableText(key, path)
    const problem = findUnstorable(child, `${path}.${key}`, depth + 1)
    if (problem) return problem
  }
  return undefined
}

function unstorableText(text: string, path: string): FieldProblem {
  return { path, message: text.includes('\0') ? 'must not contain NUL characters' : 'must not contain lone surrogates' }
}
