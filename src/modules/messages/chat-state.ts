import { sql } from 'kysely'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { firstRowOf, type Step } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'
import { OPEN } from '../account-log/answers.js'
import { QUEUE } from '../account-log/queue.js'

/** The state of a chat before a person's message is stored: whose it is, and what is queued. */
export interface ChatState {
  /** The run's. */
  readonly status: AgentInstanceStatus
  /** The seq of the latest open question. */
  readonly question_seq: number | null
  /** The message may answer the question, or it is not asked: then that the key has posted to the run. */
  readonly may_answer: boolean
  /** The key has posted to the run, if only after the question. */
  readonly has_posted: boolean
  /** The number of messages queued for the agent, or on their way to it, and their bytes. */
  readonly waiting: number
  readonly waiting_bytes: number
  /** The run's launch prompt, if no agent has reported it as a person's message yet. */
  readonly prompt_id: string | null
}

/**
 * @param keyId UUID of the API key that reports the message; null for a person's own
 * @returns a step that gives the state; undefined when there is no such run. The chat must be locked
 */
export function readChatState(tenant: Tenant, instanceId: string, keyId: string | null): Step<ChatState | undefined> {
  const key = sql`${keyId}::uuid`
  const state = sql<ChatState>`
    select i.status, q.seq as question_seq, ${key} is null or i.posting_keys ? ${key}::text as has_posted,
      ${key} is null or coalesce(q.sender_key_id = ${key}, false)
        or coalesce((i.posting_keys ->> ${key}::text)::integer < coalesce(q.seq, i.message_count + 1), false) as may_answer,
      w.waiting, w.waiting_bytes, p.id as prompt_id
    from agent_instances i
    left join lateral (
      select seq, sender_key_id from messages
      where user_id = i.user_id and agent_instance_id = i.id and ${sql.raw(OPEN)}
      order by seq desc limit 1) as q on true
    left join messages p on ${key} is not null and p.user_id = i.user_id and p.agent_instance_id = i.id and p.seq = 1
      and p.sender_type = 'USER' and p.sender_key_id is null and not p.for_agent and not p.is_history
    cross join lateral (
      select count(*)::integer as waiting, coalesce(sum(size), 0)::double precision as waiting_bytes from (
        select size from messages
        where user_id = i.user_id and agent_instance_id = i.id and for_agent and seq > least(
          i.last_read_seq, case when i.offered_message_id is not null then i.offered_from_seq end)
        limit ${sql.lit(QUEUE.messages)}) as m) as w
    where i.user_id = ${tenant.userId} and i.id = ${instanceId.toLowerCase()}`
  return firstRowOf(state.compile(tenant))
}
