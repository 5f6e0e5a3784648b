import type { FastifyReply } from 'fastify'
import { invalidField } from './errors.js'

/** One page of a list: how many items to read, and the last item of the page before. */
export interface Page<Position> {
  readonly limit: number
  readonly after: Position | undefined
}

/** Where an item stands in a list that is ordered by activity. The id tells apart what happened in one millisecond. */
export interface ActivityPosition {
  readonly at: Date
  readonly id: string
}

interface PageQuery {
  readonly limit?: number
  readonly cursor?: string
}

/** How a position is written into a cursor and read back. */
export interface CursorFormat<Position> {
  write(position: Position): string
  /** @returns undefined for anything that `write` did not make */
  read(text: string): Position | undefined
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const ID = new RegExp(`^${UUID}$`)
const ACTIVITY = new RegExp(`^(\\d{1,15}) (${UUID})$`)

export const byId: CursorFormat<{ id: string }> = {
  write: ({ id }) => id,
  read: (text) => (ID.test(text) ? { id: text } : undefined),
}

export const byActivity: CursorFormat<ActivityPosition> = {
  write: ({ at, id }) => `${at.getTime()} ${id}`,
  read: (text) => {
    const [, milliseconds, id] = ACTIVITY.exec(text) ?? []
    return milliseconds && id ? { at: new Date(Number(milliseconds)), id } : undefined
  },
}

/**
 * Reads one item more than the page has, to know whether another page follows, and says so in the `Link` header.
 *
 * @param read gets the page to read, in order
 * @param positionOf where an item stands in the list
 * @returns the items of the page
 * @throws {ProblemError} `invalid_request` for a cursor that was not made here
 */
export async function sendPage<Item, Position>(
  reply: FastifyReply,
  query: PageQuery,
  format: CursorFormat<Position>,
  read: (page: Page<Position>) => Promise<Item[]>,
  positionOf: (item: Item) => Position,
): Promise<Item[]> {
  const { limit = 50, cursor } = query
  const after = cursor === undefined ? undefined : format.read(Buffer.from(cursor, 'base64url').toString())
  if (cursor !== undefined && after === undefined) throw invalidField('query.cursor', 'was not made by this list')
  const items = await read({ limit: limit + 1, after })
  const last = items[limit - 1]
  if (items.length <= limit || last === undefined) return items
  const next = new URL(reply.request.url, 'http://localhost')
  next.searchParams.set('cursor', Buffer.from(format.write(positionOf(last))).toString('base64url'))
  next.searchParams.delete('token')
  reply.header('link', `<${next.pathname}${next.search}>; rel="next"`)
  return items.slice(0, limit)
}
