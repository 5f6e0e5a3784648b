import { type CompiledQuery, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Tenant } from '../../../db/tenant.js'
import { schedule } from '../../queue/jobs.js'

/** What `event_type` says of deliveries that call back on an answer. */
const ANSWER = 'answer'

/** Characters of a URL that is called. */
const MAX_URL = 2048

/** Calls whoever asked a question and wants to be called when it is answered: `message_metadata.webhook_url`. */
export class AnswerCallbacks {
  readonly #wake: () => void

  /** @param wake says that there are jobs */
  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** @returns the query to run in the transaction that stores the answer, after it */
  query(tenant: Tenant, instanceId: string, messageId: string): CompiledQuery<{ id: string }> {
    return answerCallbackQuery(tenant, instanceId, messageId)
  }

  /** @param callbacks what that query gave */
  send(tenant: Tenant, callbacks: readonly { id: string }[]): void {
    if (callbacks.length > 0) tenant.afterCommit(this.#wake)
  }
}

/**
 * Has whoever asked for a call told of an answer: to be run in the transaction that stores the answer, after it.
 *
 * A person's message answers what is open: the questions since the last message of a person. If several of them ask for
 * a call, the latest gets it; a flow that waits for its call is not forgotten because an agent asked something else in
 * between. The delivery holds what is sent, so it outlives the run.
 *
 * @param messageId the person's message
 * @returns a query that gives a row when there is somebody to call
 */
export function answerCallbackQuery(
  tenant: Tenant,
  instanceId: string,
  messageId: string,
): CompiledQuery<{ id: string }> {
  const delivery = sql`
    insert into webhook_deliveries (user_id, id, url, event_type, agent_instance_id, body, next_attempt_at)
    select a.user_id, ${uuidv7()}, q.message_metadata ->> 'webhook_url', ${sql.lit(ANSWER)}, a.agent_instance_id,
      json_build_object('user_message', a.content, 'user_id', a.user_id, 'message_id', a.id,
        'agent_instance_id', a.agent_instance_id,
        'timestamp', to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text, now()
    from messages a
    cross join lateral (
      select seq, message_metadata from messages
      where user_id = a.user_id and agent_instance_id = a.agent_instance_id and seq < a.seq
        and message_metadata ? 'webhook_url' and sender_type = 'AGENT' and requires_user_input and not is_history
        and jsonb_typeof(message_metadata -> 'webhook_url') = 'string'
        and length(message_metadata ->> 'webhook_url') between 1 and ${sql.lit(MAX_URL)}
      order by seq desc limit 1) q
    where a.user_id = ${tenant.userId} and a.agent_instance_id = ${instanceId} and a.id = ${messageId}
      and not exists (
        select from messages where user_id = a.user_id and agent_instance_id = a.agent_instance_id
          and seq > q.seq and seq < a.seq and sender_type = 'USER' and not is_history)
    returning id`
  const scheduled = schedule(tenant, sql`select id from delivery`)
  return sql<{ id: string }>`with delivery as (${delivery}) ${scheduled} returning id`.compile(tenant)
}
