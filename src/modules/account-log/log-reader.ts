import { BusyError, DatabaseUnavailableError } from '../../../db/errors.js'
import type { TenantScope } from '../../../db/tenant.js'
import type { Log } from '../../logging/log.js'
import { findChanges, PAGE, type Page, type PageLimits } from './pages.js'

/** No reader may retry the same page for ever: a page that cannot be read makes the next one half as large… */
const SMALLER = 0.5

/** …down to a single revision. */
const SMALLEST = 1 / PAGE.revisions

/** Reads the log of one account page by page. */
export class LogReader {
  readonly #tenant: TenantScope
  readonly #log: Log
  #share = 1

  constructor(tenant: TenantScope, log: Log) {
    this.#tenant = tenant
    this.#log = log
  }

  /**
   * A change that cannot be read, although the database answers, is left out, with a line in the log.
   *
   * @returns undefined when the account is gone
   * @throws what kept it from reading. The next page will be smaller, so unless the database is not available the
   *   caller can try again at once
   */
  async read(after: number, instanceId?: string): Promise<Page | undefined> {
    try {
      const page = await findChanges(this.#tenant, after, instanceId, limitsOf(this.#share))
      this.#share = Math.min(1, this.#share / SMALLER)
      return page
    } catch (error) {
      const wasSmallest = this.#share <= SMALLEST
      this.#share = Math.max(SMALLEST, this.#share * SMALLER)
      if (!wasSmallest || isPassing(error)) throw error
      await this.#readNothing(instanceId)
      const upTo = after + 1
      this.#log.warn({ err: error, user_id: this.#tenant.userId, revision: upTo }, 'a change cannot be read: left out')
      return { instanceId, after, upTo, changes: [], bytes: 0, more: true }
    }
  }

  /** When the statements themselves fail, as in the middle of an upgrade, no change is to blame. */
  async #readNothing(instanceId: string | undefined): Promise<void> {
    await findChanges(this.#tenant, Number.MAX_SAFE_INTEGER, instanceId).catch((error) => {
      throw new LogUnreadableError('the log cannot be read', { cause: error })
    })
  }
}

/** The log cannot be read, whatever its contents. */
class LogUnreadableError extends Error {
  override readonly name = 'LogUnreadableError'
}

/** Whether the error is unrelated to the page: an immediate retry would fail as well. */
export function isPassing(error: unknown): boolean {
  return [DatabaseUnavailableError, BusyError, LogUnreadableError].some((kind) => error instanceof kind)
}

function limitsOf(share: number): PageLimits {
  const part = (whole: number) => Math.max(1, Math.floor(whole * share))
  return { changes: part(PAGE.changes), bytes: part(PAGE.bytes), revisions: part(PAGE.revisions) }
}
