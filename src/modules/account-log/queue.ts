import type { SenderType } from '../../../db/generated/types.js'
import { type Step, stepOf } from '../../../db/step.js'
import { groupBy } from '../../collections/group-by.js'
import { CHATS, type Chat, chatsAsJson, isLocked, nameOfChat, query } from './chats.js'

/**
 * The queue of a run, in SQL: what people wrote since its agent last read. Every statement that reads the queue or
 * moves past it is built from these texts, so that what is handed out and what counts as handed out are the same.
 */

/** The limits of a run's queue, and of what is handed out at once: messages, and their bytes. */
export const QUEUE = { messages: 1000, bytes: 8 * 1024 * 1024 } as const

/**
 * Bytes of a queue up to which its agent's posts are combined with others. Beyond it they are stored alone: hundreds of
 * full queues would not fit into one answer of the database.
 */
export const SMALL_QUEUE = 64 * 1024

/** A queued message as the agent receives it. */
export interface QueuedMessage {
  readonly id: string
  readonly content: string
  readonly sender_type: SenderType
  readonly created_at: Date
  readonly requires_user_input: boolean
}

interface QueuedRow extends QueuedMessage {
  readonly user_id: string
  readonly agent_instance_id: string
}

/** The columns of a `QueuedMessage`, of a message with the alias `m`. */
export const QUEUED_COLUMNS = 'm.id, m.content, m.sender_type, m.created_at, m.requires_user_input'

/** The queued messages that the agent of a locked chat is handed now, oldest first. */
export function readQueue(chat: Chat): Step<QueuedMessage[]> {
  return stepOf(query<QueuedRow>(READ_QUEUES.alone, chatsAsJson([chat])), (rows) => rows.map(asQueued))
}

/** The same for several locked chats, by their names. Chats with empty queues are missing. */
export function readQueues(chats: readonly Chat[]): Step<Map<string, QueuedMessage[]>> {
  return stepOf(query<QueuedRow>(READ_QUEUES.together, chatsAsJson(chats)), (rows) => {
    const queues = groupBy(rows, (row) => nameOfChat({ userId: row.user_id, instanceId: row.agent_instance_id }))
    return new Map([...queues].map(([chat, queued]) => [chat, queued.map(asQueued)]))
  })
}

/** The message without the columns of its position. */
function asQueued({ id, content, sender_type, created_at, requires_user_input }: QueuedRow): QueuedMessage {
  return { id, content, sender_type, created_at, requires_user_input }
}

/**
 * Whether messages are claimed: given to a poll, not confirmed, and by an API key that still is good. What other keys
 * were given is in the queue as before.
 *
 * @param run the surrounding statement's alias of the run
 */
export function isClaimed(run: string): string {
  return `(case when ${run}.claim_cursor_id = ${run}.last_read_message_id and ${run}.claim_last_id is not null then exists (
    select from api_keys k where k.user_id = ${run}.user_id and k.id = ${run}.claim_key_id and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > clock_timestamp())) else false end)`
}

/**
 * The seq up to which a run's agent has read everything once it posts: posting confirms what it was given by a poll.
 *
 * @param run the surrounding statement's alias of the run
 */
export function readByPosting(run: string): string {
  return `greatest(${run}.last_read_seq, case when ${isClaimed(run)} then ${run}.claim_last_seq end)`
}

/** Expressions of the surrounding statement that identify a queue. */
interface QueueRange {
  readonly userId: string
  readonly instanceId: string
  /** The seq up to which everything was handed out. */
  readonly after: string
  /** The seq at which the range ends; without it, the whole queue is meant. */
  readonly upTo?: string
}

/**
 * The beginning of a queue, one message more than is handed out at most, oldest first. `fits` says whether a message is
 * handed out now. The first one always is, whatever its size, so that the queue gets shorter.
 */
export function beginningOfQueue({ userId, instanceId, after, upTo }: QueueRange): string {
  return `
    select q.*, q.position = 1 or (q.position <= ${QUEUE.messages} and q.total <= ${QUEUE.bytes}) as fits from (
      select w.*, row_number() over so_far as position, sum(size) over so_far as total from (
        select * from messages where user_id = ${userId} and agent_instance_id = ${instanceId} and for_agent
          and seq > ${after} ${upTo === undefined ? '' : `and seq <= ${upTo}`}
        order by seq limit ${QUEUE.messages + 1}) as w
      window so_far as (order by seq rows unbounded preceding)) as q`
}

/** Where a queue is cut: the seq of the last message handed out, if others are left; else null. */
export function cutOfQueue(range: QueueRange): string {
  return `(
    select case when not bool_and(fits) then max(seq) filter (where fits) end from (${beginningOfQueue(range)}) as b)`
}

/** The unread queue of a run, for rows of the given name and of `i`. */
export function queueRangeOf(name: string): QueueRange {
  return { userId: `${name}.user_id`, instanceId: `${name}.instance_id`, after: 'i.last_read_seq' }
}

/**
 * Whether a statement serves one chat in its tenant's scope, or several together. Chats with claims, which only their
 * tenant's scope can judge, are never locked together.
 */
type Company = 'alone' | 'together'

/**
 * @param statement given an expression: the seq up to which the run's agent has read everything. @returns its text for
 *   either company
 */
export function inCompany(statement: (lastReadSeq: string) => string): Readonly<Record<Company, string>> {
  return { alone: statement(readByPosting('agent_instances')), together: statement('last_read_seq') }
}

const READ_QUEUES = inCompany(
  (lastReadSeq) => `
select m.user_id, m.agent_instance_id, ${QUEUED_COLUMNS}
from ${CHATS}
cross join lateral (
  select ${lastReadSeq} as last_read_seq from agent_instances
  where user_id = c.user_id and id = c.instance_id offset 0) as i
cross join lateral (
  select * from (${beginningOfQueue(queueRangeOf('c'))}) as b
  where fits offset 0) as m
where ${isLocked('c.n')}
order by m.user_id, m.agent_instance_id, m.seq`,
)
