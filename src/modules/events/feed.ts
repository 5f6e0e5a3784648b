import type { TenantScope } from '../../../db/tenant.js'
import { CatchUp, type CatchUps, type Host } from './catch-up.js'
import type { Change, ShownChange } from './changes.js'
import { isPassing, LogReader } from './log-reader.js'
import { RecentChanges, sizeOf } from './recent-changes.js'

/** Somebody who watches an account, or one run of it. */
export interface Reader {
  /** The only run that it watches; undefined for the whole account. */
  readonly instanceId?: string | undefined
  /** The session that it came with: when that is revoked, it has to go. */
  readonly credentialId?: string | undefined
  /** Everything up to this revision was delivered to it. The feed moves it. */
  position: number
  /** Whether it takes more now. If not, it says so to the feed when it does, see `goOn`. */
  hasRoom(): boolean
  deliver(change: ShownChange): void
  /** Told of each session and API key that is revoked, or all of them (null). */
  onRevoked?(credentialId: string | null): void
  /** Nothing follows: it may not read any longer, or there is nothing left to read. */
  end(reason: 'revoked' | 'deleted'): void
}

/** Milliseconds that changes which were committed in this process get to arrive in their order before the table is asked. */
const GRACE = 10

/** Changes, and bytes of them, that wait for those before them. The others are read from the table. */
const MAX_EARLY = 1_000
const MAX_EARLY_BYTES = 8 * 1024 * 1024

/**
 * What one process shows of one account, to any number of readers. It follows the account's revisions without a gap:
 * changes that were committed in this process are handed to it as they are; when one is missing, because another
 * process made it, it looks at the table.
 */
export class Feed implements Host {
  readonly #log: LogReader
  readonly #shared: CatchUps
  readonly #live = new Map<string | undefined, Set<Reader>>()
  readonly #catchUp: CatchUp
  /** What readers that are catching up need to become live. Kept while there are some. */
  readonly #recent = new RecentChanges()
  readonly #early = new Map<number, Change>()
  #earlyBytes = 0
  #position: number
  #looking: Promise<void> | undefined
  #lookAgain = false
  /** The highest revision that hints have named since the last look. */
  #heard = 0
  #grace: NodeJS.Timeout | undefined

  /** @param position the account's revision, read just now */
  constructor(tenant: TenantScope, position: number, shared: CatchUps) {
    this.#log = new LogReader(tenant, shared.log)
    this.#shared = shared
    this.#catchUp = new CatchUp(this, this.#log, shared)
    this.#position = position
  }

  get isIdle(): boolean {
    return this.#live.size === 0 && this.#catchUp.isIdle
  }

