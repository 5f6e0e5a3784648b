import type { TenantScope } from '../../../db/tenant.js'
import type { Change } from '../account-log/changes.js'
import { isPassing, LogReader } from '../account-log/log-reader.js'
import { CatchUp, type CatchUps, type Host } from './catch-up.js'
import type { FeedSubscriber } from './feed-subscriber.js'
import { RecentChanges, sizeOf } from './recent-changes.js'

/** Milliseconds for which changes committed in this process may arrive out of order before the log is read. */
const GRACE = 10

/** Changes, and bytes of them, buffered until those before them arrive. Others are read from the log. */
const MAX_EARLY = 1_000
const MAX_EARLY_BYTES = 8 * 1024 * 1024

/**
 * The live changes of one account in one process, for any number of readers. It follows the account's revisions without
 * a gap: changes committed in this process are passed on as they are; when one is missing, because another process made
 * it, the feed reads the log.
 */
export class Feed implements Host {
  readonly #log: LogReader
  readonly #shared: CatchUps
  readonly #live = new Map<string | undefined, Set<FeedSubscriber>>()
  readonly #catchUp: CatchUp
  /** What readers that are catching up need to become live. Kept only while there are such readers. */
  readonly #recent = new RecentChanges()
  readonly #early = new Map<number, Change>()
  #earlyBytes = 0
  #position: number
  #reading: Promise<void> | undefined
  #readAgain = false
  /** The highest revision of the hints received since the last read. */
  #hintedRevision = 0
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

