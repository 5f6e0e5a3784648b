import type { CompiledQuery } from 'kysely'
import type { Statement } from './pipeline.js'

type Rows = Record<string, unknown>[]

/**
 * Statements that belong together, and the reader of their rows. One module hands a step to another, which sends it along with
 * its own statements (`tenant.pipeline({ … })`) and gets the result by name.
 */
export interface Step<Result> {
  readonly statements: readonly Statement[]
  /** @param rows the rows of each of the statements, in order */
  read(rows: readonly Rows[]): Result
}

/** Steps that one pipeline runs, in the order in which they are written. */
export type Steps = Readonly<Record<string, Step<unknown>>>

/** The results of steps, by name. */
export type Results<S extends Steps> = { [Name in keyof S]: S[Name] extends Step<infer Result> ? Result : never }

/** @param read turns the rows of the query into the result */
export function stepOf<Row, Result>(query: CompiledQuery<Row>, read: (rows: Row[]) => Result): Step<Result> {
  // The query declares the row type where it is written; the driver cannot know it.
  return { statements: [query], read: ([rows = []]) => read(rows as Row[]) }
}

/** @returns a step that gives all rows of a query */
export function rowsOf<Row>(query: CompiledQuery<Row>): Step<Row[]> {
  return stepOf(query, (rows) => rows)
}

/** @returns a step that gives the first row of a query, if there is one */
export function firstRowOf<Row>(query: CompiledQuery<Row>): Step<Row | undefined> {
  return stepOf(query, ([row]) => row)
}

/** @returns a step whose rows are ignored */
export function effectOf(...statements: readonly Statement[]): Step<void> {
  return { statements, read: () => {} }
}

/** @returns a step that runs the given steps and ignores their results */
export function allOf(steps: readonly Step<unknown>[]): Step<void> {
  return effectOf(...steps.flatMap(({ statements }) => statements))
}

/** @returns the statements of all steps, in order */
export function statementsOf(steps: Steps): Statement[] {
  return Object.values(steps).flatMap(({ statements }) => statements)
}

/** @param rows the rows of each of their statements, in order. @returns the results of the steps, by name */
export function readSteps<S extends Steps>(steps: S, rows: readonly Rows[]): Results<S> {
  let position = 0
  const results = Object.entries(steps).map(([name, { statements, read }]) => {
    const from = position
    position += statements.length
    return [name, read(rows.slice(from, position))]
  })
  // The names are those of the steps, in order.
  return Object.fromEntries(results) as Results<S>
}
