import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { effectOf, rowsOf, type Step } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'
import { ownerSince } from '../../credentials/owner.js'
import type { OutgoingCaller } from '../../outgoing/caller.js'
import { OutgoingError } from '../../outgoing/outgoing-error.js'
import { scheduleNew } from '../../queue/jobs.js'
import type { SecretCipher } from '../../secrets/cipher.js'
import { mayAnswer } from '../account-log/answers.js'
import { deliveryUrlContext } from './secret-contexts.js'

/** The `event_type` of deliveries that are callbacks for answers. */
const ANSWER = 'answer'

/** Calls of an account that may be under way or wait for a retry. Beyond them, questions wait for the next answer. */
const MAX_CALLS = 1_000

/** The field of `message_metadata` with the URL that an agent wants to be called at with the answer. */
const FIELD = 'webhook_url'

/** A message's metadata, and the callback URL taken out of it. */
export interface TakenOut {
  readonly metadata: Record<string, unknown> | null
  /** The URL, if it can be called. */
  readonly url?: string
  /** Why it is not called, as a warning to its sender. */
  readonly ignored?: string
}

/** A message whose sender wants a callback with the answer. */
export interface WantedCall {
  readonly messageId: string
  readonly url: string
}

/** The dependencies of `AnswerCallbacks`. */
export interface AnswerCallbacksOptions {
  readonly outgoing: Pick<OutgoingCaller, 'checkUrl'>
  readonly secrets: Pick<SecretCipher, 'seal'>
  /** Says that there are jobs. */
  readonly wake: () => void
}

function notCalled(reason: string): string {
  return `message_metadata.${FIELD} is not called. ${reason}`
}

/** Calls the URLs of questions that are answered. */
export class AnswerCallbacks {
  readonly #outgoing: Pick<OutgoingCaller, 'checkUrl'>
  readonly #secrets: Pick<SecretCipher, 'seal'>
  readonly #wake: () => void

  constructor({ outgoing, secrets, wake }: AnswerCallbacksOptions) {
    this.#outgoing = outgoing
    this.#secrets = secrets
    this.#wake = wake
  }

  /**
   * Takes the callback URL out of a message's metadata. The URL is a capability to resume the agent's flow, so chats,
   * streams and webhooks must not show it. Its host is not resolved.
   */
  takeUrl(metadata: Record<string, unknown> | null): TakenOut {
    if (metadata === null || !Object.hasOwn(metadata, FIELD)) return { metadata }
    const { [FIELD]: url, ...others } = metadata
    const rest = { metadata: Object.keys(others).length > 0 ? others : null }
    if (url === null) return rest
    if (typeof url !== 'string') return { ...rest, ignored: notCalled('It must be text') }
    try {
      this.#outgoing.checkUrl(url)
      return { ...rest, url }
    } catch (error) {
      if (!(error instanceof OutgoingError)) throw error
      return { ...rest, ignored: notCalled(error.message) }
    }
  }

  /** @returns the step to run in the transaction that stores the messages, after it; those not stored are left out */
  wanted(tenant: Tenant, calls: readonly WantedCall[]): Step<void> {
    const rows = calls.map(({ messageId, url }) => {
      const id = uuidv7()
      return { id, message_id: messageId, url: this.#secrets.seal(url, deliveryUrlContext(tenant, id)) }
    })
    const insertion = sql`
      insert into answer_callbacks (user_id, id, agent_instance_id, seq, url)
      select m.user_id, c.id, m.agent_instance_id, m.seq, c.url
      from json_to_recordset(${JSON.stringify(rows)}::json) as c (id uuid, message_id uuid, url text)
      join messages m on m.user_id = ${tenant.userId} and m.id = c.message_id
      where m.sender_type = 'AGENT' and not m.is_history`
    return effectOf(insertion.compile(tenant))
  }

  /** @returns the step to run in the transaction that stores the answer, after it */
  due(tenant: Tenant, instanceId: string, messageId: string): Step<{ id: string }[]> {
    return dueCallbacks(tenant, instanceId, messageId)
  }

  /** @param callbacks the result of that step */
  send(tenant: Tenant, callbacks: readonly { id: string }[]): void {
    if (callbacks.length > 0) tenant.afterCommit(this.#wake)
  }
}

/**
 * Makes the deliveries of an answer's callbacks: run it in the transaction that stores the answer, after it.
 *
 * A person's message is delivered to every flow that waits for one: to all questions before it that want a callback and
 * have not had theirs. The one it was meant for is not always the latest, and a flow that is not called waits for ever.
 * A message that an agent reported is delivered only for the questions it may answer. The body is stored once for all
 * of them, and outlives the run.
 *
 * Callbacks of the account's earlier holder are not called any more.
 *
 * @param messageId the person's message
 * @returns a step that gives the id of each call
 */
function dueCallbacks(tenant: Tenant, instanceId: string, messageId: string): Step<{ id: string }[]> {
  const due = sql`
    select c.id from answer_callbacks c
    join messages q on q.user_id = c.user_id and q.agent_instance_id = c.agent_instance_id and q.seq = c.seq
    join agent_instances i on i.user_id = c.user_id and i.id = c.agent_instance_id
    join messages a on a.user_id = c.user_id and a.agent_instance_id = c.agent_instance_id and a.id = ${messageId}
    where c.user_id = ${tenant.userId} and c.agent_instance_id = ${instanceId} and q.requires_user_input
      and q.created_revision > ${ownerSince(tenant)} and c.seq < a.seq and ${sql.raw(mayAnswer('q'))}
    order by c.seq
    limit greatest(0, ${sql.lit(MAX_CALLS)} -
      (select count(*) from webhook_deliveries where user_id = ${tenant.userId} and webhook_id is null))`
  const called = sql`
    delete from answer_callbacks where user_id = ${tenant.userId} and id = any(array(${due})) returning id, url`
  // The id is made first: a key that is bound to a run may insert events, and read none.
  const event = sql`
    insert into webhook_events (user_id, id, type, body)
    select ${tenant.userId}, named.id, ${sql.lit(ANSWER)},
      json_strip_nulls(json_build_object('user_message', content, 'user_id', ${tenant.userId}::uuid, 'message_id', m.id,
        'reported_by_agent', nullif(reported_by_agent, false),
        'agent_instance_id', ${instanceId}::uuid,
        'timestamp', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))::text
    from messages m cross join named
    where m.user_id = ${tenant.userId} and m.id = ${messageId} and exists (select from called)`
  const delivery = sql`
    insert into webhook_deliveries (user_id, id, url, event_id, event_type, agent_instance_id, next_attempt_at)
    select ${tenant.userId}, called.id, called.url, named.id, ${sql.lit(ANSWER)}, ${instanceId}::uuid, now()
    from called cross join named
    returning id`
  const scheduled = scheduleNew(tenant, sql`select id from delivery`)
  const send = sql<{ id: string }>`
    with called as (${called}), named as materialized (select gen_random_uuid() as id), event as (${event}),
      delivery as (${delivery})
    ${scheduled} returning id`
  return rowsOf(send.compile(tenant))
}

/** Deletes callbacks of the account's earlier holder. @returns how many, `limit` at most */
export async function deleteOthersCallbacks(tenant: Tenant, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from answer_callbacks where user_id = ${tenant.userId} and id = any(array(
      select c.id from answer_callbacks c
      join messages m on m.user_id = c.user_id and m.agent_instance_id = c.agent_instance_id and m.seq = c.seq
      where c.user_id = ${tenant.userId} and m.created_revision <= ${ownerSince(tenant)} limit ${limit}))
  `.execute(tenant)
  return Number(numAffectedRows ?? 0)
}
