import { createHash } from 'node:crypto'
// This file uses undocumented parts of node-postgres: `prepareValue`, `serialize`, `Connection.stream` and the `handle…`
// methods that a client calls on a query. So package.json pins `pg` and `pg-protocol` exactly; an upgrade is a change of its
// own, and test/db/pipeline.test.ts says whether it still fits.
import pg from 'pg'
import { prepareValue } from 'pg/lib/utils'
import { serialize } from 'pg-protocol'
import { asDatabaseError } from './errors.js'

/** One SQL statement with its parameters. A compiled Kysely query is one. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /**
   * The scope that it runs in, if it depends on one. A prepared statement is planned for one role, so each scope has its own,
   * with its own text, since PgBouncer shares statements by their text.
   */
  readonly scope?: string
}

/** The result of one statement: its rows, and how many rows it inserted, updated or deleted. */
export interface StatementResult {
  /** The server's command tag, such as "INSERT" or "ROLLBACK"; empty for an empty statement. */
  readonly command: string
  readonly rows: Record<string, unknown>[]
  readonly affected: number
}

/** Begins a transaction that spans pipelines. */
export const BEGIN: Statement = { sql: 'begin', parameters: [] }
/** Commits a transaction. */
export const COMMIT: Statement = { sql: 'commit', parameters: [] }
/** Rolls a transaction back. */
export const ROLLBACK: Statement = { sql: 'rollback', parameters: [] }

/** Of the unnamed portal, which each statement is bound to in turn. */
const DESCRIBE = serialize.describe({ type: 'P', name: '' })
const EXECUTE = serialize.execute({ portal: '' })
const SYNC = serialize.sync()

type Parser = (text: string) => unknown
type Column = { name: string; parse: Parser }

/**
 * Sends several statements before one Sync: one round trip and, as PostgreSQL treats everything up to a Sync as one implicit
 * transaction, all or nothing. Each statement sees the effects of the earlier ones and, under READ COMMITTED, whatever other
 * transactions committed before it starts. Works behind PgBouncer in transaction mode.
 *
 * Every statement is a named prepared statement, parsed and described once per connection.
 *
 * Source: PostgreSQL documentation, "Frontend/Backend Protocol", sections "Extended Query" and "Pipelining".
 *
 * @param client a connected client, not in use elsewhere
 * @param statements at least one
 * @returns one result per statement, in order
 * @throws {pg.DatabaseError} the first statement that failed; none of them took effect
 * @throws {DatabaseUnavailableError} when the connection broke; whether the statements took effect is then unknown
 */
export function runPipeline(client: pg.ClientBase, statements: readonly Statement[]): Promise<StatementResult[]> {
  return new Promise((resolve, reject) => {
    // Encoded before anything is sent: a value that cannot be encoded throws here, not in the middle of the pipeline.
    const encoded = statements.map(encode)
    client.query(new Pipeline(encoded, (error, results) => (error ? reject(asDatabaseError(error)) : resolve(results))))
  })
}

interface EncodedStatement {
  readonly name: string
  readonly sql: string
  readonly values: (string | Buffer | null)[]
}

/** @throws {TypeError} when a parameter cannot be encoded, such as an object that contains itself */
function encode({ sql, parameters, scope = '' }: Statement): EncodedStatement {
  // Called with one argument: the second parameter of `prepareValue` is not an index.
  return { ...inScope(scope, sql), values: parameters.map((value) => prepareValue(value)) }
}

/** The query object that node-postgres drives: it calls `submit`, then a `handle…` for each message of the server. */
class Pipeline implements pg.Submittable {
  /** node-postgres wraps this to implement `query_timeout`. */
  callback: (error: Error | null, results: StatementResult[]) => void
  readonly #statements: readonly EncodedStatement[]
  readonly #results: StatementResult[] = []
  #prepared: Prepared | undefined
  #columns: Column[] | undefined
  #rows: Record<string, unknown>[] = []
  #failure: Error | undefined

  constructor(
    statements: readonly EncodedStatement[],
    callback: (error: Error | null, results: StatementResult[]) => void,
  ) {
    this.#statements = statements
    this.callback = callback
  }

