import type { Database } from '../../../db/client.js'
import { DatabaseUnavailableError } from '../../../db/errors.js'
import { groupBy } from '../../group-by.js'
import {
  type Appended,
  appendMessages,
  type Chat,
  lockChats,
  lockClocks,
  type NewMessage,
  type QueuedMessage,
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

/** Messages, and characters of them, that one transaction takes at most: it must be short. */
const MAX_MESSAGES = 256
const MAX_LENGTH = 4 * 1024 * 1024

/** Milliseconds after which one that has waited in vain is not tried: that may take 4.5 s, and 5 s are the most for a 503. */
const PATIENCE = 500

/**
 * Combines the messages that agents send at the same time into one transaction, whoever they belong to: what a commit
 * costs is shared by all of them. One transaction is under way at a time; meanwhile the next messages gather, so that under
 * load more go together and without load none waits. A second one at the same time makes both smaller and neither faster.
 *
 * Each message is answered when it is committed. The messages of a chat stay in the order in which they came: while some
 * of them are under way, the others wait. What cannot be stored together with its neighbours is stored alone.
 */
export class Combiner<T> {
  readonly #database: Database
  #waiting: Waiting<T>[] = []
  readonly #busy = new Set<string>()
  #isStoring = false
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
      this.#schedule()
    })
  }

  /** After everything that has arrived by now has been read from its sockets. */
  #schedule(): void {
    if (this.#scheduled || this.#isStoring || this.#waiting.length === 0) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      const batch = this.#take()
      if (batch.length === 0) return
      this.#isStoring = true
      this.#run(batch).finally(() => {
        this.#isStoring = false
        this.#schedule()
      })
    })
  }

  /** Takes what may go together, and marks its chats as busy. */
  #take(): Waiting<T>[] {
    const batch: Waiting<T>[] = []
    const rest: Waiting<T>[] = []
    let length = 0
    for (const item of this.#waiting) {
      const { content, gitDiff } = item.message
      length += content.length + (gitDiff?.length ?? 0)
      const fits = batch.length < MAX_MESSAGES && (length <= MAX_LENGTH || batch.length === 0)
      if (fits && !this.#busy.has(nameOf(item.message))) batch.push(item)
      else rest.push(item)
    }
    for (const { message } of batch) this.#busy.add(nameOf(message))
    this.#waiting = rest
    return batch
  }

  /** Those that go alone may have to wait for somebody else: meanwhile others go on, except in the same chat. */
  async #run(batch: readonly Waiting<T>[]): Promise<void> {
    const alone = groupBy(await this.#together(batch), ({ message }) => nameOf(message))
    for (const { message } of batch) if (!alone.has(nameOf(message))) this.#busy.delete(nameOf(message))
    for (const [chat, items] of alone) {
      storeOneByOne(items).finally(() => {
        this.#busy.delete(chat)
        this.#schedule()
      })
    }
  }

  /** @returns those that have to go alone */
  async #together(batch: readonly Waiting<T>[]): Promise<readonly Waiting<T>[]> {
    const messages = batch.map(({ message }) => message)
    const stored = await this.#store(messages).catch((error) => {
      if (!(error instanceof DatabaseUnavailableError)) return undefined
      const latest = performance.now() - PATIENCE
      for (const { reject } of [...batch, ...this.#waiting.filter(({ since }) => since < latest)]) reject(error)
      this.#waiting = this.#waiting.filter(({ since }) => since >= latest)
      return null
    })
    if (stored === null) return []
    if (stored === undefined) return batch
    return batch.filter(({ message, resolve }) => {
      const appended = stored.appended.get(message.id)
      if (!appended) return true
      const chat = nameOf(message)
      resolve({ appended, queued: stored.queues.get(chat) ?? [] })
      // The first message of a chat takes the queue; for the next ones there is nothing left.
      stored.queues.delete(chat)
      return false
    })
  }

  async #store(messages: readonly NewMessage[]) {
    const userIds = [...new Set(messages.map(({ userId }) => userId))]
    const chats = [...new Map(messages.map((message) => [nameOf(message), message])).values()]
    const scope = this.#database.severalTenants(userIds)
    const [, queued, , appended] = await scope.pipeline(
      lockChats(chats, true),
      readQueues(chats),
      lockClocks(userIds),
      appendMessages(messages),
    )
    const queues = new Map<string, QueuedMessage[]>()
    for (const row of queued) {
      const chat = nameOf({ userId: row.user_id, instanceId: row.agent_instance_id })
      queues.set(chat, [...(queues.get(chat) ?? []), asQueued(row)])
    }
    return { queues, appended: new Map(appended.map((row) => [row.id, row])) }
  }
}

async function storeOneByOne<T>(items: readonly Waiting<T>[]): Promise<void> {
  for (const { alone, resolve, reject } of items) await alone().then(resolve, reject)
}

function nameOf({ userId, instanceId }: Chat): string {
  return `${userId}:${instanceId}`
}
