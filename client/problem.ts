import type { Problem, ProblemCode } from './types.js'

/** An answer that is not a success, as something to throw. */
export class SignalboxError extends Error {
  override readonly name = 'SignalboxError'
  /** What the service said. */
  readonly problem: Problem
  /** Seconds after which the service wants to be asked again, if it said so. */
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

/** What a call of the client comes to. */
export type Answer<Data> =
  | { data: Data; error?: never; response: Response }
  | { data?: never; error: Problem; response: Response }

/**
 * For callers who want exceptions.
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
 * Proxies answer too, and not with problems: with HTML, or with nothing. This makes their errors what the types promise.
 *
 * @returns what to take instead of the response; undefined if it is a success or a problem already
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
