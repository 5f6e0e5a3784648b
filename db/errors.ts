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
 * Every SQLSTATE that the service reacts to. They are compared here and nowhere else: the rest of the code asks the functions
 * below. Source: PostgreSQL documentation, appendix "PostgreSQL Error Codes".
 */
const SQLSTATE = {
  /** Of the trigger `refuse_deleted` of the schema: the id is that of a run that was deleted. */
  instanceDeleted: 'SB410',
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  undefinedTable: '42P01',
  insufficientPrivilege: '42501',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  /** Another transaction has held a lock for longer than `lock_timeout`. */
  lockNotAvailable: '55P03',
  /** `statement_timeout` is over, or the statement was cancelled. */
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
 * Classes of SQLSTATE that speak of the server's state, not of the statement: connection exceptions, insufficient
 * resources, operator intervention, system errors.
 */
const UNAVAILABLE = /^(08|53|57|58)/

/** The class "Invalid Authorization Specification". */
const INVALID_AUTHORIZATION = /^28/

/** Whether a run was not made because one with its id was deleted just now. */
export function isOfDeletedInstance(error: unknown): boolean {
  return hasCode(error, SQLSTATE.instanceDeleted)
}

/** Whether a row was not written because its account no longer exists. */
export function isOfDeletedAccount(error: unknown): boolean {
  if (!hasCode(error, SQLSTATE.foreignKeyViolation)) return false
  return error instanceof pg.DatabaseError && (error.constraint?.endsWith('_user_id_fkey') ?? false)
}

/** Whether a row was not written because another one has its unique key. */
export function isUniqueViolation(error: unknown): boolean {
  return hasCode(error, SQLSTATE.uniqueViolation)
}

/** Whether PostgreSQL cannot store a value of the statement, although it passed validation. */
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

/** Whether the role of the connection may not do this. */
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

/** Whether the server takes no connections at the moment: it is starting, stopping, recovering or full. */
export function isServerNotReady(error: unknown): boolean {
  return hasCode(
    error,
    SQLSTATE.cannotConnectNow,
    SQLSTATE.adminShutdown,
    SQLSTATE.crashShutdown,
    SQLSTATE.tooManyConnections,
  )
}

/** Whether a statement was cancelled because it would have had to wait for the lock of another transaction. */
export function isLockTimeout(error: unknown): boolean {
  return hasCode(error, SQLSTATE.lockNotAvailable)
}

/** Whether the server gave a statement up because it took too long. Nothing of the transaction took effect. */
export function isStatementTimeout(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError && hasCode(error.cause, SQLSTATE.queryCanceled)
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
  return hasCode(error, SQLSTATE.serializationFailure, SQLSTATE.deadlockDetected, SQLSTATE.lockNotAvailable)
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

/** Whether a value is an object whose properties can be read, an array included. */
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
