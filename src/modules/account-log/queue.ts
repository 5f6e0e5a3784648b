import type { SenderType } from '../../../db/generated/types.js'
import { type Step, stepOf } from '../../../db/step.js'
import { groupBy } from '../../collections/group-by.js'
import { CHATS, type Chat, chatsAsJson, isLocked, nameOfChat, query } from './chats.js'

/**
 * What people wrote to the agent of a run since it last read, in SQL. All who read the queue or move past it do it by
 * these texts, so that what is handed out and what counts as handed out are the same.
 */

/** The most that waits for the agent of one run, and the most that is handed out at once: messages, and bytes of them. */
export const QUEUE = { messages: 1000, bytes: 8 * 1024 * 1024 } as const

/**
 * Bytes that may wait for an agent whose posts are stored and answered together with those of others. With more, they are
 * stored alone: hundreds of full queues would not fit into one answer of the database.
 */
export const SMALL_QUEUE = 64 * 1024

/** What people wrote since an agent last read, as it is handed to it. */
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

/** The columns of a `QueuedMessage`, of a message that the statement calls `m`. */
export const QUEUED_COLUMNS = 'm.id, m.content, m.sender_type, m.created_at, m.requires_user_input'

/** What the agent of a locked chat is handed now of what people wrote since it last read, oldest first. */
export function readQueue(chat: Chat): Step<QueuedMessage[]> {
  return stepOf(query<QueuedRow>(READ_QUEUES.alone, chatsAsJson([chat])), (rows) => rows.map(asQueued))
}

/** The same of several locked chats, by their names. Where there is nothing, a chat is missing. */
export function readQueues(chats: readonly Chat[]): Step<Map<string, QueuedMessage[]>> {
  return stepOf(query<QueuedRow>(READ_QUEUES.together, chatsAsJson(chats)), (rows) => {
    const queues = groupBy(rows, (row) => nameOfChat({ userId: row.user_id, instanceId: row.agent_instance_id }))
    return new Map([...queues].map(([chat, queued]) => [chat, queued.map(asQueued)]))
  })
}

/** Without what finds it. */
function asQueued({ id, content, sender_type, created_at, requires_user_input }: QueuedRow): QueuedMessage {
  return { id, content, sender_type, created_at, requires_user_input }
}

/**
 * Whether a poll was given something that the agent has not confirmed, by an API key that still is one: what others were
 * given is in the queue as before.
 *
 * @param run what the surrounding statement calls the run
 */
export function isClaimed(run: string): string {
  return `(case when ${run}.claim_cursor_id = ${run}.last_read_message_id and ${run}.claim_last_id is not null then exists (
    select from api_keys k where k.user_id = ${run}.user_id and k.id = ${run}.claim_key_id and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > clock_timestamp())) else false end)`
}

/**
 * The seq up to which a run's agent has everything once it posts: that confirms what it was given by a poll.
 *
 * @param run what the surrounding statement calls the run
 */
export function readByPosting(run: string): string {
  return `greatest(${run}.last_read_seq, case when ${isClaimed(run)} then ${run}.claim_last_seq end)`
}

/** Names of what says whose queue is meant, in the surrounding statement. */
interface QueueRange {
  readonly userId: string
  readonly instanceId: string
  /** The seq up to which everything was handed out. */
  readonly after: string
  /** The seq behind which nothing is of interest; without it, all of the queue is. */
  readonly upTo?: string
}

/**
 * The beginning of a queue, a message more than is handed out at most, oldest first. Of each message, `fits` says whether
 * it is handed out now. The first one is, whatever its size, so that the queue gets shorter in any case.
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

/** Where a queue is cut: the seq of the last message that is handed out, if others are left; else null. */
export function cutOfQueue(range: QueueRange): string {
  return `(
    select case when not bool_and(fits) then max(seq) filter (where fits) end from (${beginningOfQueue(range)}) as b)`
}

/** What the agent of a run has not read: of the run that a row of this name says, and `i` is. */
export function queueRangeOf(name: string): QueueRange {
  return { userId: `${name}.user_id`, instanceId: `${name}.instance_id`, after: 'i.last_read_seq' }
}

/**
 * Whether a statement serves one chat in its tenant's scope, or several together. Chats with claims, which only their
 * tenant's scope can judge, are never among those that are locked together.
 */
export type Company = 'alone' | 'together'

/** @param statement given the seq up to which the run's agent has everything, in SQL. @returns its text for either company */
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
