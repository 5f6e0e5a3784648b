import type { Change } from '../account-log/changes.js'
import { chunkOfChange } from './wire.js'

/** The most changes and bytes kept. Earlier changes are read from the log. */
const MAX_CHANGES = 500
const MAX_BYTES = 2 * 1024 * 1024

/** The last changes of an account, without a gap, shared by all readers that are not up to date. */
export class RecentChanges {
  #changes: Change[] = []
  #after = 0
  #bytes = 0

  /** Everything after this revision is here, as long as what follows is pushed. */
  get after(): number {
    return this.#after
  }

  get changes(): readonly Change[] {
    return this.#changes
  }

  /** Forgets everything. What follows will have a higher revision. */
  startAfter(revision: number): void {
    this.#changes = []
    this.#bytes = 0
    this.#after = revision
  }

  push(change: Change): void {
    this.#changes.push(change)
    this.#bytes += sizeOf(change)
    if (this.#changes.length > MAX_CHANGES || this.#bytes > MAX_BYTES) this.startAfter(change.revision)
  }
}

/** Bytes that a change takes, about. */
export function sizeOf(change: Change): number {
  return chunkOfChange(change)?.bytes.length ?? 0
}