  /** Sent in one write: many small writes cost more than the statements themselves. */
  submit(connection: pg.Connection): void {
    const prepared = preparedOn(connection)
    this.#prepared = prepared
    const pieces: Buffer[] = []
    const parsing: string[] = []
    for (const { name, sql, values } of this.#statements) {
      if (!prepared.has(name) && !parsing.includes(name)) {
        pieces.push(serialize.parse({ name, text: sql, types: [] }))
        parsing.push(name)
      }
      pieces.push(serialize.bind({ statement: name, values }))
      if (!prepared.get(name)) pieces.push(DESCRIBE)
      pieces.push(EXECUTE)
    }
    if (parsing.length > 0) noteParsed(connection, prepared, parsing)
    // A connection that has ended reports it by its events.
    if (connection.stream.writable) connection.stream.write(Buffer.concat([...pieces, SYNC]))
  }

  handleRowDescription(message: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#columns = message.fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }))
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    this.#columns ??= this.#known ?? []
    const row: Record<string, unknown> = {}
    this.#columns.forEach(({ name, parse }, index) => {
      const text = message.fields[index] ?? null
      row[name] = text === null ? null : parse(text)
    })
    this.#rows.push(row)
  }

  handleCommandComplete(message: { text: string }): void {
    // "UPDATE 3", "INSERT 0 1", "SELECT 20": the count is the last word.
    const words = message.text.split(' ')
    this.#complete({ command: words[0] ?? '', rows: this.#rows, affected: Number(words.at(-1)) || 0 })
  }

  handleEmptyQuery(): void {
    this.#complete({ command: '', rows: [], affected: 0 })
  }

  /** The row description of the current statement, the first time. */
  get #known(): Column[] | undefined {
    const statement = this.#statements[this.#results.length]
    return statement && this.#prepared?.get(statement.name)
  }

  /** The columns of a prepared statement never change: when they have, the server refuses to run it. */
  #complete(result: StatementResult): void {
    const statement = this.#statements[this.#results.length]
    if (statement && !this.#known) this.#prepared?.set(statement.name, this.#columns ?? [])
    this.#results.push(result)
    this.#rows = []
    this.#columns = undefined
  }

  handleError(error: Error): void {
    this.#failure = error
    this.callback(error, [])
  }

  handleReadyForQuery(): void {
    if (!this.#failure) this.callback(null, this.#results)
  }

  handlePortalSuspended(): void {}
  handleCopyInResponse(connection: pg.Connection & { sendCopyFail?: (reason: string) => void }): void {
    connection.sendCopyFail?.('COPY is not supported here')
    // While it waits for COPY data the server ignores Sync: the one that was sent is lost.
    connection.sync()
  }
  handleCopyData(): void {}
}

/** Revisions are bigint, which node-postgres returns as text. No account gets past 2^53 changes. */
function parserOf(dataTypeId: number): Parser {
  return dataTypeId === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(dataTypeId)
}

/** The statements prepared on a connection, by name, with their columns once described. */
type Prepared = Map<string, Column[] | undefined>

const preparedStatements = new WeakMap<pg.Connection, Prepared>()

function preparedOn(connection: pg.Connection): Prepared {
  const known: Prepared = preparedStatements.get(connection) ?? new Map()
  preparedStatements.set(connection, known)
  return known
}

/** A statement counts as prepared once the server confirms it: after an error the server skips the remaining Parse messages. */
function noteParsed(connection: pg.Connection, prepared: Prepared, parsing: string[]): void {
  const onParsed = () => {
    const name = parsing.shift()
    if (name !== undefined) prepared.set(name, undefined)
  }
  connection.on('parseComplete', onParsed)
  connection.once('readyForQuery', () => connection.off('parseComplete', onParsed))
}

interface NamedStatement {
  readonly name: string
  readonly sql: string
}

const namedByScope = new Map<string, Map<string, NamedStatement>>()

/** The same SQL has the same name everywhere, so entries of `pg_stat_activity` and logs can be matched to the code. */
function inScope(scope: string, sql: string): NamedStatement {
  let named = namedByScope.get(scope)
  if (!named) {
    named = new Map()
    namedByScope.set(scope, named)
  }
  let statement = named.get(sql)
  if (!statement) {
    const text = scope === '' ? sql : `/* ${scope} */ ${sql}`
    const name = `sbx_${createHash('sha1').update(text).digest('base64url').slice(0, 20)}`
    statement = { name, sql: text }
    named.set(sql, statement)
  }
  return statement
}
