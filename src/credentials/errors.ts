import { ProblemError } from '../errors.js'

/** @returns the 401 for a known credential whose account is gone or has another owner */
export function accountGone(): ProblemError {
  return new ProblemError('account_gone', 'This account no longer exists, or can no longer be signed in to this way')
}

/** @returns the 401 for an access token or ticket whose session has ended */
export function sessionEnded(): ProblemError {
  return badToken('session_ended', 'The session has ended; log in again')
}

/** @returns the 401 for a rejected token */
export function refusedToken(cause: unknown): ProblemError {
  const expired = cause instanceof Error && 'code' in cause && cause.code === 'FAST_JWT_EXPIRED'
  return expired ? expiredToken(cause) : badToken('invalid_token', 'The access token is not valid', cause)
}

/** @returns the 401 for an expired token */
export function expiredToken(cause?: unknown): ProblemError {
  return badToken('token_expired', 'The access token has expired; refresh it', cause)
}

/** @returns the 401 for an invalid credential, with its own reason */
export function badToken(
  code: 'token_expired' | 'invalid_token' | 'invalid_api_key' | 'api_key_expired' | 'session_ended',
  detail: string,
  cause?: unknown,
): ProblemError {
  return new ProblemError(code, detail, { headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, cause })
}
