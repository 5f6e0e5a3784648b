import pg from 'pg'

/** The server cannot be reached, is going away, or did not answer in time. Trying again later may succeed. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError'
}

/**
 * Classes of SQLSTATE that speak of the server's state, not of the statement: connection exceptions, insufficient
 * resources, operator intervention, system errors. Source: PostgreSQL documentation, appendix "PostgreSQL Error Codes".
 */
const UNAVAILABLE = /^(08|53|57|58)/

/** Serialization failure, deadlock. */
const LOST_AGAINST_ANOTHER = ['40001', '40P01']

/**
 * Whether a transaction was given up for another one that it stood in the way of. The server is well, and nothing of the
 * transaction took effect: it may be run again.
 */
export function lostAgainstAnother(error: unknown): boolean {
  return hasCode(error, ...LOST_AGAINST_ANOTHER)
}

/**
 * @param error what node-postgres reported
 * @returns the same error when the server refused a statement, else a `DatabaseUnavailableError` that has it as its cause
 */
export function asDatabaseError(error: Error): Error {
  if (error instanceof DatabaseUnavailableError) return error
  if (error instanceof pg.DatabaseError && !UNAVAILABLE.test(error.code ?? '')) return error
  return new DatabaseUnavailableError(`database unavailable: ${messageOf(error)}`, { cause: error })
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Whether a thrown value is an error with this `code` (of Node, such as ENOENT, or an SQLSTATE). */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return isRecord(error) && typeof error['code'] === 'string' && codes.includes(error['code'])
}

/** Node.js says in an AggregateError, which has no message of its own, how each address of a host failed. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return [...new Set(error.errors.map(messageOf))].join('; ')
  return error instanceof Error ? error.message : String(error)
}
