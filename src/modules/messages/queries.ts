import { CompiledQuery, type Expression, type RawBuilder, sql } from 'kysely'
import { prepared } from '../../../db/prepared.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import { Limits } from '../../../schemas/common.js'
import { EVENT_BYTES } from '../../storage/sizes.js'
import { FINAL, FINISHED } from '../agent-instances/status.js'
import type { MessagePayload } from '../events/changes.js'
import { mayAnswer } from './answers.js'
import { lockChats, type NewMessage, type QueuedMessage } from './append.js'
import { beginningOfQueue, cutOfQueue, isClaimed, readByPosting } from './queue.js'

/** A message as people see it, with who wrote it, and its position in the chat, which is counted from 1. */
export interface ReadableMessage extends MessagePayload {
  readonly seq: number
}

const READABLE = sql`m.id, m.content, m.sender_type, u.id as sender_user_id, u.email as sender_user_email,
  u.display_name as sender_user_display_name, m.reported_by_agent, m.created_at, m.requires_user_input, m.message_metadata,
  m.seq`

const WRITER = sql`left join users u on u.id = m.user_id and m.sender_type = 'USER'`

/** The query for a message as answers and events show it. */
export function findReadable(tenant: Tenant, id: string): CompiledQuery<ReadableMessage> {
  return sql<ReadableMessage>`
    select ${READABLE} from messages m ${WRITER} where m.user_id = ${tenant.userId} and m.id = ${id}`.compile(tenant)
}

/** The last messages of a chat, or the last before a given one; oldest first. Fewer than asked for if they are large. */
export async function page(tenant: Tenant, instanceId: string, limit: number, beforeId?: string) {
  const query =
    beforeId === undefined ? lastPage(tenant, instanceId, limit) : pageBefore(tenant, instanceId, limit, beforeId)
  const [newestFirst] = await tenant.pipeline(query)
  return newestFirst.reverse()
}

/** The query for the last messages of a chat; newest first. Fewer than asked for if they are large. */
export const lastPage = prepared(['', 0], (tenant, instanceId, limit) => {
  const end = sql`
    select message_count + 1 from agent_instances where user_id = ${tenant.userId} and id = ${instanceId}`
  return { compile: () => pageEndingAt(tenant, instanceId, limit, end) }
})

function pageBefore(tenant: Tenant, instanceId: string, limit: number, beforeId: string) {
  return pageEndingAt(tenant, instanceId, limit, seqOf(tenant, instanceId, beforeId))
}

/**
 * Seqs have no gaps, so those of a page are known beforehand: whatever the planner thinks of a chat, it does not read more
 * of it. What does not fit is not read either, as the sizes of the messages stand in their rows.
 *
 * @param end a query for the seq behind the page
 */
function pageEndingAt(tenant: Tenant, instanceId: string, limit: number, end: Expression<unknown>) {
  return sql<ReadableMessage>`
    select ${READABLE}
    from (
      select *, sum(size) over (order by seq desc rows unbounded preceding) as total from messages
      where user_id = ${tenant.userId} and agent_instance_id = ${instanceId}
        and seq < (${end}) and seq >= (${end}) - ${limit}::integer
    ) as m ${WRITER}
    where m.total <= ${sql.lit(Limits.answer)} or m.total = m.size
    order by m.seq desc`.compile(tenant)
}

function seqOf(tenant: Tenant, instanceId: string, id: string) {
  return tenant
    .selectFrom('messages')
    .select('seq')
    .where('user_id', '=', tenant.userId)
    .where('agent_instance_id', '=', instanceId)
    .where('id', '=', id)
}

/** Whether the run has a message with this UUID. */
export async function exists(tenant: Tenant, instanceId: string, id: string): Promise<boolean> {
  return (await seqOf(tenant, instanceId, id).executeTakeFirst()) !== undefined
}

/** @returns a query for one row if there is such a run */
export function findInstance(tenant: Tenant, instanceId: string) {
  return sql<{ id: string }>`
    select id from agent_instances where user_id = ${tenant.userId} and id = ${instanceId}`.compile(tenant)
}

