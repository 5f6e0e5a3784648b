import pg from 'pg'

/** The server cannot be reached, is going away, or did not answer in time. Trying again later may succeed. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError'
}

/** Nothing is wrong with the server, but too much waits for it on the same account's behalf. Trying again later may succeed. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
}

/**
 * Classes of SQLSTATE that speak of the server's state, not of the statement: connection exceptions, insufficient
 * resources, operator intervention, system errors. Source: PostgreSQL documentation, appendix "PostgreSQL Error Codes".
 */
const UNAVAILABLE = /^(08|53|57|58)/

/** Somebody else holds a lock, and has held it for longer than `lock_timeout`. */
const LOCK_NOT_AVAILABLE = '55P03'

/** `statement_timeout` is over, or somebody has cancelled the statement. */
const QUERY_CANCELED = '57014'

/** Serialization failure, deadlock, lock not available. */
const LOST_AGAINST_ANOTHER = ['40001', '40P01', LOCK_NOT_AVAILABLE]

/** A run was to be made under the id of one that was deleted; see the trigger `refuse_deleted` of the schema. */
const INSTANCE_DELETED = 'SB410'

/** Whether a run was not made because one with its id was deleted just now. */
export function isOfDeletedInstance(error: unknown): boolean {
  return hasCode(error, INSTANCE_DELETED)
}

/** Whether a statement was cancelled because it would have had to wait for somebody else's lock. */
export function isLockTimeout(error: unknown): boolean {
  return hasCode(error, LOCK_NOT_AVAILABLE)
}

/** Whether the server gave a statement up because it took too long. Nothing of the transaction took effect. */
export function isStatementTimeout(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError && hasCode(error.cause, QUERY_CANCELED)
}

/** What node-postgres reports when `query_timeout` is over: it has neither a code nor a class of its own. */
const CLIENT_TIMEOUT = 'Query read timeout'

/** Whether nobody waited for the server's answer any longer. Whether the statement took effect is not known. */
export function isClientTimeout(error: unknown): boolean {
  const cause = error instanceof DatabaseUnavailableError && error.cause
  return cause instanceof Error && cause.message === CLIENT_TIMEOUT
}

/**
 * Whether a transaction was given up for another one that it stood in the way of, or that stood in its way. The server is well, and nothing of the
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
