import { sql } from 'kysely'
import type { AccountEventKind, AgentInstanceStatus } from '../../../db/generated/types.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { MessagePayload } from '../account-log/changes.js'
import { JOIN_SENDER, SENDER_COLUMNS } from '../account-log/senders.js'

/** Characters of a message's text in an event, and bytes of its metadata. */
const MAX_CONTENT = 64 * 1024

/** A message as a log entry. `changed`: a step was turned into a question; else it was added. */
export interface MessageEntry extends MessagePayload {
  readonly revision: number
  readonly changed: boolean
  readonly agent_instance_id: string
  readonly is_truncated: boolean
}

/** Another change of a run. */
export interface InstanceEntry {
  readonly revision: number
  readonly kind: AccountEventKind
  readonly agent_instance_id: string
  readonly status: AgentInstanceStatus | null
  readonly created_at: Date
}

/** Bytes that an entry takes besides a message's text and metadata. */
const ENTRY_SIZE = 1024

/**
 * The end of the next page.
 *
 * @param count revisions at most
 * @param size bytes at most, as they are stored; a single entry may have more
 * @returns the revision to read up to
 */
export async function findPageEnd(trx: TenantTransaction, after: number, count: number, size: number): Promise<number> {
  const last = after + count
  const sizeOf = sql`${sql.lit(ENTRY_SIZE)} + least(octet_length(content), ${sql.lit(4 * MAX_CONTENT)})
    + coalesce(octet_length(message_metadata::text), 0)`
  const { rows } = await sql<{ revision: number }>`
    select revision from (
      select revision, sum(size) over (order by revision) as total from (
        select created_revision as revision, ${sizeOf} as size from messages
        where user_id = ${trx.userId} and created_revision > ${after} and created_revision <= ${last}
        union all
        select revision, ${sizeOf} from messages
        where user_id = ${trx.userId} and revision > ${after} and revision <= ${last} and revision > created_revision
        union all
        select revision, ${sql.lit(ENTRY_SIZE)} from account_events
        where user_id = ${trx.userId} and revision > ${after} and revision <= ${last}) as entry) as summed
    where total > ${size} order by revision limit 1
  `.execute(trx)
  const [tooMuch] = rows
  return tooMuch ? Math.max(after + 1, tooMuch.revision - 1) : last
}

/** The entries after a revision and up to another. Backfilled messages have none. */
export async function readLog(
  trx: TenantTransaction,
  after: number,
  upTo: number,
): Promise<{ messages: MessageEntry[]; events: InstanceEntry[] }> {
  const messages = sql<MessageEntry>`
    select e.revision, e.changed, m.agent_instance_id, m.id, left(m.content, ${sql.lit(MAX_CONTENT)}) as content,
      length(m.content) > ${sql.lit(MAX_CONTENT)} or octet_length(m.message_metadata::text) > ${sql.lit(MAX_CONTENT)} is true
        as is_truncated,
      m.sender_type, ${SENDER_COLUMNS},
      m.reported_by_agent, m.created_at, m.requires_user_input and (e.changed or m.revision = m.created_revision) as requires_user_input,
      case when octet_length(m.message_metadata::text) <= ${sql.lit(MAX_CONTENT)} then m.message_metadata end
        as message_metadata
    from (
      select seq, agent_instance_id, created_revision as revision, false as changed from messages
      where user_id = ${trx.userId} and created_revision > ${after} and created_revision <= ${upTo}
      union all
      select seq, agent_instance_id, revision, true from messages
      where user_id = ${trx.userId} and revision > ${after} and revision <= ${upTo} and revision > created_revision
    ) as e
    join messages m on m.user_id = ${trx.userId} and m.agent_instance_id = e.agent_instance_id and m.seq = e.seq
    ${JOIN_SENDER}
    where not m.is_history
  `
  const events = sql<InstanceEntry>`
    select revision, kind, agent_instance_id, status, created_at from account_events
    where user_id = ${trx.userId} and revision > ${after} and revision <= ${upTo}
      and kind in ('instance_created', 'status_changed', 'instance_deleted')
  `
  const [foundMessages, foundEvents] = await trx.pipeline(messages.compile(trx), events.compile(trx))
  return { messages: foundMessages, events: foundEvents }
}

/** The log cursor, and the end of the log. */
export interface Progress {
  readonly revision: number
  readonly end: number
}

/** @returns undefined when the account has no webhook to dispatch to */
export async function findProgress(tenant: Tenant): Promise<Progress | undefined> {
  const { rows } = await sql<Progress>`
    select c.revision, k.revision as end from webhook_cursors c join account_clocks k on k.user_id = c.user_id
    where c.user_id = ${tenant.userId}
  `.execute(tenant)
  return rows[0]
}

/** The process that gets the lock reads; others do not wait for it. @returns undefined when another process holds it */
export async function lockCursor(trx: TenantTransaction): Promise<number | undefined> {
  const cursor = await trx
    .selectFrom('webhook_cursors')
    .select('revision')
    .where('user_id', '=', trx.userId)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst()
  return cursor?.revision
}

/**
 * @param stored bytes that were stored up to here
 * @returns how many bytes were stored since `resetUnweighed`
 */
export async function moveCursor(trx: TenantTransaction, revision: number, stored: number): Promise<number> {
  const { unweighed } = await trx
    .updateTable('webhook_cursors')
    .set({ revision, unweighed: sql<number>`unweighed + ${stored}::integer` })
    .where('user_id', '=', trx.userId)
    .returning('unweighed')
    .executeTakeFirstOrThrow()
  return unweighed
}

/** Notes that the account's stored bytes were summed up. */
export async function resetUnweighed(trx: TenantTransaction): Promise<void> {
  await trx.updateTable('webhook_cursors').set({ unweighed: 0 }).where('user_id', '=', trx.userId).execute()
}

/** Deletes the log cursor of an account without webhooks. */
export async function removeCursor(trx: TenantTransaction): Promise<void> {
  await trx.deleteFrom('webhook_cursors').where('user_id', '=', trx.userId).execute()
}