  /** Shows a reader everything after its position, then what is new. */
  add(reader: Reader): void {
    if (this.#catchUp.isIdle) this.#recent.startAfter(this.#position)
    if (!this.join(reader)) this.#catchUp.add(reader)
  }

  /** Shows a reader what is new from here on, wherever the feed is. */
  follow(reader: Reader): void {
    reader.position = this.#position
    this.#joinLive(reader)
  }

  /** A reader has room again. */
  goOn(reader: Reader): void {
    this.#catchUp.goOn(reader)
  }

  remove(reader: Reader): void {
    this.#leaveCatchUp(reader)
    this.#leaveLive(reader)
  }

  /** Takes changes that were committed in this process, in any order. */
  offer(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.revision === this.#position + 1) this.#pass(change)
      else if (change.revision > this.#position) this.#keepEarly(change)
    }
    this.#advance()
    if (this.#early.size > 0 || this.#heard > this.#position) this.#lookSoon()
  }

  /** Hears that the account has got as far as a revision, in whatever process. */
  hear(revision: number): void {
    if (revision <= this.#position) return
    this.#heard = Math.max(this.#heard, revision)
    this.#lookSoon()
  }

  /** Goes after what hints have missed. @param revision the account's, undefined when it is gone */
  reconcile(revision: number | undefined): void {
    if (revision === undefined || revision > this.#position) this.look()
    this.#catchUp.reconcile()
  }

  close(): void {
    clearTimeout(this.#grace)
  }

  /** Looks for changes, now or as soon as the look under way is done. If it fails, the reconcile pass looks again. */
  look(): void {
    this.#lookAgain = true
    this.#looking ??= this.#lookUntilCurrent()
      .catch((error) => this.#shared.log.warn({ err: error }, 'live views lag; the reconcile pass will try again'))
      .finally(() => {
        this.#looking = undefined
        // Asked for after the last page was read, and before this.
        if (this.#lookAgain) this.look()
      })
  }

  bring(reader: Reader, changes: readonly Change[]): boolean {
    return changes.every((change) => !isFor(reader, change) || this.#show(reader, change))
  }

  join(reader: Reader): boolean {
    if (reader.position < this.#recent.after) return false
    if (!this.bring(reader, this.#recent.changes)) return true
    this.#leaveCatchUp(reader)
    this.#joinLive(reader)
    return true
  }

  endAll(): void {
    for (const reader of this.#readers()) this.#end(reader, 'deleted')
  }

  #lookSoon(): void {
    this.#grace ??= setTimeout(() => {
      this.#grace = undefined
      this.look()
    }, GRACE)
  }

  async #lookUntilCurrent(): Promise<void> {
    while (this.#lookAgain) {
      this.#lookAgain = false
      this.#heard = 0
      try {
        const page = await this.#log.read(this.#position)
        if (!page) return this.endAll()
        for (const change of page.changes) this.#pass(change)
        this.#position = Math.max(this.#position, page.upTo)
        this.#advance()
        this.#lookAgain ||= page.more
      } catch (error) {
        if (isPassing(error)) throw error
        this.#shared.log.warn({ err: error }, 'a page of changes could not be read; trying a smaller one')
        this.#lookAgain = true
      }
    }
  }

  #keepEarly(change: Change): void {
    if (this.#early.has(change.revision)) return
    const size = sizeOf(change)
    if (this.#early.size < MAX_EARLY && this.#earlyBytes + size <= MAX_EARLY_BYTES) {
      this.#early.set(change.revision, change)
      this.#earlyBytes += size
    } else this.#heard = Math.max(this.#heard, change.revision)
  }

  #forgetEarly(revision: number): void {
    const change = this.#early.get(revision)
    if (!change) return
    this.#early.delete(revision)
    this.#earlyBytes -= sizeOf(change)
  }

  /** Passes on what follows without a gap. */
  #advance(): void {
    for (let next = this.#early.get(this.#position + 1); next; next = this.#early.get(this.#position + 1)) {
      this.#pass(next)
    }
    for (const revision of this.#early.keys()) if (revision <= this.#position) this.#forgetEarly(revision)
    // What hints have named and nobody has handed over is only in the table.
    if (this.#early.size > 0 || this.#heard > this.#position || !this.#grace) return
    clearTimeout(this.#grace)
    this.#grace = undefined
  }

  /** While the table was read, the same change may have come from this process. */
  #pass(change: Change): void {
    this.#forgetEarly(change.revision)
    if (change.revision <= this.#position) return
    this.#position = change.revision
    // First of all: while it is shown to some, others may come to have room, and join.
    if (!this.#catchUp.isIdle) this.#recent.push(change)
    if (change.kind === 'credential_revoked') this.#revoke(change.revision, change.credentialId)
    else {
      const ofAccount = this.#live.get(undefined)
      if (ofAccount) for (const reader of ofAccount) this.#show(reader, change)
      const ofRun = this.#live.get(change.instanceId)
      if (ofRun) for (const reader of ofRun) this.#show(reader, change)
    }
  }

  /** @returns whether the reader has it, or had it before; if not, it has no room, or it is gone */
  #show(reader: Reader, change: Change): boolean {
    if (change.revision <= reader.position) return true
    if (change.kind === 'credential_revoked') return this.#tellRevoked(reader, change.credentialId)
    if (!reader.hasRoom()) {
      this.#stall(reader, change)
      return false
    }
    reader.position = change.revision
    reader.deliver(change)
    if (change.kind !== 'instance_deleted' || reader.instanceId === undefined) return true
    this.#end(reader, 'deleted')
    return false
  }

  /** Everything before this change was shown to it, or does not concern it: that need not be looked through again. */
  #stall(reader: Reader, change: Change): void {
    reader.position = change.revision - 1
    this.#leaveLive(reader)
    if (this.#catchUp.isIdle) {
      this.#recent.startAfter(reader.position)
      this.#recent.push(change)
    }
    this.#catchUp.stall(reader)
  }

  #leaveCatchUp(reader: Reader): void {
    this.#catchUp.delete(reader)
    if (this.#catchUp.isIdle) this.#recent.startAfter(this.#position)
  }

  #joinLive(reader: Reader): void {
    const readers = this.#live.get(reader.instanceId) ?? new Set()
    this.#live.set(reader.instanceId, readers.add(reader))
  }

  #leaveLive(reader: Reader): void {
    const readers = this.#live.get(reader.instanceId)
    readers?.delete(reader)
    if (readers?.size === 0) this.#live.delete(reader.instanceId)
  }

  /** Who began to watch after that came with something else: "all" were those of that time. */
  #revoke(revision: number, credentialId: string | null): void {
    for (const reader of this.#readers()) if (reader.position < revision) this.#tellRevoked(reader, credentialId)
  }

  /** @returns whether it may go on */
  #tellRevoked(reader: Reader, credentialId: string | null): boolean {
    reader.onRevoked?.(credentialId)
    if (reader.credentialId === undefined || (credentialId ?? reader.credentialId) !== reader.credentialId) return true
    this.#end(reader, 'revoked')
    return false
  }

  #readers(): Reader[] {
    return [...this.#catchUp.readers, ...[...this.#live.values()].flatMap((readers) => [...readers])]
  }

  #end(reader: Reader, reason: 'revoked' | 'deleted'): void {
    this.remove(reader)
    reader.end(reason)
  }
}

function isFor(reader: Reader, change: Change): boolean {
  return (
    reader.instanceId === undefined || change.kind === 'credential_revoked' || change.instanceId === reader.instanceId
  )
}
