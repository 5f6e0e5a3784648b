import { createReadStream, createWriteStream } from 'node:fs'
import { stat, truncate } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../errors.js'
import { ignoreMissing } from './errors.js'

/** Bytes after which the server's log is truncated. One old log of this size is kept. */
const LIMIT = 8 * 1024 * 1024

/** Milliseconds between two checks. */
const CHECK_INTERVAL_MS = 2_000

/**
 * Truncates the log when it has become too long, while the server goes on appending to it: copies its end, then truncates it
 * (`copytruncate` of logrotate). A line written in between is lost.
 *
 * PostgreSQL's own `logging_collector` cannot bound a log by size: `log_rotation_size` opens another file, or the same one
 * again to append, nothing removes old files, and `log_truncate_on_rotation` applies to rotation by time only. Also, the output
 * of a server that fails to start bypasses the collector, and a server that runs as another user may not write to our folder.
 * Source: PostgreSQL documentation, "Error Reporting and Logging", `log_truncate_on_rotation`.
 *
 * @param limit bytes
 */
async function rotateLog(file: string, limit = LIMIT): Promise<void> {
  const { size } = (await stat(file).catch(ignoreMissing)) ?? { size: 0 }
  if (size <= limit) return
  const end = createReadStream(file, { start: size - limit, end: size - 1 })
  await pipeline(end, createWriteStream(`${file}.1`, { mode: 0o600 }))
  await truncate(file)
}

/** Keeps the log short until aborted. @param log takes a line when that fails */
export async function keepLogShort(
  file: string,
  signal: AbortSignal,
  log: (message: string) => void,
  limit?: number,
): Promise<void> {
  while (!signal.aborted) {
    await rotateLog(file, limit).catch((error) => log(`cannot rotate ${file}: ${messageOf(error)}`))
    await sleep(CHECK_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => {})
  }
}