/** The queue of a run, in a statement that calls the run `i`. */
const QUEUE_OF_RUN = { userId: 'i.user_id', instanceId: 'i.id', after: 'i.last_read_seq' }

const IS_CLAIMED = sql.raw<boolean>(isClaimed('agent_instances'))

/** What an agent would be handed now. */
function queue(tenant: Tenant, instanceId: string) {
  return sql<QueuedMessage>`
    select m.id, m.content, m.sender_type, m.created_at, m.requires_user_input
    from agent_instances i cross join lateral (${sql.raw(beginningOfQueue(QUEUE_OF_RUN))}) as m
    where i.user_id = ${tenant.userId} and i.id = ${instanceId} and m.fits
    order by m.seq`.compile(tenant)
}

/** Seconds between two notes of an agent's signs of life, where it gives them by looking for messages. */
const SIGN_INTERVAL = 5

/** What is queued for the agent of a run, and where it is read from. */
export type FoundQueue = NonNullable<Awaited<ReturnType<typeof findQueue>>>

/**
 * Where the agent is in the chat, what waits for it there, the run's status, and whether its looking is worth noting as a
 * sign of life. Locks nothing and moves nothing.
 */
export async function findQueue(tenant: Tenant, instanceId: string) {
  const instance = tenant
    .selectFrom('agent_instances')
    .select(['last_read_message_id', 'offered_message_id', 'offered_from_message_id', 'status'])
    .select(
      sql<string | null>`case when claim_cursor_id = last_read_message_id then claim_last_id end`.as('claim_last_id'),
    )
    .select(sql<string | null>`case when ${IS_CLAIMED} then claim_key_id end`.as('claim_key_id'))
    .select(
      sql<boolean>`status not in (${sql.join(FINISHED.map((s) => sql.lit(s)))}) and (
        status = 'STALE' or not was_heard or silent_since < clock_timestamp() - make_interval(secs => ${sql.lit(SIGN_INTERVAL)})
      )`.as('seemed_silent'),
    )
    .where('user_id', '=', tenant.userId)
    .where('id', '=', instanceId)
  // The read cursor last: a queue that another process has emptied in between would look as if nothing had been there.
  const [messages, instances] = await tenant.pipeline(queue(tenant, instanceId), instance.compile())
  const [run] = instances
  return (
    run && {
      readCursor: run.last_read_message_id,
      /** Something is on its way to the agent. */
      isOffering: run.offered_message_id !== null,
      /** Where the agent is if that does not arrive, if it is not where it is now. */
      offeredFrom: run.offered_from_message_id,
      /** The last message of what a poll was given, and by which API key that was. */
      claimLastId: run.claim_last_id,
      claimKeyId: run.claim_key_id,
      status: run.status,
      seemedSilent: run.seemed_silent,
      messages,
    }
  )
}

/**
 * Hands the queue out, or the beginning of a large one, if the agent has not read on: whatever is returned is never
 * returned again, unless it is given back. One round trip and one transaction: lock, read, move.
 *
 * @param readCursor the message that the agent read last
 * @param options.offerId the id under which it is on its way from now on
 * @param options.keyId UUID of the API key that polls, which may have been given some of it before; null if none was
 * @param options.from where the agent is again if it is given back; its read cursor without it
 * @returns undefined when it has read on, another key was given what waits, or there is no such run
 */
export async function take(
  tenant: Tenant,
  instanceId: string,
  readCursor: string,
  {
    offerId,
    keyId,
    from = readCursor,
  }: { readonly offerId: string; readonly keyId: string | null; readonly from?: string },
): Promise<QueuedMessage[] | undefined> {
  const isFree = (run: string) => sql<boolean>`(not ${sql.raw(isClaimed(run))} or claim_key_id = ${keyId})`
  const chat = [{ userId: tenant.userId, instanceId }]
  const [, instances, messages] = await tenant.pipeline(
    lockChats(chat, false),
    tenant
      .selectFrom('agent_instances')
      .select('id')
      .where('user_id', '=', tenant.userId)
      .where('id', '=', instanceId)
      .where('last_read_message_id', '=', readCursor)
      .where(isFree('agent_instances'))
      .compile(),
    queue(tenant, instanceId),
    moveBehindHandedOut(tenant, instanceId, sql<boolean>`last_read_message_id = ${readCursor} and ${isFree('i')}`, {
      offerId,
      from,
    }),
  )
  return instances[0] && messages
}

