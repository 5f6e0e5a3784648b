import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

/** Random bytes per id. */
const LENGTH = 16

/** Drawn in large pieces: a call of the operating system's generator costs as much for one id as for hundreds. */
const pool = new Uint8Array(LENGTH * 512)
let used = pool.length

/** @returns a new UUID of version 7, which sorts by the time it was made (RFC 9562) */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const random = pool.slice(used, used + LENGTH)
  used += LENGTH
  return v7({ random })
}
