import { isUtf8 } from 'node:buffer'
import type { TSchema } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Limits } from '../../schemas/common.js'
import { type FieldProblem, invalidField, ProblemError } from '../errors.js'
import { type JsonLimits, measureJson } from '../json/measure.js'
import { type InexactNumber, inexactAsText, inexactNumbers } from '../json/numbers.js'
import { isStorableText } from '../json/storable-text.js'
import { LARGE, largeWork } from '../limits/turns.js'
import { readBody } from './body-reader.js'
import { bodySchemaOf, bodyTooLarge, isIgnoredField, mendTexts } from './body-schema.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes no body, and refuses a request that sends one. Legacy routes do not. */
    noBody?: boolean
    /** The text field that the route's `bodyLimit` is meant for; the rest of the body is limited like other bodies. */
    largeField?: string
    /** The route handles texts that cannot be stored itself, for its body: none of them is refused beforehand. */
    mendsBody?: boolean
    /** Selects numbers by their path that are read as text when JavaScript cannot represent them; others are refused. */
    numbersAsText?: (path: readonly string[]) => boolean
  }
}

/** Some programs put a byte order mark at the beginning. Source: RFC 8259, section 8.1: a parser may ignore it. */
const BYTE_ORDER_MARK = '\u{FEFF}'

/** Characters of a number that an error message shows. */
const SHOWN_DIGITS = 40

const mendedPaths = new WeakMap<FastifyRequest, readonly string[]>()

/** @returns the paths of the texts of a request's body that were mended, such as `messages.0.content` */
export function mendedIn(request: FastifyRequest): readonly string[] {
  return mendedPaths.get(request) ?? []
}

/** Numbers that are read as text in one body: each needs its path, and any of them a second parse of the body. */
const MAX_AS_TEXT = 1000

/**
 * Limits on the structure of a body. JSON that is nested deeper is refused: it could overflow the stack of recursive code
 * behind the parser. An object with many fields is a hash table, and each of its names a string: parsing, checking and storing
 * a field costs about five times as much as an element. The largest requests, 100 messages with metadata, have a few thousand.
 */
const MAX: JsonLimits = { values: 100_000, fields: 20_000, depth: 64 }

const TOO_DEEP = `is nested deeper than ${MAX.depth} levels`

/** A body below these bytes is too small to exceed them: a value takes two bytes at least, a field five. */
const MEASURED_FROM = Math.min(2 * MAX.values, 5 * MAX.fields)

/**
 * Parses JSON bodies, and refuses text that cannot be stored unchanged: NUL characters, which PostgreSQL's text cannot hold,
 * and surrogates without a partner, which UTF-8 cannot express. The same goes for query strings. Texts that are stored anyway
 * (`mended` in their schema) are mended.
 *
 * An empty body with a JSON content type counts as no body: legacy clients send that header on every call.
 */
export const body = fp(
  async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', (request, payload, done) => {
      readBody(request, payload, (error, raw) => {
        if (raw === undefined) return done(error)
        if (raw.length >= LARGE) {
          parseLargeBody(raw, request).then((value) => done(null, value), done)
          return
        }
        let value: unknown
        try {
          value = parseBody(raw, request)
        } catch (problem) {
          return done(problem instanceof Error ? problem : new Error('a body was not parsed', { cause: problem }))
        }
        done(null, value)
      })
    })
    app.addHook('preValidation', (request: FastifyRequest, _reply, next) => {
      refuseUnstorable(request.query, 'query')
      if (!request.routeOptions.config.mendsBody) keepStorable(request)
      if (request.routeOptions.config.noBody) refuseFields(request.body)
      next()
    })
  },
  { name: 'body', dependencies: ['byte-budgets'] },
)

/** Does the same as `parseBody`, with a turn for each slow step. The caller already has a turn. */
async function parseLargeBody(raw: Buffer, request: FastifyRequest): Promise<unknown> {
  refuseUnreadable(raw, request)
  await largeWork.take()
  const text = raw.toString()
  await largeWork.take()
  return readJson(text, request)
}

/** @returns undefined for an empty body */
function parseBody(raw: Buffer, request: FastifyRequest): unknown {
  if (raw.length === 0) return undefined
  refuseUnreadable(raw, request)
  return readJson(raw.toString(), request)
}

