import pg from 'pg'

/** The server cannot be reached, is going away, or did not answer in time. A later retry may succeed. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError'
}

/** The server is healthy, but too many requests of the same account wait for it. A later retry may succeed. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
}

/**
 * Every SQLSTATE that the service reacts to. Compared only here; the rest of the code calls the functions below. Source:
 * PostgreSQL documentation, appendix "PostgreSQL Error Codes".
 */
const SQLSTATE = {
  /** Raised by the trigger `refuse_deleted` of the schema: the id is that of a deleted run. */
  instanceDeleted: 'SB410',
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  undefinedTable: '42P01',
  insufficientPrivilege: '42501',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  /** Another transaction has held a lock for longer than `lock_timeout`. */
  lockNotAvailable: '55P03',
  /** `statement_timeout` has passed, or the statement was cancelled. */
  queryCanceled: '57014',
  cannotConnectNow: '57P03',
  adminShutdown: '57P01',
  crashShutdown: '57P02',
  tooManyConnections: '53300',
  invalidTextRepresentation: '22P02',
  untranslatableCharacter: '22P05',
  characterNotInRepertoire: '22021',
  numericValueOutOfRange: '22003',
  invalidDatetimeFormat: '22007',
  datetimeFieldOverflow: '22008',
  programLimitExceeded: '54000',
  statementTooComplex: '54001',
} as const

/**
 * Classes of SQLSTATE that describe the server's state, not the statement: connection exceptions, insufficient resources,
 * operator intervention, system errors.
 */
const UNAVAILABLE = /^(08|53|57|58)/

/** The class "Invalid Authorization Specification". */
const INVALID_AUTHORIZATION = /^28/

/** Whether a run was not created because a run with its id was just deleted. */
export function isOfDeletedInstance(error: unknown): boolean {
  return hasCode(error, SQLSTATE.instanceDeleted)
}

/** Whether a row was not written because its account no longer exists. */
export function isOfDeletedAccount(error: unknown): boolean {
  if (!hasCode(error, SQLSTATE.foreignKeyViolation)) return false
  return error instanceof pg.DatabaseError && (error.constraint?.endsWith('_user_id_fkey') ?? false)
}

/** Whether a row was not written because its unique key is taken. */
export function isUniqueViolation(error: unknown): boolean {
  return hasCode(error, SQLSTATE.uniqueViolation)
}

/** Whether PostgreSQL cannot store a value of the statement, although validation passed. */
export function isUnstorableValue(error: unknown): boolean {
  return hasCode(
    error,
    SQLSTATE.invalidTextRepresentation,
    SQLSTATE.untranslatableCharacter,
    SQLSTATE.characterNotInRepertoire,
    SQLSTATE.numericValueOutOfRange,
    SQLSTATE.invalidDatetimeFormat,
    SQLSTATE.datetimeFieldOverflow,
    SQLSTATE.programLimitExceeded,
    SQLSTATE.statementTooComplex,
  )
}

/** Whether the role of the connection lacks the privilege. */
export function isPrivilegeMissing(error: unknown): boolean {
  return hasCode(error, SQLSTATE.insufficientPrivilege)
}

/** Whether the database was replaced by one without our tables, or without our grants. */
export function isForeignDatabase(error: unknown): boolean {
  return hasCode(error, SQLSTATE.undefinedTable, SQLSTATE.insufficientPrivilege)
}

/** Whether the server refuses the credentials of a connection. */
export function isLoginRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && INVALID_AUTHORIZATION.test(error.code ?? '')
}

/** Whether the server currently refuses connections: it is starting, stopping, recovering or full. */
export function isServerNotReady(error: unknown): boolean {
  return hasCode(
    error,
    SQLSTATE.cannotConnectNow,
    SQLSTATE.adminShutdown,
    SQLSTATE.crashShutdown,
    SQLSTATE.tooManyConnections,
  )
}

/** Whether a statement was cancelled because it waited too long for another transaction's lock. */
export function isLockTimeout(error: unknown): boolean {
  return hasCode(error, SQLSTATE.lockNotAvailable)
}

/** Whether the server cancelled a statement that took too long. Nothing of the transaction took effect. */
export function isStatementTimeout(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError && hasCode(error.cause, SQLSTATE.queryCanceled)
}

/** node-postgres's message for an expired `query_timeout`: the error has neither a code nor a class of its own. */
const CLIENT_TIMEOUT = 'Query read timeout'

/** Whether the wait for the server's answer timed out. Whether the statement took effect is unknown. */
export function isClientTimeout(error: unknown): boolean {
  const cause = error instanceof DatabaseUnavailableError && error.cause
  return cause instanceof Error && cause.message === CLIENT_TIMEOUT
}

/**
 * Whether a transaction was rolled back because of a conflict with another one. The server is healthy, and nothing of the
 * transaction took effect: it may be retried.
 */
export function lostAgainstAnother(error: unknown): boolean {
  return hasCode(error, SQLSTATE.serializationFailure, SQLSTATE.deadlockDetected, SQLSTATE.lockNotAvailable)
}

/**
 * @param error the error of node-postgres
 * @returns the same error if the server refused a statement, otherwise a `DatabaseUnavailableError` with it as the cause
 */
export function asDatabaseError(error: Error): Error {
  if (error instanceof DatabaseUnavailableError) return error
  if (error instanceof pg.DatabaseError && !UNAVAILABLE.test(error.code ?? '')) return error
  return new DatabaseUnavailableError(`database unavailable: ${messageOf(error)}`, { cause: error })
}

/** Whether a value is an object or array, with properties to read. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Whether a thrown value is an error with this `code` (of Node, such as ENOENT, or an SQLSTATE). */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return isRecord(error) && typeof error['code'] === 'string' && codes.includes(error['code'])
}

/** The failure for each address of a host comes in an AggregateError of Node.js, which has no message of its own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return [...new Set(error.errors.map(messageOf))].join('; ')
  return error instanceof Error ? error.message : String(error)
}
