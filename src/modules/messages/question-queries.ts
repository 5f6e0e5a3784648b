import { type RawBuilder, sql } from 'kysely'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { firstRowOf, rowsOf, type Step } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'
import { OPEN as OPEN_QUESTION } from '../account-log/answers.js'
import { lockChat } from '../account-log/chats.js'
import { beginningOfQueue, cutOfQueue, isClaimed, QUEUED_COLUMNS, type QueuedMessage } from '../account-log/queue.js'

const OPEN = sql.raw(OPEN_QUESTION)

/** A question without an answer. */
interface OpenQuestion {
  readonly id: string
  readonly message_metadata: Record<string, unknown> | null
}

/** The latest open question of a chat. */
export function latestOpenQuestion(tenant: Tenant, instanceId: string): Step<OpenQuestion | undefined> {
  return firstRowOf(
    sql<OpenQuestion>`
      select id, message_metadata from messages
      where user_id = ${tenant.userId} and agent_instance_id = ${instanceId} and ${OPEN}
      order by seq desc limit 1`.compile(tenant),
  )
}

/** @returns the options of a question; none if it has none, or if they are not a list of texts */
export function optionsOf(metadata: Record<string, unknown> | null): string[] {
  const options: unknown = metadata?.['options']
  return Array.isArray(options) ? options.filter((option) => typeof option === 'string') : []
}

/** White space as Unicode defines it, and zero-width characters. PostgreSQL's `\\s` depends on the locale. */
const SPACE = '[\\s\\u00a0\\u1680\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]+'

/**
 * The latest questions, of up to so many bytes, are compared by their words; others exactly. That bounds the work: a
 * millisecond for each.
 */
const COMPARED = { questions: 20, bytes: 8192 } as const

/**
 * A text normalized for comparison: without the white space and Unicode form that a model may change when it repeats
 * it.
 */
function wordsOf(text: RawBuilder<string>): RawBuilder<string> {
  return sql<string>`btrim(regexp_replace(normalize(${text}, NFC), ${SPACE}, ' ', 'g'))`
}

/**
 * The latest question with these words that is still pending: without an answer, or the answer is queued for the agent,
 * or the agent has not gone on since it was given it.
 *
 * @returns a step that gives its id
 */
export function findQuestion(tenant: Tenant, instanceId: string, content: string): Step<{ id: string } | undefined> {
  const words =
    Buffer.byteLength(content) <= COMPARED.bytes ? wordsOf(sql<string>`${content}::text`) : sql<string>`null`
  const isSame = sql<boolean>`content = ${content} or
    case when nth <= ${COMPARED.questions} and octet_length(content) <= ${COMPARED.bytes}
      then ${wordsOf(sql.ref('content'))} = (select ${words}) end`
  return firstRowOf(
    sql<{ id: string }>`
    select id from (
      select id, seq, content, row_number() over (order by seq desc) as nth from (
        (select id, seq, content from messages
         where user_id = ${tenant.userId} and agent_instance_id = ${instanceId} and ${OPEN})
        union all
        (select q.id, q.seq, q.content from agent_instances i cross join lateral (
           select id, seq, content from messages
           where user_id = i.user_id and agent_instance_id = i.id and answer_seq > i.last_read_seq) q
         where i.user_id = ${tenant.userId} and i.id = ${instanceId})
      ) as asked
    ) as numbered where ${isSame} order by seq desc limit 1`.compile(tenant),
  )
}

/** A question, and its answer if there is one. */
export interface AskedQuestion {
  readonly seq: number
  readonly answer_id: string | null
  readonly answer_seq: number | null
  /** UUID of the API key that has claimed the answer, and whose agent has not gone on. */
  readonly claimed_by: string | null
  /** An offer is on its way to the agent. */
  readonly is_offering: boolean
  /** The run's status. */
  readonly status: AgentInstanceStatus
}

/** @returns those of some questions that exist, by id */
export async function findQuestions(tenant: Tenant, ids: readonly string[]): Promise<Map<string, AskedQuestion>> {
  const rows = await tenant
    .selectFrom('messages as q')
    .innerJoin('agent_instances as i', (join) =>
      join.onRef('i.user_id', '=', 'q.user_id').onRef('i.id', '=', 'q.agent_instance_id'),
    )
    .leftJoin('messages as a', (join) =>
      join
        .onRef('a.user_id', '=', 'q.user_id')
        .onRef('a.agent_instance_id', '=', 'q.agent_instance_id')
        .onRef('a.seq', '=', 'q.answer_seq'),
    )
    .select(['q.id', 'q.seq', 'a.id as answer_id', 'a.seq as answer_seq', 'i.status'])
    .select(
      sql<string | null>`case when i.last_read_seq < q.answer_seq and q.answer_seq <= i.claim_last_seq
        and ${sql.raw(isClaimed('i'))} then i.claim_key_id end`.as('claimed_by'),
    )
    .select(sql<boolean>`i.offered_message_id is not null`.as('is_offering'))
    .where('q.user_id', '=', tenant.userId)
    .where(sql<boolean>`q.id = any(${ids}::uuid[])`)
    .execute()
  return new Map(rows.map(({ id, ...question }) => [id, question]))
}

/** A question whose answer is handed over, and the last message that goes with it. */
export interface AnswerHandoff {
  readonly instanceId: string
  readonly questionId: string
  /** The answer; the question, when there is none. */
  readonly lastId: string
  readonly lastSeq: number
  /** UUID of the API key that asks. */
  readonly keyId: string
}

