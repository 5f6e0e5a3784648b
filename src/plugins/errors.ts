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
    /** Counts and logs a failure, where it should be. @returns the problem for the answer */
    explainFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<ProblemError>
    /** @returns the 404 for an unknown path, or the 405 for a method that a path does not have */
    nothingThere(request: FastifyRequest): ProblemError
  }
}

/**
 * 429s that an address gets without delay. A client that ignores them sends thousands a second: further ones are delayed, in
 * step with their rate.
 */
const REFUSALS: BucketLimits = { burst: 100, perSecond: 100 }

/**
 * The weight of the others: a body without room ends its connection, after some of it has come; parsing one in too many pieces
 * takes milliseconds.
 */
const TOO_MUCH_COST = 10
const FRAGMENTED_COST = 50

/** Milliseconds that a refusal is held back at most. */
const LONGEST_PAUSE = 2_000
const LONGEST_PAUSE_OF_FRAGMENTED = 4_000

/** Counts failures of unauthenticated callers. */
export interface ErrorsOptions {
  readonly anonymousLimit: AnonymousLimit
}

/** Every error leaves as problem+json, including those of unknown routes. */
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
        // The rest of the body is not read, so no further request can follow it.
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
    // Checked before the body is read: for an unknown path, the body does not matter.
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
 * Creates the handler for a request whose URL the router cannot parse. Fastify then runs no hooks and no error handler, and
 * knows only the address of the connection: behind a proxy, these requests share a limit of their own.
 */
export function answerUnroutable(anonymousLimit: AnonymousLimit) {
  return async (error: Error, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!request.server.inFlight.admit(reply.raw)) return
    const problem = await anonymousLimit.count(request, reply).then(() => asProblem(error), asProblem)
    sendProblem(request, reply.header('x-request-id', request.id), problem)
  }
}

/**
 * Answers bytes that Node.js could not parse as HTTP, so that no request object exists; then closes the connection. Source:
 * Node.js documentation, event 'clientError' of http.Server.
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

/** The usual answer of routes without an error format of their own. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ProblemError) {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json')
    .send(problemBody(problem, request.id))
}

/** @returns a function from a path to its methods; it uses the same kind of router as Fastify */
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

/** Characters of a header that an error message shows. */
const SHOWN = 100

function unsupportedType({ headers }: FastifyRequest, cause: unknown): ProblemError {
  const given = headers['content-type']
  const found = given ? `has ${JSON.stringify(given.slice(0, SHOWN))}` : 'has no such header'
  const detail =
    `Send the body as JSON, with the header Content-Type: application/json. This request ${found}. ` +
    'The JSON may be encoded as gzip or deflate.'
  return new ProblemError('unsupported_media_type', detail, { cause })
}

/** Fastify's error for a request that does not match its schema. */
export type ValidationError = Error & { validation: FastifySchemaValidationError[]; validationContext: string }

/** @returns whether a part of a request violates its schema */
export function isValidation(error: unknown): error is ValidationError {
  return error instanceof Error && 'validation' in error && Array.isArray(error.validation)
}

function validationProblem(error: ValidationError): ProblemError {
  const where = error.validationContext === 'querystring' ? 'query' : error.validationContext
  const fields = error.validation.map((item) => fieldProblem(where, item))
  const detail = fields.map(({ path, message }) => `${path} ${message}`).join('; ')
  return new ProblemError('invalid_request', detail, { errors: fields })
}

/** A missing or unknown field is named itself, not its parent object. */
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
