import type { Static } from '@sinclair/typebox'
import type { TenantScope } from '../../../db/tenant.js'
import type { StreamEvent } from '../../../schemas/events.js'
import { type ChangedMessage, type Changes, findChanges, findGitDiff, type Standing } from './queries.js'

/** An event, and the revision that a reader has reached with it. Events without one can be missed. */
export type NumberedEvent = Static<typeof StreamEvent> & { readonly revision?: number }

/** Somebody who watches an instance. */
export interface Reader {
  /** Everything up to this revision was delivered. The feed moves it. */
  position: number
  /** Whether it takes more now. One that does not is left where it is, and asks for a look when it does. */
  hasRoom(): boolean
  deliver(event: NumberedEvent): void
  /** The instance is gone; nothing follows. */
  end(): void
}

/** Added messages that one look at the table brings at most. */
const PAGE = 200

/**
 * What one process shows of one instance, to any number of readers. A hint makes it look at the table for what came
 * after its readers' positions; each reader gets what lies behind its own, in order, once. Looks never overlap, so hints
 * may come at any time, twice, or late.
 */
export class Feed {
  readonly #tenant: TenantScope
  readonly #instanceId: string
  readonly #readers = new Set<Reader>()
  #lastHeartbeat: number
  #looking: Promise<void> | undefined
  #lookAgain = false

  constructor(tenant: TenantScope, instanceId: string, standing: Standing) {
    this.#tenant = tenant
    this.#instanceId = instanceId
    this.#lastHeartbeat = standing.last_heartbeat_at?.getTime() ?? 0
  }

  get isIdle(): boolean {
    return this.#readers.size === 0
  }

  add(reader: Reader): void {
    this.#readers.add(reader)
  }

  remove(reader: Reader): void {
    this.#readers.delete(reader)
  }

  /** @returns whether a reader has yet to hear of the state that was found */
  isBehind({ revision, last_heartbeat_at }: Standing): boolean {
    return this.#position() < revision || this.#lastHeartbeat < (last_heartbeat_at?.getTime() ?? 0)
  }

  /**
   * Looks for changes, now or as soon as the look under way is done.
   *
   * @returns when it is done
   * @throws {DatabaseUnavailableError} readers stay where they are; the next look goes on from there
   */
  look(): Promise<void> {
    if (this.#looking) {
      this.#lookAgain = true
      return this.#looking
    }
    this.#looking = this.#lookUntilCurrent().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #lookUntilCurrent(): Promise<void> {
    let more = true
    for (let after = this.#position(); after < Infinity && (more || this.#lookAgain); after = this.#position()) {
      this.#lookAgain = false
      const changes = await findChanges(this.#tenant, this.#instanceId, after, PAGE)
      if (!changes) return this.#end()
      const upTo =
        changes.inserted.length === PAGE
          ? (changes.inserted.at(-1)?.created_revision ?? after)
          : changes.instance.revision
      more = upTo < changes.instance.revision
      await this.#deliver(changes, after, upTo)
    }
  }

  /** The place of the reader that is furthest behind, of those that have room; infinite if there is none. */
  #position(): number {
    return Math.min(...[...this.#readers].filter((reader) => reader.hasRoom()).map(({ position }) => position))
  }

  /** A reader that came during the look from further back gets nothing yet: its coming has asked for another look. */
  async #deliver(changes: Changes, after: number, upTo: number): Promise<void> {
    const events = await this.#eventsOf(changes, after, upTo)
    for (const reader of this.#readers) {
      if (reader.position >= after) bring(reader, events, upTo)
    }
  }

  async #eventsOf({ instance, inserted, updated }: Changes, after: number, upTo: number): Promise<NumberedEvent[]> {
    const isNew = (revision: number) => revision > after && revision <= upTo
    const timestamp = new Date()
    // A message that was added and then changed gives both: a reader in between knows the first state only.
    const changed = [...inserted.filter((message) => message.revision > message.created_revision), ...updated]
    const events: NumberedEvent[] = [
      ...inserted.map((message) => this.#inserted(message)),
      ...changed.filter((message) => isNew(message.revision)).map((message) => this.#updated(message)),
    ]
    if (isNew(instance.status_revision)) {
      const data = {
        event_type: 'status_update',
        instance_id: this.#instanceId,
        status: instance.status,
        timestamp,
      } as const
      events.push({ event: 'status_update', data, revision: instance.status_revision })
    }
    if (isNew(instance.git_diff_revision)) {
      const git_diff = await findGitDiff(this.#tenant, this.#instanceId)
      const data = { event_type: 'git_diff_update', instance_id: this.#instanceId, git_diff, timestamp } as const
      events.push({ event: 'git_diff_update', data, revision: instance.git_diff_revision })
    }
    events.sort((a, b) => (a.revision ?? 0) - (b.revision ?? 0))
    const heartbeat = this.#heartbeat(instance)
    return heartbeat ? [...events, heartbeat] : events
  }

  /** As it was when it was added: a change that it has seen since is an event of its own. */
  #inserted(message: ChangedMessage): NumberedEvent {
    const data = {
      event_type: 'message_insert',
      agent_instance_id: this.#instanceId,
      ...wireMessage(message),
      requires_user_input: message.requires_user_input && message.revision === message.created_revision,
    } as const
    return { event: 'message', data, revision: message.created_revision }
  }

  /** The only change there is to a message turns a step into a question. */
  #updated(message: ChangedMessage): NumberedEvent {
    const data = {
      event_type: 'message_update',
      agent_instance_id: this.#instanceId,
      ...wireMessage(message),
      old_requires_user_input: false,
    } as const
    return { event: 'message_update', data, revision: message.revision }
  }

  #heartbeat({ last_heartbeat_at }: Standing): NumberedEvent | undefined {
    if (!last_heartbeat_at || last_heartbeat_at.getTime() <= this.#lastHeartbeat) return undefined
    this.#lastHeartbeat = last_heartbeat_at.getTime()
    const data = { event_type: 'agent_heartbeat', instance_id: this.#instanceId, last_heartbeat_at } as const
    return { event: 'agent_heartbeat', data }
  }

  #end(): void {
    const timestamp = new Date()
    const data = { event_type: 'status_update', instance_id: this.#instanceId, status: 'DELETED', timestamp } as const
    for (const reader of this.#readers) {
      reader.deliver({ event: 'status_update', data })
      reader.end()
    }
    this.#readers.clear()
  }
}

/** Gives a reader what lies behind its position, in order, as far as it has room. */
function bring(reader: Reader, events: NumberedEvent[], upTo: number): void {
  for (const event of events) {
    if (event.revision !== undefined && event.revision <= reader.position) continue
    if (!reader.hasRoom()) return
    reader.deliver(event)
    reader.position = event.revision ?? reader.position
  }
  reader.position = Math.max(reader.position, upTo)
}

function wireMessage({ created_revision: _created, revision: _changed, ...message }: ChangedMessage) {
  return message
}
