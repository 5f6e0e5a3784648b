/**
 * Waits for a promise, up to a time limit or an abort. The work itself is not stopped.
 *
 * @throws {Error} when it takes longer than `milliseconds`, or the signal's reason
 */
export async function cancellable<T>(work: Promise<T>, signal: AbortSignal, milliseconds: number): Promise<T> {
  const { promise, stop } = interruption(signal, milliseconds)
  try {
    return await Promise.race([work, promise])
  } finally {
    stop()
  }
}

function interruption(signal: AbortSignal, milliseconds: number): { promise: Promise<never>; stop(): void } {
  let stop = () => {}
  const promise = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal.reason)
    const timer = setTimeout(() => reject(new Error(`Nothing was heard for ${milliseconds} ms`)), milliseconds)
    signal.addEventListener('abort', onAbort)
    stop = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
    if (signal.aborted) onAbort()
  })
  return { promise, stop }
}

/**
 * Runs work with a signal that aborts with another one, or after `milliseconds`. `AbortSignal.any` would do that too, but
 * browsers of 2023 lack it.
 */
export async function withinTime<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController()
  const onAbort = () => stop.abort(signal?.reason)
  const timer = setTimeout(() => stop.abort(new Error(`There was no answer for ${milliseconds} ms`)), milliseconds)
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted) onAbort()
  try {
    return await work(stop.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

/** @returns when the time is over, or the signal aborts */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const wake = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', wake)
      done()
    }
    const timer = setTimeout(wake, milliseconds)
    signal?.addEventListener('abort', wake)
    if (signal?.aborted) wake()
  })
}
