import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type {
  ConnectionError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchemaValidationError,
} from 'fastify'
import fp from 'fastify-plugin'
import findMyWay from 'find-my-way'
import { v7 as uuidv7 } from 'uuid'
import { asProblem, type FieldProblem, ProblemError, problemBody } from '../errors.js'
import { type BucketLimits, LeakyBucket } from '../limits/leaky-bucket.js'
import type { AnonymousLimit } from '../rate-limits/anonymous-limit.js'
import { isFragmented } from './body-pieces.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods of every route, by URL pattern. */
    readonly methodsByPattern: ReadonlyMap<string, ReadonlySet<string>>
    /** Counts and logs a failure, if it is to be. @returns what the request is to be answered with */
    explainFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<ProblemError>
    /** @returns the 404 for a path where nothing is, or the 405 for a method that it does not have */
    nothingThere(request: FastifyRequest): ProblemError
  }
}

/**
 * How many requests of one address are refused as too many at once. Who is not held up by a 429 sends thousands a second:
 * those are answered later, as they come in.
 */
const REFUSALS: BucketLimits = { burst: 100, perSecond: 100 }

/**
 * How many of them others count as: a body that there is no room for ends its connection, and some of it has come; to parse
 * one in too many pieces takes milliseconds.
 */
const TOO_MUCH_COST = 10
const FRAGMENTED_COST = 50

/** Milliseconds for which a refusal is held back at most. */
const LONGEST_PAUSE = 2_000
const LONGEST_PAUSE_OF_FRAGMENTED = 4_000

/** Where failures of unknown callers are counted. */
export interface ErrorsOptions {
  readonly anonymousLimit: AnonymousLimit
}

/** Every error leaves as problem+json, also those for which no route was found. */
export const errors = fp(
  async (app: FastifyInstance, { anonymousLimit }: ErrorsOptions) => {
    const allowedMethods = watchRoutes(app)
    const refusals = new LeakyBucket(REFUSALS)

    const pauseAfter = async (address: string, cost: number, longest: number) => {
      const pause = refusals.add(address, cost)
      if (pause > 0) await sleep(Math.min(pause, longest))
    }

    app.decorate('explainFailure', async (error, request, reply) => {
      const problem = await anonymousLimit.countFailed(request, reply, problemOf(error, request))
      // Under pressure an entry with a stack for each request would add to it; `load-shedding` logs one for many.
      if (problem.status >= 500 && problem.code !== 'overloaded')
        request.log.error({ err: problem.cause ?? problem }, problem.message)
      if (isFragmented(request.raw)) {
        // What is left of the body is not read: no further request can follow it.
        reply.header('connection', 'close')
        await pauseAfter(request.ip, FRAGMENTED_COST, LONGEST_PAUSE_OF_FRAGMENTED)
      } else if (problem.status === 429) {
        await pauseAfter(request.ip, problem.code === 'too_much_at_once' ? TOO_MUCH_COST : 1, LONGEST_PAUSE)
      }
      return problem
    })
    app.decorate('nothingThere', nothingThere)

    app.setErrorHandler(async (error, request, reply) =>
      sendProblem(request, reply, await app.explainFailure(error, request, reply)),
    )
    app.setNotFoundHandler((request, reply) => sendProblem(request, reply, nothingThere(request)))
    // Before the body is read: where nothing is, it does not matter what is wrong with it.
    app.addHook('preParsing', (request, _reply, payload, next) => {
      next(request.is404 ? nothingThere(request) : null, payload)
    })

    function nothingThere({ url, method }: FastifyRequest): ProblemError {
      const path = url.split('?', 1)[0] ?? '/'
      const allowed = allowedMethods(path)
      if (allowed.length === 0) return new ProblemError('not_found', `There is nothing at ${path}`)
      const allow = allowed.join(', ')
      const detail = `${method} is not possible here; allowed: ${allow}`
      return new ProblemError('method_not_allowed', detail, { headers: { allow } })
    }
  },
  { name: 'errors', dependencies: ['in-flight'] },
)

/**
 * Makes what answers a request whose URL the router could not read. Fastify runs no hooks and asks no error handler then, and knows no
 * address but that of the connection: behind a proxy, these requests share its limit, with no others.
 */
