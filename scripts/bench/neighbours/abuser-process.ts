import { Abuser, type Bounds, type Target } from './abuser.js'
import { scenarios } from './scenarios.js'

/** Commands to this process: which scenario to run against which service, and to stop. */
export type AbuserOrder =
  | { readonly scenario: string; readonly target: Target; readonly bounds: Bounds }
  | { readonly stop: true }

/** The results of the abuse, when it ends or is stopped. */
export interface Abused {
  /** Number of answers by status. */
  readonly tally: Readonly<Record<string, number>>
  readonly notes: readonly string[]
}

// No process outlives the benchmark.
process.once('disconnect', () => process.exit())

let abuser: Abuser | undefined

process.on('message', async (order: AbuserOrder) => {
  if ('stop' in order) return report()
  abuser = new Abuser(order.target, order.bounds)
  await scenarios.find(({ name }) => name === order.scenario)?.run(abuser)
  report()
})

/** Reports the results, and ends everything in flight. */
function report(): void {
  const abused: Abused = { tally: Object.fromEntries(abuser?.tally ?? []), notes: abuser?.notes ?? [] }
  abuser?.end()
  process.send?.(abused, () => process.exit())
}
