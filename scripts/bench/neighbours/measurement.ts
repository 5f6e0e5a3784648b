import { quantile } from '../statistics.js'

/** The operations of the quiet tenant. */
export const OPERATIONS = ['post', 'list', 'poll', 'ready'] as const
export type Operation = (typeof OPERATIONS)[number]

export interface QuietTenant {
  readonly port: number
  readonly key: string
  readonly token: string
  /** Its run. */
  readonly instanceId: string
}

export type ProbeOrder = { readonly measure: QuietTenant } | { readonly stop: true }

/** Results of one operation. */
export interface Samples {
  /** Milliseconds; a late answer counts up to when it was given up. */
  readonly latencies: readonly number[]
  /** Answers other than 200, broken connections, and late answers. */
  readonly failures: number
}

export type Measurement = Readonly<Record<Operation, Samples>>

/** The bounds that a service under abuse has to keep. */
export const REACH = {
  /** Milliseconds. */
  p99: 250,
  /** Times the quiet p99. */
  ratio: 20,
  /** KB of resident memory: 1 GB. */
  memory: 1_000_000,
} as const

/** Times the quiet median, and milliseconds on top of that, that still count as normal. */
const NORMAL = { ratio: 2, slack: 2 } as const

/** @returns times the quiet p99 */
export function ratioOf(quiet: Measurement, during: Measurement, operation: Operation): number {
  return quantile(during[operation].latencies, 0.99) / quantile(quiet[operation].latencies, 0.99)
}

/** @returns the operation with the p99 furthest from the reach */
export function worstOperation(quiet: Measurement, during: Measurement): Operation {
  const distance = (operation: Operation) =>
    Math.max(quantile(during[operation].latencies, 0.99) / REACH.p99, ratioOf(quiet, during, operation) / REACH.ratio)
  return OPERATIONS.reduce((worst, each) => (distance(each) > distance(worst) ? each : worst))
}

/** @returns failures of all operations but `/ready` */
export function failuresOf(measured: Measurement): number {
  return measured.post.failures + measured.list.failures + measured.poll.failures
}

/** @returns whether every request was answered in time */
export function isWithinReach(quiet: Measurement, measured: Measurement): boolean {
  return OPERATIONS.every((operation) => {
    const { latencies, failures } = measured[operation]
    const isFast = quantile(latencies, 0.99) <= REACH.p99 && ratioOf(quiet, measured, operation) <= REACH.ratio
    return failures === 0 && isFast
  })
}

/** @returns whether measurements are back to normal */
export function isNormal(quiet: Measurement, after: Measurement): boolean {
  const isUsual = (operation: Operation) => {
    const usual = quantile(quiet[operation].latencies, 0.5)
    return quantile(after[operation].latencies, 0.5) <= usual * NORMAL.ratio + NORMAL.slack
  }
  return isWithinReach(quiet, after) && OPERATIONS.every(isUsual)
}
