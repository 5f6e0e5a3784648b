import { quantile, rounded } from '../statistics.js'
import type { Abused } from './abuser-process.js'
import * as measurement from './measurement.js'
import { type Measurement, OPERATIONS, REACH } from './measurement.js'
import type { Scenario } from './scenario.js'

/** The result of one scenario. */
export interface Outcome {
  readonly scenario: Scenario
  readonly quiet: Measurement
  readonly during: Measurement
  /** Undefined if the service could not be restarted. */
  readonly after: Measurement | undefined
  readonly abused: Abused
  /** KB; undefined where the system does not report it. */
  readonly memory: number | undefined
  /** The service's process has ended. */
  readonly died: boolean
}

/** Prints all measurements of one scenario. */
export function printOutcome(outcome: Outcome): void {
  const { scenario, quiet, during, after, abused } = outcome
  console.log(`\n${scenario.name}: ${scenario.title}`)
  const rows = OPERATIONS.map((operation) => {
    const [before, then, later] = [quiet, during, after].map((each) => each?.[operation].latencies ?? [])
    return [
      operation,
      {
        ...{ 'quiet p50': at(before, 0.5), 'quiet p99': at(before, 0.99) },
        ...{ 'during p50': at(then, 0.5), 'during p99': at(then, 0.99) },
        ratio: rounded(measurement.ratioOf(quiet, during, operation)),
        failed: during[operation].failures,
        ...{ 'after p50': at(later, 0.5), 'after p99': at(later, 0.99) },
      },
    ]
  })
  console.table(Object.fromEntries(rows))
  console.log(`answers to the abuser: ${tallyOf(abused)}; memory: ${memoryOf(outcome)} MB; ${verdictOf(outcome)}`)
}

/** Prints the scenarios as a table in Markdown, each with its worst operation. */
export function printTable(outcomes: readonly Outcome[]): void {
  const head = [
    ...['What somebody does', 'worst', 'quiet p50 / p99 ms', 'during p50 / p99 ms', 'ratio', 'failed'],
    ...['`/ready` failed', 'memory MB', 'after 10 s', 'answers to the abuser', 'reach'],
  ]
  console.log(`\n${row(head)}\n${row(head.map(() => '---'))}`)
  for (const outcome of outcomes) console.log(row(cellsOf(outcome)))
}

function cellsOf(outcome: Outcome): (string | number)[] {
  const { scenario, quiet, during, abused } = outcome
  const worst = measurement.worstOperation(quiet, during)
  const [before, then] = [quiet[worst].latencies, during[worst].latencies]
  return [
    scenario.title,
    worst,
    `${at(before, 0.5)} / ${at(before, 0.99)}`,
    `${at(then, 0.5)} / ${at(then, 0.99)}`,
    rounded(measurement.ratioOf(quiet, during, worst), 1),
    measurement.failuresOf(during),
    during.ready.failures,
    memoryOf(outcome),
    isNormalAfter(outcome) ? 'normal' : 'not normal',
    tallyOf(abused),
    verdictOf(outcome),
  ]
}

function row(cells: (string | number)[]): string {
  return `| ${cells.join(' | ')} |`
}

function at(latencies: readonly number[] = [], part: number): number {
  return rounded(quantile(latencies, part), 1)
}

function tallyOf({ tally, notes }: Abused): string {
  const counts = Object.entries(tally).map(([label, count]) => `${label} × ${count}`)
  return [...counts, ...notes].join(', ') || 'none'
}

function memoryOf({ memory }: Outcome): string {
  return memory === undefined ? 'n/a' : String(Math.round(memory / 1000))
}

function isNormalAfter({ quiet, after, died }: Outcome): boolean {
  return !died && after !== undefined && measurement.isNormal(quiet, after)
}

function verdictOf(outcome: Outcome): string {
  const { quiet, during, memory = 0, died } = outcome
  if (died) return '**the process ended**'
  const isHeld = measurement.isWithinReach(quiet, during) && memory < REACH.memory && isNormalAfter(outcome)
  return isHeld ? 'held' : '**not held**'
}
