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
    /** The route takes nothing in its body, and says so to whoever sends something. Legacy routes do not. */
    noBody?: boolean
    /** The text in the body that the route's `bodyLimit` has room for; all the rest is as large as other bodies. */
    largeField?: string
    /** The route looks after texts that cannot be stored by itself, for its body: none of them is refused beforehand. */
    mendsBody?: boolean
    /** Picks numbers by their path that are read as text when JavaScript cannot keep them; others are refused. */
    numbersAsText?: (path: readonly string[]) => boolean
  }
}

/** Some programs begin a file with it. Source: RFC 8259, section 8.1: a parser may ignore it. */
const BYTE_ORDER_MARK = '\u{FEFF}'

/** Characters of a number that somebody is told about. */
const SHOWN_DIGITS = 40

const mendedPaths = new WeakMap<FastifyRequest, readonly string[]>()

/** @returns the paths of those texts of a request's body that were mended, such as `messages.0.content` */
export function mendedIn(request: FastifyRequest): readonly string[] {
  return mendedPaths.get(request) ?? []
}

/** Numbers that are read as text in one body: for each the path is made, and with any the body is parsed twice. */
const MAX_AS_TEXT = 1000

/**
 * What a body may consist of. JSON that is nested deeper is refused: recursive code behind the parser must not be driven into
 * the ground. An object with many fields is a hash table, and each of its names a string: to parse, check and store one
 * costs about five times as much as an element. The largest requests, 100 messages with metadata, have a few thousand.
 */
const MAX: JsonLimits = { values: 100_000, fields: 20_000, depth: 64 }

const TOO_DEEP = `is nested deeper than ${MAX.depth} levels`

/** Bytes of a body that is too small for so many: a value takes two at least, a field five. */
const MEASURED_FROM = Math.min(2 * MAX.values, 5 * MAX.fields)

/**
 * Parses JSON bodies, and refuses what could not be stored as it was sent: NUL characters, which PostgreSQL's text cannot
 * hold, and surrogates without a partner, which UTF-8 cannot express. The same goes for query strings. Texts that are to be
 * kept all the same (`mended` in their schema) are mended.
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

/** Does what `parseBody` does, with a turn for each step that takes long. It has one when it is called. */
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

/** Refuses what is not to be parsed. */
function refuseUnreadable(raw: Buffer, request: FastifyRequest): void {
  if (!isUtf8(raw)) throw new ProblemError('invalid_json', 'The body is not valid UTF-8')
  // How deep other small ones are is seen when all in them is looked at.
  if (raw.length >= MEASURED_FROM || request.routeOptions.config.mendsBody) refuseExpensive(raw, request)
}

/** Before it is parsed: 16 MiB of `[0,0,…]` would stop everything for seconds, and take gigabytes. */
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
 * Whatever its fields are called, such as `__proto__`: the parser makes them fields like others. Whoever copies them must
 * not assign them one by one, but spread them.
 *
 * @throws {ProblemError} 400 for what is no JSON, or has a number that would be kept as another one, naming it
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
 * @returns the numbers that are to be read as text
 * @throws {ProblemError} 400 for the first of the others that would be kept as another one, or for too many
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

/** What it takes is found out for the few bodies that need it. */
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

/** Recursive, but no deeper than is allowed. It makes nothing on its way: a body may have many values. */
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

/** @returns what is wrong with a value that is not storable, and where */
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
