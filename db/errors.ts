import pg from 'pg'
import { messageOf } from './embedded-errors.js'

/** The server cannot be reached, is going away, or did not answer in time. Trying again later may succeed. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError'
}

/**
 * Classes of SQLSTATE that speak of the server's state, not of the statement: connection exceptions, insufficient
 * resources, operator intervention, system errors; and a transaction that lost against another one.
 * Source: PostgreSQL documentation, appendix "PostgreSQL Error Codes".
 */
const UNAVAILABLE = /^(08|53|57|58|40001|40P01)/

/**
 * @param error what node-postgres reported
 * @returns the same error when the server refused a statement, else a `DatabaseUnavailableError` that has it as its cause
 */
export function asDatabaseError(error: Error): Error {
  if (error instanceof DatabaseUnavailableError) return error
  if (error instanceof pg.DatabaseError && !UNAVAILABLE.test(error.code ?? '')) return error
  return new DatabaseUnavailableError(`database unavailable: ${messageOf(error)}`, { cause: error })
}
