import { CompiledQuery, type Expression, type RawBuilder, sql } from 'kysely'
import { prepared } from '../../../db/prepared.js'
import { effectOf, firstRowOf, rowsOf, type Step, stepOf } from '../../../db/step.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import { Limits } from '../../../schemas/common.js'
import type { MessagePayload } from '../account-log/changes.js'
import { lockChat } from '../account-log/chats.js'
import { beginningOfQueue, cutOfQueue, isClaimed, QUEUED_COLUMNS, type QueuedMessage } from '../account-log/queue.js'
import { JOIN_SENDER, SENDER_COLUMNS } from '../account-log/senders.js'
import { FINISHED } from '../account-log/status.js'

/** A message as people see it, with its author, and its position in the chat, counted from 1. */
export interface ReadableMessage extends MessagePayload {
  readonly seq: number
}

const READABLE = sql`m.id, m.content, m.sender_type, ${SENDER_COLUMNS}, m.reported_by_agent, m.created_at,
  m.requires_user_input, m.message_metadata, m.seq`

/** A message of the account, by its id. */
export function findReadable(tenant: Tenant, id: string): Step<ReadableMessage | undefined> {
  return firstRowOf(
    sql<ReadableMessage>`
      select ${READABLE} from messages m ${JOIN_SENDER}
      where m.user_id = ${tenant.userId} and m.id = ${id}`.compile(tenant),
  )
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
 * Seqs have no gaps, so those of a page are known beforehand: whatever the planner estimates for a chat, it reads no
 * more of it. Messages that do not fit are not read either, as the sizes of the messages are stored in their rows.
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
    ) as m ${JOIN_SENDER}
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

/** @returns whether the chat has a message with this id */
export async function exists(tenant: Tenant, instanceId: string, id: string): Promise<boolean> {
  return (await seqOf(tenant, instanceId, id).executeTakeFirst()) !== undefined
}

/** @returns a step that says whether there is such a run */
export function hasInstance(tenant: Tenant, instanceId: string): Step<boolean> {
  const found = sql`select id from agent_instances where user_id = ${tenant.userId} and id = ${instanceId}`
  return stepOf(found.compile(tenant), (rows) => rows.length > 0)
}

/** The queue of a run, in a statement that calls the run `i`. */
const QUEUE_OF_RUN = { userId: 'i.user_id', instanceId: 'i.id', after: 'i.last_read_seq' }

const IS_CLAIMED = sql.raw<boolean>(isClaimed('agent_instances'))

/** What an agent would be handed now. */
function queue(tenant: Tenant, instanceId: string): Step<QueuedMessage[]> {
  return rowsOf(
    sql<QueuedMessage>`
      select ${sql.raw(QUEUED_COLUMNS)}
      from agent_instances i cross join lateral (${sql.raw(beginningOfQueue(QUEUE_OF_RUN))}) as m
      where i.user_id = ${tenant.userId} and i.id = ${instanceId} and m.fits
      order by m.seq`.compile(tenant),
  )
}

/** Seconds between two notes of an agent's signs of life, where polling gives them. */
const SIGN_INTERVAL = 5

/** The queue of a run, and the agent's read cursor. */
export type FoundQueue = NonNullable<Awaited<ReturnType<typeof findQueue>>>

/**
 * The agent's read cursor, its queue, the run's status, and whether the poll is to be noted as a sign of life. Locks
 * nothing and moves nothing.
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
  // The read cursor last: otherwise a queue that another process has emptied in between would look as if it had been
  // empty.
  const { messages, run } = await tenant.pipeline({
    messages: queue(tenant, instanceId),
    run: firstRowOf(instance.compile()),
  })
  return (
    run && {
      readCursor: run.last_read_message_id,
      /** An offer is on its way to the agent. */
      isOffering: run.offered_message_id !== null,
      /** The read cursor if the offer does not arrive, if it differs from the current one. */
      offeredFrom: run.offered_from_message_id,
      /** The last claimed message, and the API key that it was claimed for. */
      claimLastId: run.claim_last_id,
      claimKeyId: run.claim_key_id,
      status: run.status,
      seemedSilent: run.seemed_silent,
      messages,
    }
  )
}