/** What is handed over with a question. */
export interface Taken {
  /**
   * Null when there is none yet, or when too much is queued before it: the next request with the same question gets the
   * rest, then the answer.
   */
  readonly answer: string | null
  /** Queued messages from before the answer. */
  readonly feedback: QueuedMessage[]
  /** The last message that is handed over. */
  readonly lastId: string
  /** The key has claimed the answer before, and the agent has not gone on since. */
  readonly isAgain: boolean
  /** How it is offered: an answer becomes the key's claim, other messages are handed out once. */
  readonly offered: 'claim' | 'once' | undefined
}

/** A run, as the handover of an answer finds it. */
interface Found {
  readonly is_offering: boolean
  readonly is_others: boolean
  readonly is_again: boolean
}

/**
 * Takes the queue up to the last message that is handed over, and notes it as an offer. An answer stays in the queue as
 * messages of a poll with `confirm` do: it is the key's claim until the agent goes on. Without an answer, and where
 * there is too much before it, the queue is handed out once.
 *
 * What another API key has claimed stays with that key. What the same one has claimed is handed over again with the
 * answer that it went with, and not with a later one.
 *
 * @returns 'others' when another key has claimed the last message; 'unsettled' when an offer is on its way: that comes
 *   first
 */
export async function take(tenant: Tenant, answerHandoff: AnswerHandoff): Promise<Taken | 'others' | 'unsettled'> {
  const { instanceId, questionId, lastId, lastSeq, keyId } = answerHandoff
  const isAnswer = lastId !== questionId
  const range = { userId: 'i.user_id', instanceId: 'i.id', after: 'i.read_seq', upTo: 'o.last_seq' }
  const offered = sql`(select ${lastSeq}::integer as last_seq) as o`
  const run = sql`(
    select user_id, id, offered_message_id is not null as is_offering, base_seq, own_seq,
      base_seq < ${lastSeq} as is_unread, is_again,
      last_read_seq < ${lastSeq} and coalesce(others_seq >= ${lastSeq}, false) as is_others,
      case when is_again then case when ${isAnswer}::boolean then base_seq else ${lastSeq} end
        else greatest(base_seq, case when ${isAnswer}::boolean then own_seq end) end as read_seq
    from (
      select *, greatest(last_read_seq, others_seq) as base_seq,
        last_read_seq < ${lastSeq} and coalesce(own_seq >= ${lastSeq}, false) as is_again
      from (
        select *, case when claim_key_id <> ${keyId} and is_claimed then claim_last_seq end as others_seq,
          case when claim_key_id = ${keyId} and is_claimed then claim_last_seq end as own_seq
        from (
          select *, ${sql.raw(isClaimed('agent_instances'))} as is_claimed
          from agent_instances where user_id = ${tenant.userId} and id = ${instanceId}) as c) as k) as r) as i`
  const { found, feedback, taken, answer } = await tenant.pipeline({
    locked: lockChat({ userId: tenant.userId, instanceId }),
    found: firstRowOf(sql<Found>`select is_offering, is_others, is_again from ${run}`.compile(tenant)),
    feedback: rowsOf(
      sql<QueuedMessage>`
      select ${sql.raw(QUEUED_COLUMNS)}
      from ${run} cross join ${offered} cross join lateral (${sql.raw(beginningOfQueue(range))}) as m
      where m.fits and m.id <> ${lastId}
      order by m.seq`.compile(tenant),
    ),
    taken: firstRowOf(
      sql<{ cut_id: string | null }>`
      with cut as (
        select i.base_seq, i.own_seq, ${sql.raw(cutOfQueue(range))} as seq from ${run} cross join ${offered}
        where i.is_unread and not i.is_others and not i.is_again and not i.is_offering
      ), cut_at as (
        select c.*, m.id, ${isAnswer}::boolean and c.seq is null as stays from cut c left join messages m
          on m.user_id = ${tenant.userId} and m.agent_instance_id = ${instanceId} and m.seq = c.seq
      )
      update agent_instances i set
        last_read_seq = case when c.stays then c.base_seq else coalesce(c.seq, ${lastSeq}) end,
        last_read_message_id = case when c.stays then coalesce(i.last_read_message_id, ${questionId}::uuid)
          else coalesce(c.id, ${lastId}::uuid) end,
        claim_cursor_id = case when c.stays then coalesce(i.last_read_message_id, ${questionId}::uuid) end,
        claim_key_id = case when c.stays then ${keyId}::uuid else i.claim_key_id end,
        claim_last_id = case when c.stays then ${lastId}::uuid else i.claim_last_id end,
        claim_last_seq = case when c.stays then ${lastSeq} else i.claim_last_seq end,
        claim_turn = i.claim_turn + c.stays::integer,
        offered_message_id = ${questionId}::uuid,
        offered_from_seq = case when c.stays then greatest(c.base_seq, c.own_seq) else i.last_read_seq end,
        offered_from_message_id = i.last_read_message_id
      from cut_at c
      where i.user_id = ${tenant.userId} and i.id = ${instanceId}
      returning c.id as cut_id`.compile(tenant),
    ),
    answer: firstRowOf(
      sql<{ content: string }>`
      select content from messages
      where user_id = ${tenant.userId} and id = ${lastId} and id <> ${questionId}`.compile(tenant),
    ),
  })
  if (found?.is_offering) return 'unsettled'
  if (found?.is_others) return 'others'
  const isAgain = isAnswer && (found?.is_again ?? false)
  if (taken?.cut_id) return { answer: null, feedback, lastId: taken.cut_id, isAgain, offered: 'once' }
  const kind = isAnswer ? 'claim' : 'once'
  return { answer: answer?.content ?? null, feedback, lastId, isAgain, offered: taken && kind }
}
