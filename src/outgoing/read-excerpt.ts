import type { Readable } from 'node:stream'

/** Bytes of an answer that are read; then the connection is closed. */
export const MAX_ANSWER = 64 * 1024

/** Characters of them that are kept. */
export const MAX_EXCERPT = 2000

/** Milliseconds for the body once the status is there: what counts has arrived, and a body may never end. */
const BODY_TIMEOUT_MS = 3000

/**
 * Reads the beginning of a body, however it ends: by its end, by its size, by breaking off, by taking too long. The
 * stream is destroyed afterwards.
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
    // The status has been answered; a body that breaks off changes nothing about it.
  } finally {
    clearTimeout(timer)
    body.destroy()
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_ANSWER).toString('utf8')
  return text.replaceAll('\0', '\uFFFD').slice(0, MAX_EXCERPT).toWellFormed()
}
