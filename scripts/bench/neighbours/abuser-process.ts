import { Abuser, type Bounds, type Target } from './abuser.js'
import { scenarios } from './scenarios.js'

/** What this process is told: whom to abuse how, and to stop. */
export type AbuserOrder =
  | { readonly scenario: string; readonly target: Target; readonly bounds: Bounds }
  | { readonly stop: true }

/** What came of it, by the time it ended or was stopped. */
export interface Abused {
  /** How often which status was answered. */
  readonly tally: Readonly<Record<string, number>>
  readonly notes: readonly string[]
}

// Nothing of a benchmark outlives it.
process.once('disconnect', () => process.exit())

let abuser: Abuser | undefined

process.on('message', async (order: AbuserOrder) => {
  if ('stop' in order) return report()
  abuser = new Abuser(order.target, order.bounds)
  await scenarios.find(({ name }) => name === order.scenario)?.run(abuser)
  report()
})

/** Says what came of it, and ends whatever is still under way. */
function report(): void {
  const abused: Abused = { tally: Object.fromEntries(abuser?.tally ?? []), notes: abuser?.notes ?? [] }
  abuser?.end()
  process.send?.(abused, () => process.exit())
}
