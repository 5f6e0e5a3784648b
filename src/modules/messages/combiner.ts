import type { Database } from '../../../db/client.js'
import { DatabaseUnavailableError, lostAgainstAnother } from '../../../db/errors.js'
import { groupBy } from '../../group-by.js'
import {
  type Appended,
  appendMessages,
  type Chat,
  lockChats,
  type NewMessage,
  type QueuedMessage,
  type QueuedRow,
  readQueues,
} from './append.js'
import { asQueued } from './queries.js'

/** What became of an agent's message, and what people wrote since it last read. */
export interface AgentAppended {
  readonly appended: Appended
  readonly queued: QueuedMessage[]
}

interface Waiting<T> {
  readonly message: NewMessage
  /** When it came, in milliseconds. */
  readonly since: number
  readonly alone: () => Promise<T>
  readonly resolve: (result: T | AgentAppended) => void
  readonly reject: (error: unknown) => void
}

/** What a transaction gave: the messages that it stored, by id, and what people wrote, by chat. */
interface Stored {
  readonly appended: ReadonlyMap<string, Appended>
  readonly queues: Map<string, QueuedMessage[]>
}

const NOTHING_STORED: Stored = { appended: new Map(), queues: new Map() }

/** Messages, and characters of them, that one transaction takes at most: it must be short. */
const MAX_MESSAGES = 256
const MAX_LENGTH = 4 * 1024 * 1024

/** What so few cost together is mostly the transaction itself: they are not taken apart. */
const WORTH_A_TRANSACTION = 16

/**
 * Milliseconds after which one that has waited behind a failure is not tried: that may take 4.5 s, and 5 s are the most for
 * a 503.
 */
const PATIENCE = 500

/**
 * Combines the messages that agents send at the same time into one transaction, whoever they belong to: what a commit
 * costs is shared by all of them. One transaction is under way at a time; meanwhile the next messages gather, so that under
 * load more go together and without load none waits.
 *
 * A transaction takes half of what is there, as far as that is worth one: while the database works on one half, this
 * process answers the other one and reads what its senders send next. Together, they would wait for each other.
 *
 * Each message is answered when it is committed. The messages of a chat stay in the order in which they came: while some
 * of them are under way, the others wait. What cannot be stored together with its neighbours is stored alone; so is what
 * would have to wait for somebody who holds its chat or its account's clock.
 */