/**
 * Hands the queue out, or the beginning of a large one, if the agent has not read on: a returned message is never
 * returned again, unless it is given back. One round trip and one transaction: lock, read, move.
 *
 * @param readCursor the message that the agent read last
 * @param options.offerId the id of the new offer
 * @param options.keyId UUID of the API key that polls, which may have claimed some of it before; null if none did
 * @param options.from the read cursor if it is given back; by default `readCursor`
 * @returns undefined when the agent has read on, another key has claimed the queue, or there is no such run
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
  const current = tenant
    .selectFrom('agent_instances')
    .select('id')
    .where('user_id', '=', tenant.userId)
    .where('id', '=', instanceId)
    .where('last_read_message_id', '=', readCursor)
    .where(isFree('agent_instances'))
  const mayMove = sql<boolean>`last_read_message_id = ${readCursor} and ${isFree('i')}`
  const { isCurrent, messages } = await tenant.pipeline({
    locked: lockChat({ userId: tenant.userId, instanceId }),
    isCurrent: stepOf(current.compile(), (rows) => rows.length > 0),
    messages: queue(tenant, instanceId),
    moved: moveBehindHandedOut(tenant, instanceId, mayMove, { offerId, from }),
  })
  return isCurrent ? messages : undefined
}

/** The read cursor moves to the last message handed out. Nothing happens if there was none. */
function moveBehindHandedOut(
  tenant: Tenant,
  instanceId: string,
  mayMove: RawBuilder<boolean>,
  { offerId, from }: { readonly offerId: string; readonly from: string },
): Step<void> {
  const move = sql`
    with handed as (
      select ${sql.raw(cutOfQueue(QUEUE_OF_RUN))} as cut, (
        select id from (${sql.raw(beginningOfQueue(QUEUE_OF_RUN))}) as m where fits order by seq desc limit 1) as last_id
      from agent_instances i
      where i.user_id = ${tenant.userId} and i.id = ${instanceId} and ${mayMove}
    )
    update agent_instances i set last_read_message_id = h.last_id, last_read_seq = coalesce(h.cut, i.message_count),
      has_large_queue = h.cut is not null, offered_message_id = ${offerId}::uuid, offered_from_seq = i.last_read_seq,
      offered_from_message_id = ${from}::uuid
    from handed h where i.user_id = ${tenant.userId} and i.id = ${instanceId} and h.last_id is not null`
  return effectOf(move.compile(tenant))
}

/** Has the agent's next post stored alone, as it hands out much. The run must be locked. */
export async function noteLargeQueue(trx: TenantTransaction, instanceId: string): Promise<void> {
  await trx
    .updateTable('agent_instances')
    .set({ has_large_queue: true })
    .where('user_id', '=', trx.userId)
    .where('id', '=', instanceId)
    .where('has_large_queue', '=', false)
    .execute()
}

/**
 * Locks the run of an agent's own message, then reads both: docs/architecture.md, "Lock order".
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
    .forNoKeyUpdate()
  const found = await trx.pipeline({
    run: firstRowOf(run.compile()),
    message: firstRowOf(message.select(['agent_instance_id', 'requires_user_input']).compile()),
  })
  return found.run && found.message && { ...found.run, ...found.message }
}

/** Serializes backfills of an account: the transaction that finds a message missing must be the one to add it. */
export function lockBackfills({ userId }: Tenant): Step<void> {
  return effectOf(CompiledQuery.raw('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`backfill ${userId}`]))
}

/** Of several messages, those that exist. */
export async function listExisting(tenant: Tenant, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tenant
    .selectFrom('messages')
    .select('id')
    .where('user_id', '=', tenant.userId)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute()
  return new Set(rows.map(({ id }) => id))
}