  /** Delivers to a reader everything after its position, then live changes. */
  add(subscriber: FeedSubscriber): void {
    if (this.#catchUp.isIdle) this.#recent.startAfter(this.#position)
    if (!this.join(subscriber)) this.#catchUp.add(subscriber)
  }

  /** Delivers to a reader the changes from here on, wherever the feed is. */
  addLive(subscriber: FeedSubscriber): void {
    subscriber.position = this.#position
    this.#joinLive(subscriber)
  }

  /** A reader has room again. */
  resume(subscriber: FeedSubscriber): void {
    this.#catchUp.resume(subscriber)
  }

  remove(subscriber: FeedSubscriber): void {
    this.#leaveCatchUp(subscriber)
    this.#leaveLive(subscriber)
  }

  /** Takes changes committed in this process, in any order. */
  onChanges(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.revision === this.#position + 1) this.#apply(change)
      else if (change.revision > this.#position) this.#keepEarly(change)
    }
    this.#advance()
    if (this.#early.size > 0 || this.#hintedRevision > this.#position) this.#readLogSoon()
  }

  /** Is notified that the account has reached a revision, in whatever process. */
  onHint(revision: number): void {
    if (revision <= this.#position) return
    this.#hintedRevision = Math.max(this.#hintedRevision, revision)
    this.#readLogSoon()
  }

  /** Catches up on lost hints. @param revision the account's, undefined when it is gone */
  reconcile(revision: number | undefined): void {
    if (revision === undefined || revision > this.#position) this.readLog()
    this.#catchUp.reconcile()
  }

  close(): void {
    clearTimeout(this.#grace)
  }

  /** Reads the log, now or as soon as the read under way is done. If it fails, the reconcile pass reads again. */
  readLog(): void {
    this.#readAgain = true
    this.#reading ??= this.#readUntilCurrent()
      .catch((error) => this.#shared.log.warn({ err: error }, 'live views lag; the reconcile pass will try again'))
      .finally(() => {
        this.#reading = undefined
        // Requested after the last page was read, and before this.
        if (this.#readAgain) this.readLog()
      })
  }

  deliver(subscriber: FeedSubscriber, changes: readonly Change[]): boolean {
    return changes.every((change) => !isFor(subscriber, change) || this.#deliverOne(subscriber, change))
  }

  join(subscriber: FeedSubscriber): boolean {
    if (subscriber.position < this.#recent.after) return false
    if (!this.deliver(subscriber, this.#recent.changes)) return true
    this.#leaveCatchUp(subscriber)
    this.#joinLive(subscriber)
    return true
  }

  endAll(): void {
    for (const subscriber of this.#subscribers()) this.#end(subscriber, 'deleted')
  }

  #readLogSoon(): void {
    this.#grace ??= setTimeout(() => {
      this.#grace = undefined
      this.readLog()
    }, GRACE)
  }

  async #readUntilCurrent(): Promise<void> {
    while (this.#readAgain) {
      this.#readAgain = false
      this.#hintedRevision = 0
      try {
        const page = await this.#log.read(this.#position)
        if (!page) return this.endAll()
        for (const change of page.changes) this.#apply(change)
        this.#position = Math.max(this.#position, page.upTo)
        this.#advance()
        this.#readAgain ||= page.more
      } catch (error) {
        if (isPassing(error)) throw error
        this.#shared.log.warn({ err: error }, 'a page of changes could not be read; trying a smaller one')
        this.#readAgain = true
      }
    }
  }

  #keepEarly(change: Change): void {
    if (this.#early.has(change.revision)) return
    const size = sizeOf(change)
    if (this.#early.size < MAX_EARLY && this.#earlyBytes + size <= MAX_EARLY_BYTES) {
      this.#early.set(change.revision, change)
      this.#earlyBytes += size
    } else this.#hintedRevision = Math.max(this.#hintedRevision, change.revision)
  }

  #forgetEarly(revision: number): void {
    const change = this.#early.get(revision)
    if (!change) return
    this.#early.delete(revision)
    this.#earlyBytes -= sizeOf(change)
  }

  /** Passes on the changes that follow without a gap. */
  #advance(): void {
    for (let next = this.#early.get(this.#position + 1); next; next = this.#early.get(this.#position + 1)) {
      this.#apply(next)
    }
    for (const revision of this.#early.keys()) if (revision <= this.#position) this.#forgetEarly(revision)
    // A revision that only a hint has named is only in the log.
    if (this.#early.size > 0 || this.#hintedRevision > this.#position || !this.#grace) return
    clearTimeout(this.#grace)
    this.#grace = undefined
  }

  /** While the log was read, the same change may have arrived from this process. */
  #apply(change: Change): void {
    this.#forgetEarly(change.revision)
    if (change.revision <= this.#position) return
    this.#position = change.revision
    // Before any delivery: while one reader takes the change, others may get room, and join.
    if (!this.#catchUp.isIdle) this.#recent.push(change)
    if (change.kind === 'credential_revoked') this.#revoke(change.revision, change.credentialId)
    else {
      const ofAccount = this.#live.get(undefined)
      if (ofAccount) for (const subscriber of ofAccount) this.#deliverOne(subscriber, change)
      const ofRun = this.#live.get(change.instanceId)
      if (ofRun) for (const subscriber of ofRun) this.#deliverOne(subscriber, change)
    }
  }

  /** @returns whether the reader has it, or had it before; if not, it has no room, or it is gone */
  #deliverOne(subscriber: FeedSubscriber, change: Change): boolean {
    if (change.revision <= subscriber.position) return true
    if (change.kind === 'credential_revoked') return this.#tellRevoked(subscriber, change.credentialId)
    if (!subscriber.hasRoom()) {
      this.#stall(subscriber, change)
      return false
    }
    subscriber.position = change.revision
    subscriber.onChange(change)
    if (change.kind !== 'instance_deleted' || subscriber.instanceId === undefined) return true
    this.#end(subscriber, 'deleted')
    return false
  }

  /** The reader has everything before this change, or it does not concern it: the catch-up need not scan that again. */
  #stall(subscriber: FeedSubscriber, change: Change): void {
    subscriber.position = change.revision - 1
    this.#leaveLive(subscriber)
    if (this.#catchUp.isIdle) {
      this.#recent.startAfter(subscriber.position)
      this.#recent.push(change)
    }
    this.#catchUp.stall(subscriber)
  }

  #leaveCatchUp(subscriber: FeedSubscriber): void {
    this.#catchUp.delete(subscriber)
    if (this.#catchUp.isIdle) this.#recent.startAfter(this.#position)
  }

  #joinLive(subscriber: FeedSubscriber): void {
    const subscribers = this.#live.get(subscriber.instanceId) ?? new Set()
    this.#live.set(subscriber.instanceId, subscribers.add(subscriber))
  }

  #leaveLive(subscriber: FeedSubscriber): void {
    const subscribers = this.#live.get(subscriber.instanceId)
    subscribers?.delete(subscriber)
    if (subscribers?.size === 0) this.#live.delete(subscriber.instanceId)
  }

  /** A later subscriber came with a later credential: null stands for those that existed at the revision. */
  #revoke(revision: number, credentialId: string | null): void {
    for (const subscriber of this.#subscribers())
      if (subscriber.position < revision) this.#tellRevoked(subscriber, credentialId)
  }

  /** @returns whether the subscription may go on */
  #tellRevoked(subscriber: FeedSubscriber, credentialId: string | null): boolean {
    subscriber.onRevoked?.(credentialId)
    if (subscriber.credentialId === undefined || (credentialId ?? subscriber.credentialId) !== subscriber.credentialId)
      return true
    this.#end(subscriber, 'revoked')
    return false
  }

  #subscribers(): FeedSubscriber[] {
    return [...this.#catchUp.subscribers, ...[...this.#live.values()].flatMap((subscribers) => [...subscribers])]
  }

  #end(subscriber: FeedSubscriber, reason: 'revoked' | 'deleted'): void {
    this.remove(subscriber)
    subscriber.onEnd(reason)
  }
}

function isFor(subscriber: FeedSubscriber, change: Change): boolean {
  return (
    subscriber.instanceId === undefined ||
    change.kind === 'credential_revoked' ||
    change.instanceId === subscriber.instanceId
  )
}