/** The read cursor moves to the last of what it was handed. Nothing happens if there was nothing. */
function moveBehindHandedOut(
  tenant: Tenant,
  instanceId: string,
  mayMove: RawBuilder<boolean>,
  { offerId, from }: { readonly offerId: string; readonly from: string },
) {
  return sql`
    with handed as (
      select ${sql.raw(cutOfQueue(QUEUE_OF_RUN))} as cut, (
        select id from (${sql.raw(beginningOfQueue(QUEUE_OF_RUN))}) as m where fits order by seq desc limit 1) as last_id
      from agent_instances i
      where i.user_id = ${tenant.userId} and i.id = ${instanceId} and ${mayMove}
    )
    update agent_instances i set last_read_message_id = h.last_id, last_read_seq = coalesce(h.cut, i.message_count),
      has_large_queue = h.cut is not null, offered_message_id = ${offerId}::uuid, offered_from_seq = i.last_read_seq,
      offered_from_message_id = ${from}::uuid
    from handed h where i.user_id = ${tenant.userId} and i.id = ${instanceId} and h.last_id is not null`.compile(tenant)
}

/** White space around what is said; terminals and launchers leave different amounts of it. */
const SPACE = sql.lit(' \t\n\v\f\r')

/**
 * Takes words that an agent reports for the prompt that its run was launched with, if they are the same: they are in the
 * chat already. That is so once: the key that reported them is noted with the prompt. The chat must be locked.
 *
 * @param promptId one that nobody has reported yet
 * @returns whether it is; not if the words are to be handed to an agent that has read on
 */
export async function claimPrompt(trx: TenantTransaction, message: NewMessage, promptId: string): Promise<boolean> {
  const { instanceId, senderKeyId, content, forAgent, movesReadCursor } = message
  const { rows } = await sql`
    with claimed as (
      update messages m set sender_key_id = ${senderKeyId}, for_agent = ${forAgent}
      from agent_instances i
      where i.user_id = ${trx.userId} and i.id = ${instanceId} and m.user_id = i.user_id and m.agent_instance_id = i.id
        and m.id = ${promptId} and btrim(m.content, ${SPACE}) = btrim(${content}, ${SPACE})
        and not (${forAgent} and i.last_read_seq >= m.seq)
      returning m.user_id, m.agent_instance_id, m.id
    ), moved as (
      update agent_instances i set last_read_message_id = c.id, last_read_seq = ${sql.raw(readByPosting('i'))},
        claim_cursor_id = null, offered_from_message_id = null
      from claimed c where i.user_id = c.user_id and i.id = c.agent_instance_id and ${movesReadCursor}
    )
    select id from claimed
  `.execute(trx)
  return rows.length > 0
}

/** Has the agent's next post stored alone, as much is handed out with it. The run must be locked. */
export async function noteLargeQueue(trx: TenantTransaction, instanceId: string): Promise<void> {
  await trx
    .updateTable('agent_instances')
    .set({ has_large_queue: true })
    .where('user_id', '=', trx.userId)
    .where('id', '=', instanceId)
    .where('has_large_queue', '=', false)
    .execute()
}

/** What an agent is handed of a person's message, without what finds it. */
export function asQueued({ id, content, sender_type, created_at, requires_user_input }: QueuedMessage): QueuedMessage {
  return { id, content, sender_type, created_at, requires_user_input }
}

/**
 * Locks the run of an agent's own message, then reads both. The run first, as everybody else does: whoever held the
 * message and waited for the run would stop one who deletes the run and waits for its messages.
 *
 * @returns undefined when there is no such message
 */