export class Combiner<T> {
  readonly #database: Database
  #waiting: Waiting<T>[] = []
  /** Chats of which messages are under way. */
  readonly #busy = new Set<string>()
  /** How many messages the transaction has that is under way. */
  #underWay = 0
  /** The most that have been waiting or under way at once, since the latest transaction began. */
  #most = 0
  #scheduled = false

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * @param alone stores the message by itself, in any case: also where its chat is not there yet or is held by somebody
   * @throws {DatabaseUnavailableError} whether the message is stored is then unknown
   */
  append(message: NewMessage, alone: () => Promise<T>): Promise<T | AgentAppended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, since: performance.now(), alone, resolve, reject })
      this.#most = Math.max(this.#most, this.#waiting.length + this.#underWay)
      this.#schedule()
    })
  }

  /** After everything that has arrived by now has been read from its sockets. */
  #schedule(): void {
    if (this.#scheduled || this.#underWay > 0) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#start()
    })
  }

  #start(): void {
    if (this.#underWay > 0) return
    const batch = this.#take()
    if (batch.length > 0) this.#run(batch)
  }

  /** Takes what may go together, and marks its chats as busy. */
  #take(): Waiting<T>[] {
    const batch: Waiting<T>[] = []
    const rest: Waiting<T>[] = []
    const most = Math.min(MAX_MESSAGES, Math.max(WORTH_A_TRANSACTION, Math.ceil(this.#most / 2)))
    let length = 0
    for (const item of this.#waiting) {
      const { content, gitDiff } = item.message
      length += content.length + (gitDiff?.length ?? 0)
      const fits = batch.length < most && (length <= MAX_LENGTH || batch.length === 0)
      if (fits && !this.#busy.has(nameOf(item.message))) batch.push(item)
      else rest.push(item)
    }
    for (const { message } of batch) this.#busy.add(nameOf(message))
    this.#waiting = rest
    this.#underWay = batch.length
    this.#most = rest.length + batch.length
    return batch
  }

  /** The next transaction begins before this one's messages are answered: the database has something to do meanwhile. */
  async #run(batch: readonly Waiting<T>[]): Promise<void> {
    const stored = await this.#store(batch.map(({ message }) => message)).catch((error) => this.#fail(batch, error))
    const left = stored ? batch.filter(({ message }) => !stored.appended.has(message.id)) : []
    const alone = groupBy(left, ({ message }) => nameOf(message))
    for (const { message } of batch) if (!alone.has(nameOf(message))) this.#busy.delete(nameOf(message))
    this.#underWay = 0
    this.#start()
    if (stored) answer(batch, stored)
    // They may have to wait for somebody else: meanwhile others go on, except in the same chat.
    for (const [chat, items] of alone) {
      storeOneByOne(items).finally(() => {
        this.#busy.delete(chat)
        this.#schedule()
      })
    }
  }

  /**
   * Refuses a batch when the database is away, and what has waited behind it for so long that it would be answered too
   * late. Whatever else went wrong may be up to one of the messages: each is to be tried alone.
   *
   * @returns what was stored, unless everybody has been answered
   */
  #fail(batch: readonly Waiting<T>[], error: unknown): Stored | undefined {
    if (!(error instanceof DatabaseUnavailableError)) return NOTHING_STORED
    const latest = performance.now() - PATIENCE
    for (const { reject } of [...batch, ...this.#waiting.filter(({ since }) => since < latest)]) reject(error)
    this.#waiting = this.#waiting.filter(({ since }) => since >= latest)
    return undefined
  }

  async #store(messages: readonly NewMessage[]): Promise<Stored> {
    const userIds = [...new Set(messages.map(({ userId }) => userId))]
    const chats = [...new Map(messages.map((message) => [nameOf(message), message])).values()]
    const [, queued, appended] = await this.#database
      .severalTenants(userIds)
      .pipeline(lockChats(chats, true), readQueues(chats), appendMessages(messages))
    return storedAs(queued, appended)
  }
}

function storedAs(queued: readonly QueuedRow[], appended: readonly Appended[]): Stored {
  const queues = groupBy(queued, (row) => nameOf({ userId: row.user_id, instanceId: row.agent_instance_id }))
  return {
    queues: new Map([...queues].map(([chat, rows]) => [chat, rows.map(asQueued)])),
    appended: new Map(appended.map((row) => [row.id, row])),
  }
}

/** Answers what was stored. */
function answer<T>(batch: readonly Waiting<T>[], { appended, queues }: Stored): void {
  for (const { message, resolve } of batch) {
    const row = appended.get(message.id)
    if (!row) continue
    const chat = nameOf(message)
    resolve({ appended: row, queued: queues.get(chat) ?? [] })
    // The first message of a chat takes the queue; for the next ones there is nothing left.
    queues.delete(chat)
  }
}

/** Those that have waited behind one that somebody else stands in the way of would wait for the same in turn. */
async function storeOneByOne<T>(items: readonly Waiting<T>[]): Promise<void> {
  let obstacle: unknown
  for (const { since, alone, resolve, reject } of items) {
    if (obstacle !== undefined && since < performance.now() - PATIENCE) reject(obstacle)
    else
      await alone().then(resolve, (error) => {
        if (error instanceof DatabaseUnavailableError || lostAgainstAnother(error)) obstacle = error
        reject(error)
      })
  }
}

function nameOf({ userId, instanceId }: Chat): string {
  return `${userId}:${instanceId}`
}
