import type { FastifyReply } from 'fastify'
import { type Expression, type RawBuilder, sql } from 'kysely'
import { Limits } from '../schemas/common.js'
import { invalidField } from './errors.js'

/** One page of a list: how many items to read, and the last item of the previous page. */
export interface Page<Position> {
  readonly limit: number
  readonly after: Position | undefined
}

/**
 * Bytes of the large columns of a page's items, up to and including this one. A list of such items is read until they exceed
 * `Limits.answer`, see `untilFull`.
 */
export interface Measured {
  readonly bytes_so_far?: number
}

/** Position of an item in a list that is ordered by activity. The id breaks ties within one millisecond. */
export interface ActivityPosition {
  readonly at: Date
  readonly id: string
}

/** The query of a list: how many items, and from which cursor on. */
export interface PageQuery {
  readonly limit?: number
  readonly cursor?: string
}

/** Encodes a position as a cursor, and decodes it. */
export interface CursorFormat<Position> {
  write(position: Position): string
  /** @returns undefined for a cursor that `write` did not make */
  read(text: string): Position | undefined
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const ID = new RegExp(`^${UUID}$`)
const ACTIVITY = new RegExp(`^(\\d{1,15}) (${UUID})$`)

/** The cursor of a list in the order of ids: version 7 UUIDs sort by the time they were made. */
export const byId: CursorFormat<{ id: string }> = {
  write: ({ id }) => id,
  read: (text) => (ID.test(text) ? { id: text } : undefined),
}

/** The cursor of a list in the order of the last activity. */
export const byActivity: CursorFormat<ActivityPosition> = {
  write: ({ at, id }) => `${at.getTime()} ${id}`,
  read: (text) => {
    const [, milliseconds, id] = ACTIVITY.exec(text) ?? []
    return milliseconds && id ? { at: new Date(Number(milliseconds)), id } : undefined
  },
}

/**
 * Reads one item more than the page holds, to know whether another page follows, and announces it in the `Link` header. A page
 * of large items has fewer of them, but at least one.
 *
 * @param read reads the given page, in order
 * @param positionOf the position of an item in the list
 * @param unasked how many items there are when the query asks for no page
 * @returns the items of the page
 * @throws {ProblemError} `invalid_request` for a cursor that was not made here
 */
export async function sendPage<Item extends object & Measured, Position>(
  reply: FastifyReply,
  query: PageQuery,
  format: CursorFormat<Position>,
  read: (page: Page<Position>) => Promise<Item[]>,
  positionOf: (item: Item) => Position,
  unasked = 50,
): Promise<Item[]> {
  const { cursor, limit = cursor === undefined ? unasked : 50 } = query
  const after = cursor === undefined ? undefined : format.read(Buffer.from(cursor, 'base64url').toString())
  if (cursor !== undefined && after === undefined) throw invalidField('query.cursor', 'was not made by this list')
  const items = await read({ limit: limit + 1, after })
  const isOver = ({ bytes_so_far = 0 }: Measured, index: number) =>
    index >= limit || (index > 0 && bytes_so_far > Limits.answer)
  const count = items.findIndex(isOver)
  const last = items[count - 1]
  if (last === undefined) return items
  linkNext(reply, 'cursor', Buffer.from(format.write(positionOf(last))).toString('base64url'))
  return items.slice(0, count)
}

/**
 * Reads a page of items, some of them large, until it exceeds its bytes: the rest is not read.
 *
 * @param page the query for the page, in order
 * @param size bytes of the large columns of one row, in SQL
 * @param order what the page is ordered by
 * @returns the query for the same rows, `Measured`
 */
export function untilFull<Row extends object>(
  page: Expression<unknown>,
  size: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
) {
  return sql<Row & Required<Measured>>`
    select * from (
      select *, sum(${size}) over (order by ${order} rows unbounded preceding) as bytes_so_far,
        sum(${size}) over (order by ${order} rows between unbounded preceding and 1 preceding) as bytes_before
      from (${page}) as page
    ) as measured
    where bytes_before is null or bytes_before <= ${sql.lit(Limits.answer)} order by ${order}`
}

/**
 * Links to the page of a chat that lies before this one, if there is one.
 *
 * @param messages the page, oldest first
 */
export function linkEarlier(reply: FastifyReply, messages: readonly { id: string; seq: number }[]): void {
  const [oldest] = messages
  if (oldest && oldest.seq > 1) linkNext(reply, 'before_message_id', oldest.id)
}

/** Links to the next page: the current address with another value for a parameter. */
function linkNext(reply: FastifyReply, parameter: string, value: string): void {
  const next = new URL(reply.request.url, 'http://localhost')
  next.searchParams.set(parameter, value)
  next.searchParams.delete('token')
  reply.header('link', `<${next.pathname}${next.search}>; rel="next"`)
}
