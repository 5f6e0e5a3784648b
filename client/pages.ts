import { type Answer, unwrap } from './problem.js'

/** Where a page begins, for the query of the request. Empty for the first page. */
export interface PageStart {
  cursor?: string
}

/**
 * Reads a list page by page, as the consumer asks for pages.
 *
 * @param read reads one page: `(start) => client.GET('/api/v1/agent-instances', { params: { query: start } })`
 * @throws {SignalboxError} if a page cannot be read
 */
export async function* pages<Item>(
  read: (start: PageStart) => Promise<Answer<Item[]>>,
): AsyncGenerator<Item[], void, undefined> {
  let start: PageStart | undefined = {}
  while (start) {
    const answer: Answer<Item[]> = await read(start)
    yield await unwrap(answer)
    start = nextPage(answer.response)
  }
}

/** As `pages`, item by item. */
export async function* items<Item>(
  read: (start: PageStart) => Promise<Answer<Item[]>>,
): AsyncGenerator<Item, void, undefined> {
  for await (const page of pages(read)) yield* page
}

/** @returns where the page after this one begins; undefined on the last page. Source: RFC 8288 */
export function nextPage(response: Response): PageStart | undefined {
  const [, target] = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(response.headers.get('link') ?? '') ?? []
  if (target === undefined) return undefined
  const cursor = new URL(target, 'http://relative').searchParams.get('cursor')
  return cursor === null ? undefined : { cursor }
}
