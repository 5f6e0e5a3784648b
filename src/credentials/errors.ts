import { ProblemError } from '../errors.js'

/** @returns the 401 for who was let in once, and whose account is gone or has another owner */
export function accountGone(): ProblemError {
  return new ProblemError('account_gone', 'This account no longer exists, or can no longer be signed in to this way')
}

/** @returns the 401 for an access token or ticket whose session has ended */
export function sessionEnded(): ProblemError {
  return new ProblemError('session_ended', 'The session has ended; log in again', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}
