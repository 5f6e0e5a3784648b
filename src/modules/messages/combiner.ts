import type { Database } from '../../../db/client.js'
import { BusyError, DatabaseUnavailableError, isStatementTimeout, lostAgainstAnother } from '../../../db/errors.js'
import { groupBy } from '../../collections/group-by.js'
import { largeWork } from '../../limits/turns.js'
import { type Appended, appendTogether } from '../account-log/append.js'
import { chatsOf, lockFreeChats, nameOfChat } from '../account-log/chats.js'
import type { NewMessage } from '../account-log/new-message.js'
import { type QueuedMessage, readQueues } from '../account-log/queue.js'
import { PostQueue } from './post-queue.js'

/** An agent's appended message, and what people wrote since the agent last read. */
export interface AgentAppended {
  readonly appended: Appended
  readonly queued: QueuedMessage[]
}

interface QueuedPost<T> {
  readonly message: NewMessage
  /** The name of its chat. */
  readonly chat: string
  /** Of the whole message. */
  readonly bytes: number
  /** When it arrived, in milliseconds. */
  readonly since: number
  readonly alone: () => Promise<T>
  readonly resolve: (result: T | AgentAppended) => void
  readonly reject: (error: unknown) => void
}

/** The result of a transaction: the stored messages by id, and the queues by chat. */
interface Stored {
  readonly appended: ReadonlyMap<string, Appended>
  readonly queues: Map<string, QueuedMessage[]>
}

const NOTHING_STORED: Stored = { appended: new Map(), queues: new Map() }

/** Messages, and bytes of them, in one transaction at most: it must be short. */
const MAX_MESSAGES = 256
const MAX_BYTES = 1024 * 1024

/** Bytes of a message that may be combined; a larger one would delay the others. */
const MAX_COMBINED = 16 * 1024

/**
 * Large messages of one account that are stored concurrently: all that wait for its connections are made into JSON
 * already.
 */
const MAX_ALONE = 2

/** Waiting messages of one account: each holds a request, with its body, in memory. */
const MAX_WAITING = 2_000

/** A batch that is too small to split: most of its cost is the transaction itself. */
const WORTH_A_TRANSACTION = 16

/**
 * Milliseconds after which a message that has waited behind a failure is not tried: that may take 4.5 s, and a 503 has
 * to be sent within 5 s.
 */
const FAILURE_TIMEOUT_MS = 500

/**
 * Combines the messages that agents of all accounts send at the same time into one transaction, so that they share the
 * cost of a commit. One transaction is under way at a time; meanwhile the next messages gather, so that under load more
 * are combined and without load none waits.
 *
 * A transaction takes half of what waits, if that is enough to be worth one: while the database works on one half, this
 * process answers the other one and reads what its senders send next. In a single batch, they would wait for each
 * other. Where not everything that waits has room, the accounts take turns, a message each.
 *
 * Each message is answered when it is committed. The messages of a chat keep the order of their arrival: while some of
 * them are under way, the others wait. A message is stored alone if it cannot be stored together with its neighbours,
 * if it would have to wait for a transaction that holds its chat or its account's clock, or if it is large: then it
 * takes the connections of its own account.
 */
export class Combiner<T> {
  readonly #database: Database
  readonly #maxWaiting: number
  /** The queues of accounts that have a message waiting or under way alone, by UUID. */
  readonly #postQueueOf = new Map<string, PostQueue<QueuedPost<T>>>()
  /** The same, in the order of their turns. */
  #postQueues: PostQueue<QueuedPost<T>>[] = []
  /** Chats of which messages are under way. */
  readonly #busy = new Set<string>()
  /** The number of waiting messages. */
  #waiting = 0
  /** The number of messages in the transaction under way. */
  #underWay = 0
  /** The most messages that were waiting or under way at once since the latest transaction began. */
  #most = 0
  #scheduled = false

  /** @param options.maxWaiting the most waiting messages of one account */
  constructor(database: Database, { maxWaiting = MAX_WAITING }: { readonly maxWaiting?: number } = {}) {
    this.#database = database
    this.#maxWaiting = maxWaiting
  }

