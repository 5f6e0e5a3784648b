import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Milliseconds after which a test gives up waiting. Generous, as machines are shared and a passing test does not wait for it: a
 * failure, not a measurement.
 */
export const WAIT_TIMEOUT_MS = 90_000

/** Waits until a condition holds; an error ends the wait. @throws {Error} naming what did not come */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_TIMEOUT_MS
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await sleep(10)
  }
}

/** An error that waiting will not fix. */
export class Fatal extends Error {}

/** @returns the first result of `attempt` that is neither false nor undefined; errors count as not yet */
export async function eventually<T>(attempt: () => Promise<T | false | undefined>): Promise<T> {
  let last: unknown
  for (const deadline = Date.now() + WAIT_TIMEOUT_MS; Date.now() < deadline; await sleep(20)) {
    try {
      const result = await attempt()
      if (result !== false && result !== undefined) return result
    } catch (error) {
      if (error instanceof Fatal) throw error
      last = error
    }
  }
  throw new Error(`the expected state has not come within ${WAIT_TIMEOUT_MS} ms`, { cause: last })
}
