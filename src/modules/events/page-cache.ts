import type { Page } from '../account-log/pages.js'

/** The scope and position of a reader. */
interface ReadPosition {
  readonly instanceId?: string | undefined
  readonly position: number
}

/** Whether a page has the next changes of a reader. Pages of a whole account serve readers of one run as well. */
export function covers(page: Page, { instanceId, position }: ReadPosition): boolean {
  if (page.instanceId !== undefined && page.instanceId !== instanceId) return false
  return position === page.after || (position > page.after && position < page.upTo)
}

/** Bytes of all cached pages. */
const CAPACITY = 16 * 1024 * 1024

/** Pages that readers had no room to take whole, of all accounts. A reader whose page was evicted reads it again. */
export class PageCache {
  /** Least recently used first. */
  readonly #pages = new Map<Page, object>()
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  /** @param owner of the page, by identity */
  find(owner: object, reader: ReadPosition): Page | undefined {
    for (const [page, itsOwner] of this.#pages) {
      if (itsOwner !== owner || !covers(page, reader)) continue
      this.#pages.delete(page)
      this.#pages.set(page, owner)
      return page
    }
    return undefined
  }

  keep(owner: object, page: Page): void {
    if (this.#pages.has(page) || page.bytes > CAPACITY) return
    this.#pages.set(page, owner)
    this.#bytes += page.bytes
    for (const [oldest] of this.#pages) {
      if (this.#bytes <= CAPACITY) return
      this.drop(oldest)
    }
  }

  drop(page: Page): void {
    if (this.#pages.delete(page)) this.#bytes -= page.bytes
  }

  dropAll(owner: object): void {
    for (const [page, itsOwner] of this.#pages) if (itsOwner === owner) this.drop(page)
  }
}
