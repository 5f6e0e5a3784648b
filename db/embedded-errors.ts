/** The data directory is in use by another running service. Nothing was changed. */
export class DataDirBusyError extends Error {
  override readonly name = 'DataDirBusyError'

  /** @param dataDir the directory both services were given */
  constructor(readonly dataDir: string) {
    super(
      `another Signalbox is already running on the data directory ${dataDir}. ` +
        'Stop it first, or start this one with a data directory of its own.',
    )
  }
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

/** For `.catch`: a file that is not there is no error, and reads as undefined. */
export function ignoreMissing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error
}
