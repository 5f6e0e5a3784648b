import type { TenantScope } from '../../../db/tenant.js'
import type { Change } from './changes.js'
import { findChanges } from './queries.js'

/** Somebody who watches an account, or one run of it. */
export interface Reader {
  /** The only run that it watches; undefined for the whole account. */
  readonly instanceId?: string | undefined
  /** The session or API key that it came with: when that is revoked, it has to go. */
  readonly credentialId?: string | undefined
  /** Everything up to this revision was delivered to it. The feed moves it. */
  position: number
  /** Whether it takes more now. If not, it says so to the feed when it does, see `goOn`. */
  hasRoom(): boolean
  deliver(change: Change): void
  /** Its credential may be revoked, and it finds out by itself. Who does not have this is ended. */
  reconsider?(): void
  /** Nothing follows: it may not read any longer, or there is nothing left to read. */
  end(reason: 'revoked' | 'deleted'): void
}

/** Milliseconds that changes which were committed in this process get to arrive in their order before the table is asked. */
const GRACE = 10

/** Changes that are kept for a reader while it reads what it has missed. With more, it reads on from the table. */
const MAX_BACKLOG = 500

/**
 * What one process shows of one account, to any number of readers. It follows the account's revisions without a gap:
 * changes that were committed in this process are handed to it as they are; when one is missing, because another
 * process made it, it looks at the table.
 */
export class Feed {
  readonly #tenant: TenantScope
  readonly #live = new Map<string | undefined, Set<Reader>>()
  /** Readers that have missed something, and what has happened while they are catching up. */
  readonly #behind = new Map<Reader, Change[] | undefined>()
  readonly #early = new Map<number, Change>()
  #position: number
  #looking: Promise<void> | undefined
  #lookAgain = false
  /** The highest revision that hints have named since the last look. */
  #heard = 0
  #grace: NodeJS.Timeout | undefined
  readonly #onError: (error: unknown) => void

  /** @param position the account's revision, read just now */
  constructor(tenant: TenantScope, position: number, onError: (error: unknown) => void) {
    this.#tenant = tenant
    this.#position = position
    this.#onError = onError
  }

  get isIdle(): boolean {
    return this.#live.size === 0 && this.#behind.size === 0
  }

