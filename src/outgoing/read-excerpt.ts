import type { Readable } from 'node:stream'

/** Bytes of an answer that are read before the connection is closed. */
const MAX_ANSWER = 64 * 1024

/** Characters of the excerpt that are kept. */
export const MAX_EXCERPT = 2000

/** Milliseconds for the body once the status has arrived: the status is what counts, and a body may never end. */
const BODY_TIMEOUT_MS = 3000

/**
 * Reads the beginning of a body, until its end, a size, a broken connection or a timeout. The stream is destroyed afterwards.
 *
 * @returns text that PostgreSQL can store
 */
export async function readExcerpt(body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  const timer = setTimeout(() => body.destroy(), BODY_TIMEOUT_MS)
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= MAX_ANSWER) break
    }
  } catch {
    // The status has arrived; a body that breaks off does not change it.
  } finally {
    clearTimeout(timer)
    body.destroy()
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_ANSWER).toString('utf8')
  return text.replaceAll('\0', '\uFFFD').slice(0, MAX_EXCERPT).toWellFormed()
}