export function answerUnroutable(anonymousLimit: AnonymousLimit) {
  return async (error: Error, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!request.server.inFlight.admit(reply.raw)) return
    const problem = await anonymousLimit.count(request, reply).then(() => asProblem(error), asProblem)
    sendProblem(request, reply.header('x-request-id', request.id), problem)
  }
}

/**
 * Answers what Node.js could not read as HTTP, so that no request object exists; the connection ends with it.
 * Source: Node.js documentation, event 'clientError' of http.Server.
 */
export function answerUnparsable(this: FastifyInstance, error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = unparsableProblem(error.code)
  const requestId = uuidv7()
  const body = JSON.stringify(problemBody(problem, requestId))
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `X-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function unparsableProblem(code: string): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW') return new ProblemError('headers_too_large', 'The headers are larger than 16 KiB')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ProblemError('request_timeout', 'The request took too long to arrive')
  return new ProblemError('invalid_request', 'This is not an HTTP request')
}

/** Answers as every route does that has no form of its own for it. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ProblemError) {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json')
    .send(problemBody(problem, request.id))
}

/** @returns a function that tells which methods a path has; the same kind of router that Fastify uses finds out */
function watchRoutes(app: FastifyInstance): (path: string) => string[] {
  const methodsOfPattern = new Map<string, Set<string>>()
  app.decorate('methodsByPattern', methodsOfPattern)
  const router = findMyWay({ ignoreTrailingSlash: true })
  app.addHook('onRoute', ({ url, method }) => {
    if (url === '*') return
    let methods = methodsOfPattern.get(url)
    if (!methods) {
      methods = new Set()
      methodsOfPattern.set(url, methods)
      router.on('GET', url, () => {}, methods)
    }
    for (const name of [method].flat()) methods.add(name)
  })
  return (path) => {
    const methods: unknown = router.find('GET', path)?.store
    return methods instanceof Set ? [...methods].sort() : []
  }
}

function problemOf(error: unknown, request: FastifyRequest): ProblemError {
  if (isValidation(error)) return validationProblem(error)
  const problem = asProblem(error)
  if (error instanceof ProblemError) return problem
  return problem.code === 'unsupported_media_type' ? unsupportedType(request, error) : problem
}

/** Characters of a header that its sender is told about. */
const SHOWN = 100

function unsupportedType({ headers }: FastifyRequest, cause: unknown): ProblemError {
  const given = headers['content-type']
  const found = given ? `has ${JSON.stringify(given.slice(0, SHOWN))}` : 'has no such header'
  const detail =
    `Send the body as JSON, with the header Content-Type: application/json. This request ${found}. ` +
    'The JSON may be encoded as gzip or deflate.'
  return new ProblemError('unsupported_media_type', detail, { cause })
}

/** What Fastify throws for a request that does not fit its schema. */
export type ValidationError = Error & { validation: FastifySchemaValidationError[]; validationContext: string }

/** @returns whether a part of a request is not as its schema says */
export function isValidation(error: unknown): error is ValidationError {
  return error instanceof Error && 'validation' in error && Array.isArray(error.validation)
}

function validationProblem(error: ValidationError): ProblemError {
  const where = error.validationContext === 'querystring' ? 'query' : error.validationContext
  const fields = error.validation.map((item) => fieldProblem(where, item))
  const detail = fields.map(({ path, message }) => `${path} ${message}`).join('; ')
  return new ProblemError('invalid_request', detail, { errors: fields })
}

/** A missing or unknown field is named itself, not the object that lacks or has it. */
function fieldProblem(
  where: string,
  { instancePath, params, keyword, message }: FastifySchemaValidationError,
): FieldProblem {
  const missing = params['missingProperty']
  const unknown = params['additionalProperty']
  const path = [where, ...instancePath.split('/').slice(1)]
  if (typeof missing === 'string') return { path: [...path, missing].join('.'), message: 'is required' }
  if (typeof unknown === 'string') return { path: [...path, unknown].join('.'), message: 'is not a known field' }
  const allowed =
    keyword === 'enum' && Array.isArray(params['allowedValues']) ? `: ${params['allowedValues'].join(', ')}` : ''
  return { path: path.join('.'), message: `${message ?? 'is invalid'}${allowed}` }
}