  /**
   * @param bytes how large the message is, with all that is stored of it
   * @param alone stores the message by itself in any case: also where its chat does not exist yet or is locked
   * @throws {BusyError} when too many of the account wait already
   * @throws {DatabaseUnavailableError} whether the message is stored is then unknown
   */
  append(message: NewMessage, bytes: number, alone: () => Promise<T>): Promise<T | AgentAppended> {
    return new Promise((resolve, reject) => {
      const posts = this.#postQueueFor(message.userId)
      if (posts.length >= this.#maxWaiting) throw new BusyError('too many messages of this account wait to be stored')
      const since = performance.now()
      posts.push({ message, chat: nameOfChat(message), bytes, since, alone, resolve, reject })
      this.#waiting += 1
      this.#most = Math.max(this.#most, this.#waiting + this.#underWay)
      this.#schedule()
    })
  }

  #postQueueFor(userId: string): PostQueue<QueuedPost<T>> {
    const known = this.#postQueueOf.get(userId)
    if (known) return known
    const posts = new PostQueue<QueuedPost<T>>(userId)
    this.#postQueueOf.set(userId, posts)
    this.#postQueues.push(posts)
    return posts
  }

  /** Runs after everything that has arrived by now has been read from its sockets. */
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

  /**
   * Takes the messages of the next transaction, and marks their chats as busy. Large messages whose turn it is are
   * stored alone.
   */
  #take(): QueuedPost<T>[] {
    const batch: QueuedPost<T>[] = []
    const held = new Set<string>()
    const most = Math.min(MAX_MESSAGES, Math.max(WORTH_A_TRANSACTION, Math.ceil(this.#most / 2)))
    const postQueues = this.#postQueues
    for (const posts of postQueues) posts.rewind()
    let bytes = 0
    let turn = 0
    for (
      let withoutAny = 0;
      withoutAny < postQueues.length && batch.length < most;
      turn = (turn + 1) % postQueues.length
    ) {
      const posts = postQueues[turn]
      const item = posts && this.#nextOf(posts, batch, held)
      if (!item) {
        withoutAny += 1
        continue
      }
      // It goes first next time: smaller messages do not overtake it.
      if (bytes + item.bytes > MAX_BYTES) break
      withoutAny = 0
      bytes += item.bytes
      posts.take()
      batch.push(item)
    }
    for (const { chat } of batch) this.#busy.add(chat)
    this.#waiting -= batch.length
    this.#underWay = batch.length
    this.#most = this.#waiting + batch.length
    this.#postQueues = [...postQueues.slice(turn), ...postQueues.slice(0, turn)].filter((posts) => this.#isInUse(posts))
    return batch
  }

  /**
   * Advances in a queue, and has large messages stored alone on the way.
   *
   * @param held chats in which a large message has to wait, and so have those after it
   * @returns the next message that can be combined
   */
  #nextOf(
    posts: PostQueue<QueuedPost<T>>,
    batch: readonly QueuedPost<T>[],
    held: Set<string>,
  ): QueuedPost<T> | undefined {
    for (let item = posts.current; item; item = posts.current) {
      const { chat } = item
      const isFree = !this.#busy.has(chat) && !held.has(chat)
      if (isFree && item.bytes <= MAX_COMBINED) return item
      if (isFree && posts.alone < MAX_ALONE && !batch.some((other) => other.chat === chat)) {
        posts.take()
        this.#storeAlone(posts, item)
      } else {
        if (isFree) held.add(chat)
        posts.pass()
      }
    }
    return undefined
  }

  /** Starts after the combined messages were sent: preparing a large message takes long. */
  #storeAlone(posts: PostQueue<QueuedPost<T>>, item: QueuedPost<T>): void {
    this.#waiting -= 1
    this.#busy.add(item.chat)
    posts.alone += 1
    largeWork.take().then(() => {
      storeOneByOne([item]).then((obstacle) => {
        posts.alone -= 1
        this.#busy.delete(item.chat)
        if (obstacle !== undefined) this.#refuseLate([posts], obstacle, ({ bytes }) => bytes > MAX_COMBINED)
        this.#schedule()
      })
    })
  }