  /** Shows a reader everything after its position, then what is new. */
  add(reader: Reader): void {
    if (reader.position >= this.#position) this.#join(reader)
    else this.#catchUp(reader)
  }

  /** A reader has room again. */
  goOn(reader: Reader): void {
    if (this.#behind.has(reader) && !this.#behind.get(reader)) this.#catchUp(reader)
  }

  remove(reader: Reader): void {
    this.#behind.delete(reader)
    const readers = this.#live.get(reader.instanceId)
    readers?.delete(reader)
    if (readers?.size === 0) this.#live.delete(reader.instanceId)
  }

  /** Takes changes that were committed in this process, in any order. */
  offer(changes: readonly Change[]): void {
    for (const change of changes) if (change.revision > this.#position) this.#early.set(change.revision, change)
    this.#advance()
    if (this.#early.size > 0) this.#lookSoon()
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
    for (const [reader, backlog] of this.#behind) if (!backlog && reader.hasRoom()) this.#catchUp(reader)
  }

  close(): void {
    clearTimeout(this.#grace)
  }

  /** Looks for changes, now or as soon as the look under way is done. If it fails, the reconcile pass looks again. */
  look(): void {
    this.#lookAgain = true
    this.#looking ??= this.#lookUntilCurrent()
      .catch(this.#onError)
      .finally(() => {
        this.#looking = undefined
        // Asked for after the last page was read, and before this.
        if (this.#lookAgain) this.look()
      })
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
      const page = await findChanges(this.#tenant, this.#position)
      if (!page) return this.#endAll()
      for (const change of page.changes) this.#pass(change)
      this.#position = Math.max(this.#position, page.upTo)
      this.#advance()
      this.#lookAgain ||= page.more
    }
  }

  /** Passes on what follows without a gap. */
  #advance(): void {
    for (let next = this.#early.get(this.#position + 1); next; next = this.#early.get(this.#position + 1)) {
      this.#pass(next)
    }
    for (const revision of this.#early.keys()) if (revision <= this.#position) this.#early.delete(revision)
    // What hints have named and nobody has handed over is only in the table.
    if (this.#early.size > 0 || this.#heard > this.#position || !this.#grace) return
    clearTimeout(this.#grace)
    this.#grace = undefined
  }

  /** While the table was read, the same change may have come from this process. */
  #pass(change: Change): void {
    this.#early.delete(change.revision)
    if (change.revision <= this.#position) return
    this.#position = change.revision
    for (const [reader, backlog] of this.#behind) {
      if (backlog && isFor(reader, change) && backlog.length <= MAX_BACKLOG) backlog.push(change)
    }
    if (change.kind === 'credential_revoked') this.#revoke(change.revision, change.credentialId)
    else this.#show(change)
  }

  #show(change: Exclude<Change, { kind: 'credential_revoked' }>): void {
    const ofAccount = this.#live.get(undefined)
    if (ofAccount) for (const reader of ofAccount) this.#bring(reader, change)
    const ofRun = this.#live.get(change.instanceId)
    if (ofRun) for (const reader of ofRun) this.#bring(reader, change)
  }

  #bring(reader: Reader, change: Change): void {
    if (change.revision <= reader.position) return
    if (!reader.hasRoom()) {
      this.remove(reader)
      this.#behind.set(reader, undefined)
      return
    }
    reader.position = change.revision
    reader.deliver(change)
    if (change.kind === 'instance_deleted' && reader.instanceId !== undefined) this.#end(reader, 'deleted')
  }

  #join(reader: Reader): void {
    this.#behind.delete(reader)
    const readers = this.#live.get(reader.instanceId) ?? new Set()
    this.#live.set(reader.instanceId, readers.add(reader))
  }

  #catchUp(reader: Reader): void {
    this.#behind.set(reader, [])
    this.#readMissed(reader).catch((error) => {
      // Left behind, and not reading: the reconcile pass tries again.
      if (this.#behind.has(reader)) this.#behind.set(reader, undefined)
      this.#onError(error)
    })
  }

  /** Brings a reader what the table has for it, then what has happened meanwhile; from then on it hears what is new. */
  async #readMissed(reader: Reader): Promise<void> {
    for (;;) {
      const backlog: Change[] = []
      this.#behind.set(reader, backlog)
      const page = await findChanges(this.#tenant, reader.position, reader.instanceId)
      if (!this.#behind.has(reader)) return
      if (!page) return this.#end(reader, 'deleted')
      if (!this.#bringAll(reader, page.changes)) return
      reader.position = Math.max(reader.position, page.upTo)
      if (page.more || backlog.length > MAX_BACKLOG) continue
      if (!this.#bringAll(reader, backlog)) return
      return this.#join(reader)
    }
  }

  /** @returns whether the reader took everything and is still there */
  #bringAll(reader: Reader, changes: readonly Change[]): boolean {
    for (const change of changes) {
      if (change.kind === 'credential_revoked') {
        if (isRevoked(reader, change.credentialId) && change.revision > reader.position) {
          this.#doubt(reader)
          if (this.#behind.get(reader) === undefined) return false
        }
      } else {
        this.#bring(reader, change)
        if (this.#behind.get(reader) === undefined) return false
      }
    }
    return true
  }

  /** Who began to watch after that came with something else: "all" were those of that time. */
  #revoke(revision: number, credentialId: string | null): void {
    for (const reader of this.#readers()) {
      if (reader.position < revision && isRevoked(reader, credentialId)) this.#doubt(reader)
    }
  }

  #doubt(reader: Reader): void {
    if (reader.reconsider) reader.reconsider()
    else this.#end(reader, 'revoked')
  }

  #readers(): Reader[] {
    return [...this.#behind.keys(), ...[...this.#live.values()].flatMap((readers) => [...readers])]
  }

  #end(reader: Reader, reason: 'revoked' | 'deleted'): void {
    this.remove(reader)
    reader.end(reason)
  }

  #endAll(): void {
    for (const reader of this.#readers()) this.#end(reader, 'deleted')
  }
}

function isRevoked(reader: Reader, credentialId: string | null): boolean {
  return reader.credentialId !== undefined && (credentialId ?? reader.credentialId) === reader.credentialId
}

function isFor(reader: Reader, change: Change): boolean {
  return (
    reader.instanceId === undefined || change.kind === 'credential_revoked' || change.instanceId === reader.instanceId
  )
}
