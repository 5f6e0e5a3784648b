import { STATUS_CODES } from 'node:http'
import {
  BusyError,
  DatabaseUnavailableError,
  isOfDeletedAccount,
  isOfDeletedInstance,
  isUnstorableValue,
  lostAgainstAnother,
} from '../db/errors.js'
import type { ProblemCode } from '../schemas/problem.js'

/** The status of each code. A new code does not compile until it has one. */
const statusOfCode = {
  invalid_request: 400,
  invalid_json: 400,
  agent_type_required: 400,
  already_requires_input: 400,
  instance_not_found: 400,
  no_webhook: 400,
  name_taken: 400,
  missing_credentials: 401,
  invalid_credentials: 401,
  invalid_token: 401,
  token_expired: 401,
  invalid_api_key: 401,
  api_key_expired: 401,
  invalid_refresh_token: 401,
  account_gone: 401,
  session_ended: 401,
  wrong_credential_kind: 403,
  insufficient_scope: 403,
  key_bound_to_instance: 403,
  origin_not_allowed: 403,
  registration_closed: 403,
  not_your_account: 403,
  local_accounts_off: 403,
  external_identities_off: 403,
  email_not_verified: 403,
  wrong_password: 403,
  reauthentication_required: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  email_taken: 409,
  already_exists: 409,
  too_many_api_keys: 409,
  too_many_webhooks: 409,
  identity_in_use: 409,
  api_key_inactive: 409,
  user_agent_inactive: 409,
  status_not_allowed: 409,
  no_open_question: 409,
  queue_full: 409,
  idempotency_in_progress: 409,
  idempotency_answer_lost: 409,
  instance_deleted: 410,
  body_too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  webhook_misconfigured: 424,
  webhook_address_refused: 424,
  webhook_connection_failed: 424,
  webhook_tls_failed: 424,
  webhook_timeout: 424,
  webhook_http_error: 424,
  rate_limited: 429,
  too_many_streams: 429,
  too_many_waits: 429,
  too_much_at_once: 429,
  headers_too_large: 431,
  internal_error: 500,
  unavailable: 503,
  overloaded: 503,
  storage_quota_exceeded: 507,
} as const satisfies Record<ProblemCode, number>

/** A fault in one field of a request: its path, such as `body.name`, and a message to be read after it. */
export interface FieldProblem {
  readonly path: string
  readonly message: string
}

/** Additional members of some problems. */
export interface ProblemExtensions {
  readonly remote_status?: number
  readonly agent_instance_id?: string
}

interface ProblemOptions {
  readonly extensions?: ProblemExtensions
  readonly errors?: FieldProblem[]
  readonly headers?: Record<string, string>
  readonly cause?: unknown
}

/** An error for the caller, as RFC 9457 problem details. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly status: number
  readonly errors: FieldProblem[] | undefined
  readonly headers: Record<string, string>
  readonly extensions: ProblemExtensions

  /**
   * @param code decides the HTTP status
   * @param detail what went wrong in this case, human-readable
   */
  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause })
    this.code = code
    this.status = statusOfCode[code]
    this.errors = options.errors
    this.extensions = options.extensions ?? {}
    // RFC 9110, section 15.5.2: a 401 states how to authenticate.
    this.headers = { ...(this.status === 401 ? { 'www-authenticate': 'Bearer' } : {}), ...options.headers }
  }
}

/** @returns the 404 for something that does not exist, or belongs to another account */
export function notFound(what: string): ProblemError {
  return new ProblemError('not_found', `${what} not found`)
}

/** @returns the 410 for an agent of a deleted run; models read the text */
export function instanceDeleted(): ProblemError {
  return new ProblemError(
    'instance_deleted',
    'This agent instance was deleted. Stop working on it: nothing more can be sent to it.',
  )
}

/** @returns a 400 that names one field */
export function invalidField(path: string, message: string): ProblemError {
  return new ProblemError('invalid_request', `${path} ${message}`, { errors: [{ path, message }] })
}

/** Fastify's own errors, by status: raised before any code of ours ran. */
const codeOfFastifyStatus: Record<number, ProblemCode> = {
  400: 'invalid_request',
  404: 'not_found',
  408: 'request_timeout',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
  503: 'unavailable',
}

/**
 * Turns a thrown value into the problem for the caller. Unknown errors become a 500 without details.
 *
 * @param error anything
 * @returns the problem; its `cause` is the original, for the log
 */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof DatabaseUnavailableError) return unavailable(error)
  if (error instanceof BusyError) return tooBusy(error)
  if (lostAgainstAnother(error)) return tooContended(error)
  if (isOfDeletedInstance(error)) return instanceDeleted()
  if (isOfDeletedAccount(error))
    return new ProblemError('account_gone', 'This account no longer exists.', { cause: error })
  if (isUnstorableValue(error)) {
    return new ProblemError('invalid_request', 'The request has a value that cannot be stored.', { cause: error })
  }
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    const code = codeOfFastifyStatus[error.statusCode]
    if (code) return new ProblemError(code, error.message, { cause: error })
  }
  return new ProblemError('internal_error', 'Something went wrong here. It has been logged.', { cause: error })
}

function unavailable(cause: Error): ProblemError {
  return new ProblemError('unavailable', 'The database is not available. Try again in a moment.', {
    headers: { 'retry-after': '2' },
    cause,
  })
}

function tooBusy(cause: Error): ProblemError {
  return new ProblemError('overloaded', 'Too many requests of this account are waiting. Try again in a moment.', {
    headers: { 'retry-after': '2' },
    cause,
  })
}

function tooContended(cause: unknown): ProblemError {
  return new ProblemError('unavailable', 'Too much was changed here at the same time. Try again in a moment.', {
    headers: { 'retry-after': '1' },
    cause,
  })
}

/** @returns the body of the response */
export function problemBody(problem: ProblemError, requestId: string) {
  return {
    type: 'about:blank',
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    request_id: requestId,
    ...(problem.errors ? { errors: problem.errors } : {}),
    ...problem.extensions,
  }
}