  /** Refuses messages that have waited behind a failure for too long to be answered in time. */
  #refuseLate(
    postQueues: readonly PostQueue<QueuedPost<T>>[],
    error: unknown,
    concerns: (item: QueuedPost<T>) => boolean,
  ): void {
    const latest = performance.now() - FAILURE_TIMEOUT_MS
    const late = postQueues.flatMap((posts) => posts.takeOut((item) => item.since < latest && concerns(item)))
    this.#waiting -= late.length
    for (const { reject } of late) reject(error)
  }

  /** Forgets a queue that is empty. */
  #isInUse(posts: PostQueue<QueuedPost<T>>): boolean {
    const isInUse = posts.length > 0 || posts.alone > 0
    if (!isInUse) this.#postQueueOf.delete(posts.userId)
    return isInUse
  }

  /** The next transaction begins before this one's messages are answered: the database works meanwhile. */
  async #run(batch: readonly QueuedPost<T>[]): Promise<void> {
    const stored = await this.#store(batch.map(({ message }) => message)).catch((error) => this.#fail(batch, error))
    const left = stored ? batch.filter(({ message }) => !stored.appended.has(message.id)) : []
    const alone = groupBy(left, ({ chat }) => chat)
    for (const { chat } of batch) if (!alone.has(chat)) this.#busy.delete(chat)
    this.#underWay = 0
    this.#start()
    if (stored) answer(batch, stored)
    // They may have to wait for a lock: meanwhile other chats go on.
    for (const [chat, items] of alone) {
      storeOneByOne(items).finally(() => {
        this.#busy.delete(chat)
        this.#schedule()
      })
    }
  }

  /**
   * Refuses a batch when the database is unavailable, and the messages that have waited behind it for too long to be
   * answered in time. Other failures, timeouts included, may be caused by one of the messages: each is to be tried
   * alone.
   *
   * @returns what was stored, unless all messages have been answered
   */
  #fail(batch: readonly QueuedPost<T>[], error: unknown): Stored | undefined {
    if (!(error instanceof DatabaseUnavailableError) || isStatementTimeout(error)) return NOTHING_STORED
    for (const { reject } of batch) reject(error)
    this.#refuseLate(this.#postQueues, error, () => true)
    return undefined
  }

  async #store(messages: readonly NewMessage[]): Promise<Stored> {
    const userIds = [...new Set(messages.map(({ userId }) => userId))]
    const chats = chatsOf(messages)
    return this.#database.severalTenants(userIds).pipeline({
      locked: lockFreeChats(chats),
      queues: readQueues(chats),
      appended: appendTogether(messages),
    })
  }
}

/** Answers the stored messages. */
function answer<T>(batch: readonly QueuedPost<T>[], { appended, queues }: Stored): void {
  for (const { message, chat, resolve } of batch) {
    const row = appended.get(message.id)
    if (!row) continue
    resolve({ appended: row, queued: queues.get(chat) ?? [] })
    // The first message of a chat takes the queue; for the next ones nothing is left.
    queues.delete(chat)
  }
}

/**
 * Messages behind one that is blocked by another transaction would wait for the same lock in turn.
 *
 * @returns why that one could not be stored; undefined if it was not blocked
 */
async function storeOneByOne<T>(items: readonly QueuedPost<T>[]): Promise<unknown> {
  let obstacle: unknown
  for (const { since, alone, resolve, reject } of items) {
    if (obstacle !== undefined && since < performance.now() - FAILURE_TIMEOUT_MS) reject(obstacle)
    else
      await alone().then(resolve, (error) => {
        if (error instanceof DatabaseUnavailableError || lostAgainstAnother(error)) obstacle = error
        reject(error)
      })
  }
  return obstacle
}
