import { sql } from 'kysely'
import { effectOf, type Step } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'

/** What an open question is, and what answers one. */

/** The condition of the partial index of open questions. Backfilled questions cannot be answered. */
export const OPEN = `sender_type = 'AGENT' and requires_user_input and not is_history and answer_seq is null`

/**
 * Whether a message answers a question. A person's own message does. A message that an agent reports does only if its
 * key asked the question, or had posted to the run before: any other agent of the account could put words into the
 * person's mouth.
 *
 * @param question the statement's alias of the question; the message is `a`, the run `i`
 */
export function mayAnswer(question: string): string {
  return `(not a.reported_by_agent or a.sender_key_id = ${question}.sender_key_id
    or (i.posting_keys ->> a.sender_key_id::text)::integer < ${question}.seq)`
}

/**
 * Marks a question as answered by the chat's next message. Send it before that message is appended; the chat is locked.
 *
 * @param seq the question's; null when there is none
 */
export function answerQuestion(tenant: Tenant, instanceId: string, seq: number | null): Step<void> {
  return effectOf(
    sql`
    update messages set answer_seq = (
      select message_count + 1 from agent_instances where user_id = ${tenant.userId} and id = ${instanceId})
    where user_id = ${tenant.userId} and agent_instance_id = ${instanceId} and seq = ${seq}`.compile(tenant),
  )
}

/** After a backfill: a person's message that follows a question answers it. */
export async function answerOpenQuestions(tenant: Tenant, instanceId: string): Promise<void> {
  const answer = sql`(
    select min(a.seq) from messages a where a.user_id = q.user_id and a.agent_instance_id = q.agent_instance_id
      and a.seq > q.seq and a.sender_type = 'USER' and not a.is_history and ${sql.raw(mayAnswer('q'))})`
  await sql`
    update messages q set answer_seq = ${answer} from agent_instances i
    where i.user_id = ${tenant.userId} and i.id = ${instanceId} and q.user_id = i.user_id
      and q.agent_instance_id = i.id and ${sql.raw(OPEN)} and ${answer} is not null
  `.execute(tenant)
}
