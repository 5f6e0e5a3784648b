import type { Problem, ProblemCode } from './types.js'

/** An unsuccessful answer as an exception. */
export class SignalboxError extends Error {
  override readonly name = 'SignalboxError'
  /** The problem that the service reported. */
  readonly problem: Problem
  /** Seconds to wait before retrying, if the service gave them. */
  readonly retryAfter: number | undefined

  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail)
    this.problem = problem
    this.retryAfter = retryAfter
  }

  /** The HTTP status. */
  get status(): number {
    return this.problem.status
  }

  /** The kind of problem, to switch on. */
  get code(): ProblemCode {
    return this.problem.code
  }
}

/** The result of a client call. */
export type Answer<Data> =
  | { data: Data; error?: never; response: Response }
  | { data?: never; error: Problem; response: Response }

/**
 * Turns error results into exceptions.
 *
 * @returns the data of an answer
 * @throws {SignalboxError} if it is not a success
 */
export async function unwrap<Data>(answer: Answer<Data> | Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await answer
  if (error !== undefined) throw asError(error, response)
  return data
}

/** @returns the problem of an answer, with when to come back */
export function asError(problem: Problem, response: Response): SignalboxError {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new SignalboxError(problem, Number.isFinite(seconds) ? seconds : undefined)
}

/**
 * Proxies also answer, but with HTML or an empty body instead of a problem. This turns their errors into the type that the
 * contract promises.
 *
 * @returns the replacement for the response; undefined for a success or a problem
 */
export function withProblem(response: Response): Response | undefined {
  const type = response.headers.get('content-type') ?? ''
  if (response.ok || type.startsWith('application/problem+json')) return undefined
  const { status } = response
  const problem: Problem = {
    type: 'about:blank',
    title: response.statusText || 'Error',
    status,
    detail: `Something between here and Signalbox answered with status ${status}`,
    code: codeOf(status),
    request_id: response.headers.get('x-request-id') ?? '',
  }
  const headers = new Headers({ 'content-type': 'application/problem+json' })
  const retryAfter = response.headers.get('retry-after')
  if (retryAfter !== null) headers.set('retry-after', retryAfter)
  return new Response(JSON.stringify(problem), { status, statusText: response.statusText, headers })
}

const codes: Partial<Record<number, ProblemCode>> = {
  401: 'missing_credentials',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
  500: 'internal_error',
}

function codeOf(status: number): ProblemCode {
  return codes[status] ?? (status > 500 || status === 429 ? 'unavailable' : 'invalid_request')
}