/** Refuses a body that must not be parsed. */
function refuseUnreadable(raw: Buffer, request: FastifyRequest): void {
  if (!isUtf8(raw)) throw new ProblemError('invalid_json', 'The body is not valid UTF-8')
  // The nesting depth of other small bodies is checked with their contents.
  if (raw.length >= MEASURED_FROM || request.routeOptions.config.mendsBody) refuseExpensive(raw, request)
}

/** Checked before parsing: 16 MiB of `[0,0,…]` would block everything for seconds, and take gigabytes. */
function refuseExpensive(raw: Buffer, request: FastifyRequest): void {
  const { largeField } = request.routeOptions.config
  const { bytes, exceeds } = measureJson(raw, MAX, largeField)
  if (exceeds === 'depth') throw invalidField('body', TOO_DEEP)
  if (exceeds) {
    const most = `${MAX.values} elements and fields, or more than ${MAX.fields} fields`
    throw new ProblemError('body_too_large', `The body has more than ${most}: send it in parts, or as text`)
  }
  if (bytes > Limits.body) {
    throw bodyTooLarge(request, `The body, its ${largeField} aside, is larger than ${Limits.body} bytes`)
  }
}

/**
 * Fields may have any name, such as `__proto__`: the parser makes own fields of them. Code that copies them must spread, not
 * assign one by one.
 *
 * @throws {ProblemError} 400 for invalid JSON, or for a number that would be changed, naming it
 */
function readJson(text: string, request: FastifyRequest): unknown {
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  const value = parse(json)
  const asText = acceptInexact(json, request)
  return asText.length === 0 ? value : parse(inexactAsText(json, asText))
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new ProblemError(
      'invalid_json',
      `The body is not valid JSON: ${error instanceof Error ? error.message : error}`,
    )
  }
}

/**
 * @returns the numbers to read as text
 * @throws {ProblemError} 400 for the first other number that would be changed, or for too many
 */
function acceptInexact(json: string, request: FastifyRequest): InexactNumber[] {
  const { numbersAsText } = request.routeOptions.config
  let schema: TSchema | undefined
  const ignores = (field: string) => {
    schema ??= bodySchemaOf(request)
    return isIgnoredField(schema, field)
  }
  const asText: InexactNumber[] = []
  for (const number of inexactNumbers(json, ignores)) {
    const [path, { text }] = [number.path(), number]
    if (numbersAsText?.(path) && asText.length < MAX_AS_TEXT) {
      asText.push(number)
      continue
    }
    const sent = text.length > SHOWN_DIGITS ? `${text.slice(0, SHOWN_DIGITS)}…` : text
    throw invalidField(
      ['body', ...path].join('.'),
      `must not be ${sent}, which would become ${Number(text)}: send it as text`,
    )
  }
  return asText
}

function refuseFields(body: unknown): void {
  if (body === undefined) return
  if (typeof body !== 'object' || body === null) throw invalidField('body', 'must be left out')
  const [field] = Object.keys(body)
  if (field !== undefined) throw invalidField(`body.${field}`, 'is not a known field')
}

/** Resolved lazily, for the few bodies that need it. */
function keepStorable(request: FastifyRequest): void {
  if (isStorable(request.body, 0)) return
  const schema = bodySchemaOf(request)
  if (schema) mendedPaths.set(request, mendTexts(schema, request.body, MAX.depth))
  refuseUnstorable(request.body, 'body')
}

/** @param root a parsed value, which is the caller's */
function refuseUnstorable(root: unknown, name: string): void {
  const problem = isStorable(root, 0) ? undefined : findUnstorable(root, name, 0)
  if (problem) throw invalidField(problem.path, problem.message)
}

/** Recursive, but no deeper than allowed. Allocates nothing on its way: a body may have many values. */
function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= MAX.depth) return false
  if (Array.isArray(value)) {
    for (const element of value) if (!isStorable(element, depth + 1)) return false
    return true
  }
  for (const key in value) {
    if (!isStorableText(key) || !isStorable(Reflect.get(value, key), depth + 1)) return false
  }
  return true
}

/** @returns the error for a value that cannot be stored, with its path */
function findUnstorable(value: unknown, path: string, depth: number): FieldProblem | undefined {
  if (typeof value === 'string' && !isStorableText(value)) return unstorableText(value, path)
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= MAX.depth) {
    const [root = path] = path.split('.', 1)
    return { path: root, message: TOO_DEEP }
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
