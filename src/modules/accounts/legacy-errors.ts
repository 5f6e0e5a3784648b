import type { FastifyReply, FastifyRequest } from 'fastify'
import type { LegacyError, LegacyErrorCode } from '../../../schemas/legacy-sign-in.js'
import type { ProblemCode } from '../../../schemas/problem.js'
import type { ProblemError } from '../../errors.js'
import { isValidation } from '../../plugins/errors.js'

interface Wording {
  /** By default the problem's own status. */
  readonly status?: number
  readonly code: LegacyErrorCode
  readonly msg?: string
}

/**
 * GoTrue's wording where apps check the status or show the text. A wrong password or refresh token is a 400, as in
 * OAuth (RFC 6749, section 5.2): a 401 is for access tokens.
 */
const wordings: Partial<Record<ProblemCode, Wording>> = {
  invalid_credentials: { status: 400, code: 'invalid_credentials', msg: 'Invalid login credentials' },
  invalid_refresh_token: {
    status: 400,
    code: 'refresh_token_not_found',
    msg: 'Invalid Refresh Token: Refresh Token Not Found',
  },
  email_taken: { status: 422, code: 'user_already_exists', msg: 'User already registered' },
  registration_closed: { status: 422, code: 'signup_disabled', msg: 'Signups not allowed for this instance' },
  local_accounts_off: { status: 422, code: 'email_provider_disabled', msg: 'Email logins are disabled' },
  missing_credentials: { code: 'no_authorization', msg: 'This endpoint requires a valid Bearer token' },
  session_ended: { code: 'session_not_found' },
  account_gone: { code: 'user_not_found' },
  invalid_json: { code: 'bad_json' },
}

/** Answers a failed request in GoTrue's error format. */
export async function sendLegacyError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = await request.server.explainFailure(error, request, reply)
  const body = isPasswordTooShort(error) ? weakPassword(problem) : legacyError(problem)
  const { 'www-authenticate': challenge, ...headers } = problem.headers
  if (challenge !== undefined && body.code === 401) reply.header('www-authenticate', challenge)
  return reply.code(body.code).headers(headers).send(body)
}

function legacyError(problem: ProblemError): LegacyError {
  const { status = problem.status, code, msg = problem.message } = wordings[problem.code] ?? { code: codeOf(problem) }
  return { code: status, error_code: code, msg }
}

function codeOf({ status }: ProblemError): LegacyErrorCode {
  if (status === 401 || status === 403) return 'bad_jwt'
  if (status === 408) return 'request_timeout'
  if (status === 429) return 'over_request_rate_limit'
  return status >= 500 ? 'unexpected_failure' : 'validation_failed'
}

function isPasswordTooShort(error: unknown): boolean {
  return (
    isValidation(error) &&
    error.validation.some(({ instancePath, keyword }) => instancePath === '/password' && keyword === 'minLength')
  )
}

function weakPassword({ message: msg }: ProblemError): LegacyError {
  return { code: 422, error_code: 'weak_password', msg, weak_password: { reasons: ['length'] } }
}
