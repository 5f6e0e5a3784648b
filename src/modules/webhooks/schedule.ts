const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * Milliseconds between the attempts of a delivery: ten in all, over three days. The schedule that the Standard Webhooks
 * specification suggests ("Deliverability and reliability").
 */
export const RETRY_DELAYS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

/**
 * The random share by which a wait may get longer, so that deliveries that failed together are not retried together.
 */
const JITTER = 0.2

/**
 * @param attempts how many were made
 * @param least milliseconds for which the receiver asks to wait
 * @returns milliseconds until the next attempt; undefined when there is none
 */
export function nextDelay(delays: readonly number[], attempts: number, least = 0): number | undefined {
  const delay = delays[attempts - 1]
  return delay === undefined ? undefined : Math.max(least, Math.round(delay * (1 + Math.random() * JITTER)))
}
