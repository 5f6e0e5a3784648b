import { sql } from 'kysely'
import type { ProblemError } from '../errors.js'
import { badToken } from './errors.js'

/**
 * When a secret of a key expires, in SQL. A replaced secret expires with its grace period, unless the key itself expires
 * before.
 */
export function endOf(secretHash: string) {
  return sql<Date | null>`
    case when key_hash = ${secretHash} then expires_at else least(previous_expires_at, expires_at) end`
}

/** @returns the 401 for a key that has ended, or never existed */
export function refusedKey(
  code: 'invalid_api_key' | 'api_key_expired',
  detail = code === 'api_key_expired' ? 'The API key has expired' : 'The API key is not valid, or was revoked',
): ProblemError {
  return badToken(code, detail)
}