export async function findAgentMessageLocked(trx: TenantTransaction, id: string) {
  const message = trx
    .selectFrom('messages')
    .where('user_id', '=', trx.userId)
    .where('id', '=', id)
    .where('sender_type', '=', 'AGENT')
  const run = trx
    .selectFrom('agent_instances')
    .select(['last_read_message_id', 'offered_message_id', 'offered_from_message_id'])
    .select(sql<string | null>`case when ${IS_CLAIMED} then claim_last_id end`.as('claimed_up_to'))
    .where('user_id', '=', trx.userId)
    .where('id', '=', message.select('agent_instance_id'))
    .forUpdate()
  const [runs, messages] = await trx.pipeline(
    run.compile(),
    message.select(['agent_instance_id', 'requires_user_input']).compile(),
  )
  return runs[0] && messages[0] && { ...runs[0], ...messages[0] }
}

/** What turning a step into a question has brought about. */
export interface TurnedIntoQuestion {
  readonly revision: number
  readonly status_revision: number | null
}

/**
 * Turns a step into a question; the run awaits input if `awaits` says so, else what a person wrote next is the answer, and
 * one that was silent or completed goes on. A change of the status is numbered before that of the message. The run must be locked.
 */
export async function requireInput(
  trx: TenantTransaction,
  instanceId: string,
  id: string,
  awaits: boolean,
): Promise<TurnedIntoQuestion> {
  const final = sql.join(FINAL.map((status) => sql.lit(status)))
  const { rows } = await sql<TurnedIntoQuestion>`
    with found as (
      select i.user_id, i.id, n.status, n.status <> i.status as status_changes
      from agent_instances i cross join lateral (
        select case when i.status in (${final}) then i.status when ${awaits}::boolean then 'AWAITING_INPUT'
          when i.status in ('STALE', 'COMPLETED') then 'ACTIVE' else i.status end as status) as n
      where i.user_id = ${trx.userId} and i.id = ${instanceId}
    ), changed as (
      update agent_instances i set
        status = f.status,
        ended_at = case when f.status_changes then null else i.ended_at end, last_activity_at = clock_timestamp(),
        silent_since = clock_timestamp(), was_heard = true,
        step_count = i.step_count - 1,
        stored_bytes = i.stored_bytes + f.status_changes::integer * ${sql.lit(EVENT_BYTES)}
      from found f where i.user_id = f.user_id and i.id = f.id
    ), ticked as (
      update account_clocks c set revision = c.revision + 1 + f.status_changes::integer,
        stored_bytes = c.stored_bytes + f.status_changes::integer * ${sql.lit(EVENT_BYTES)}
      from found f where c.user_id = f.user_id
      returning c.user_id, c.revision, f.status, case when f.status_changes then c.revision - 1 end as status_revision
    ), logged as (
      insert into account_events (user_id, revision, kind, agent_instance_id, status)
      select user_id, status_revision, 'status_changed', ${instanceId}::uuid, status
      from ticked where status_revision is not null
    ), updated as (
      update messages m set requires_user_input = true, revision = t.revision,
        answer_seq = case when ${awaits}::boolean then null else (
          select min(a.seq) from messages a where a.user_id = m.user_id and a.agent_instance_id = m.agent_instance_id
            and a.seq > m.seq and a.sender_type = 'USER' and ${sql.raw(mayAnswer('m'))}) end
      from ticked t join agent_instances i on i.user_id = t.user_id and i.id = ${instanceId}
      where m.user_id = t.user_id and m.id = ${id}
    )
    select revision, status_revision from ticked
  `.execute(trx)
  const [turned] = rows
  if (!turned) throw new Error(`the run ${instanceId} was not locked`)
  return turned
}

/**
 * Makes those who bring messages with ids of their own take turns, an account at a time: who finds that a message is not
 * there yet must be the one to add it. Goes before every other lock.
 */
export function lockBackfills({ userId }: Tenant) {
  return CompiledQuery.raw('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`backfill ${userId}`])
}

/** Of several messages, those that are there already. */
export async function listExisting(tenant: Tenant, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tenant
    .selectFrom('messages')
    .select('id')
    .where('user_id', '=', tenant.userId)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute()
  return new Set(rows.map(({ id }) => id))
}
