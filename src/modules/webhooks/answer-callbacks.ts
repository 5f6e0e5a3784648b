import { type CompiledQuery, sql } from 'kysely'
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
 * A person's message is told to every flow that waits for one: to all questions before it that want a call and have not
 * had theirs. Which of them it was meant for is not always the latest, and a flow that is not called waits for ever. The
 * delivery holds what is sent, so it outlives the run.
 *
 * @param messageId the person's message
 * @returns a query that gives a row for each call
 */
export function answerCallbackQuery(
  tenant: Tenant,
  instanceId: string,
  messageId: string,
): CompiledQuery<{ id: string }> {
  const called = sql`
    update messages q set callback_seq = a.seq
    from messages a
    where a.user_id = ${tenant.userId} and a.agent_instance_id = ${instanceId} and a.id = ${messageId}
      and q.user_id = ${tenant.userId} and q.agent_instance_id = ${instanceId} and q.seq < a.seq
      and q.message_metadata ? 'webhook_url' and q.callback_seq is null
      and q.sender_type = 'AGENT' and q.requires_user_input and not q.is_history
      and jsonb_typeof(q.message_metadata -> 'webhook_url') = 'string'
      and length(q.message_metadata ->> 'webhook_url') between 1 and ${sql.lit(MAX_URL)}
    returning q.message_metadata ->> 'webhook_url' as url, a.id, a.content, a.created_at`
  const delivery = sql`
    insert into webhook_deliveries (user_id, id, url, event_type, agent_instance_id, body, next_attempt_at)
    select ${tenant.userId}, gen_random_uuid(), url, ${sql.lit(ANSWER)}, ${instanceId}::uuid,
      json_build_object('user_message', content, 'user_id', ${tenant.userId}::uuid, 'message_id', id,
        'agent_instance_id', ${instanceId}::uuid,
        'timestamp', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text, now()
    from called
    returning id`
  const scheduled = schedule(tenant, sql`select id from delivery`)
  return sql<{ id: string }>`with called as (${called}), delivery as (${delivery}) ${scheduled} returning id`.compile(
    tenant,
  )
}
