import type { CompiledQuery } from 'kysely'
import { type Tenant, TenantScope } from './tenant.js'

type Argument = string | number

/** Placeholders for the tenant and the arguments while a query is compiled. No query contains them as constants. */
const TENANT = 'the tenant of a prepared query'
const markOf = (example: Argument, index: number): Argument =>
  typeof example === 'string' ? `argument ${index} of a prepared query` : Number.MIN_SAFE_INTEGER + index

/** Compiles queries, without a connection to run them. */
const refuse = () => Promise.reject(new Error('it only compiles'))
const nowhere = new TenantScope({ roleOf: (scope) => scope, withClient: refuse, overcome: refuse }, TENANT)

/**
 * A query that is compiled once, for queries that most requests run: building and compiling one takes Kysely several times as
 * long as sending it.
 *
 * @param examples one value per parameter, for its type
 * @param build may only pass its arguments on to the query: it is called once, with placeholders
 * @returns a function from tenant and arguments to the compiled query
 */
export function prepared<const Examples extends readonly Argument[], Row>(
  examples: Examples,
  build: (tenant: Tenant, ...given: Widened<Examples>) => { compile(): CompiledQuery<Row> },
): (tenant: Tenant, ...given: Widened<Examples>) => CompiledQuery<Row> {
  let compiled: CompiledQuery<Row> | undefined
  let sources: ((tenant: Tenant, given: readonly unknown[]) => unknown)[] = []
  return (tenant, ...given) => {
    if (!compiled) {
      const marks = examples.map(markOf)
      // The placeholders have the types of the examples, in order.
      compiled = build(nowhere, ...(marks as Widened<Examples>)).compile()
      sources = compiled.parameters.map((parameter) => {
        if (parameter === TENANT) return ({ userId }) => userId
        const isMark = typeof parameter === 'string' || typeof parameter === 'number'
        const index = isMark ? marks.indexOf(parameter) : -1
        return index < 0 ? () => parameter : (_tenant, values) => values[index]
      })
    }
    return { ...compiled, parameters: sources.map((source) => source(tenant, given)) }
  }
}

type Widened<Examples extends readonly Argument[]> = {
  [I in keyof Examples]: Examples[I] extends string ? string : number
}
