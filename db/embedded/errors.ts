import { hasCode } from '../errors.js'

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

/** For `.catch`: a missing file is no error, and reads as undefined. */
export function ignoreMissing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error
}
