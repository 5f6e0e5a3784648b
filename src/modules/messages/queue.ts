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
