import { createReadStream, createWriteStream } from 'node:fs'
import { stat, truncate } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../errors.js'
import { ignoreMissing } from './errors.js'

/** Bytes after which the server's log begins anew. One old log of this size is kept. */
const LIMIT = 8 * 1024 * 1024

/** Milliseconds between two looks. */
const INTERVAL = 2_000

/**
 * Begins the log anew when it has become too long, while the server goes on writing to it. It appends to whatever is there,
 * and cannot be told to open another file, even less one that a killed service left behind: so what is there is copied and
 * cut off. A line that is written in between is lost.
 *
 * @param limit bytes
 */
export async function rotateLog(file: string, limit = LIMIT): Promise<void> {
  const { size } = (await stat(file).catch(ignoreMissing)) ?? { size: 0 }
  if (size <= limit) return
  const end = createReadStream(file, { start: size - limit, end: size - 1 })
  await pipeline(end, createWriteStream(`${file}.1`, { mode: 0o600 }))
  await truncate(file)
}

/** Keeps the log short until it is aborted. @param log takes a line when that fails */
export async function keepLogShort(
  file: string,
  signal: AbortSignal,
  log: (message: string) => void,
  limit?: number,
): Promise<void> {
  while (!signal.aborted) {
    await rotateLog(file, limit).catch((error) => log(`cannot rotate ${file}: ${messageOf(error)}`))
    await sleep(INTERVAL, undefined, { signal, ref: false }).catch(() => {})
  }
}
