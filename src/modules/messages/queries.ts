import { type CompiledQuery, sql } from 'kysely'
import type { AgentInstanceStatus, SenderType } from '../../../db/generated/types.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import { FINISHED } from '../agent-instances/status.js'

/** What an agent is handed of a person's message. */
const queuedColumns = ['id', 'content', 'sender_type', 'created_at', 'requires_user_input'] as const

export type QueuedMessage = Awaited<ReturnType<typeof takeQueue>>[number]

/** Changes to the instance row that come with a message. `undefined` leaves as it is. */
export interface MessageEffects {
  /** The status it brings about, unless the run has finished. */
  readonly status: AgentInstanceStatus
  /** The agent's place in the chat moves to the message itself. */
  readonly movesPlace: boolean
  /** …and everything before it counts as handed out. Nothing happens unless `lockForAppend` found the run before. */
  readonly drainsQueue: boolean
  readonly gitDiff?: string | null | undefined
}

export interface NewMessage {
  readonly id: string
  readonly instanceId: string
  readonly content: string
  readonly senderType: SenderType
  readonly requiresUserInput: boolean
  readonly reportedByAgent: boolean
  readonly metadata: Record<string, unknown> | null
}

/**
 * Locks the run's row: from here to the end of the transaction nobody else writes to its chat. Statements that follow
 * take their snapshot after the lock was got, so they see everything that others wrote before.
 */
export function lock(tenant: Tenant, instanceId: string) {
  return tenant
    .selectFrom('agent_instances')
    .select(['id', 'last_read_message_id'])
    .where('user_id', '=', tenant.userId)
    .where('id', '=', instanceId)
    .forUpdate()
}

/**
 * Locks the run's row for an append in the same pipeline, and notes for the rest of the transaction that it did. Where
 * there is no such run, one may appear before the next statement: a message appended to that one would count what its
 * chat has as handed out although the queue was read too early.
 */
export function lockForAppend(tenant: Tenant, instanceId: string) {
  return tenant
    .with('locked', () => lock(tenant, instanceId))
    .selectFrom('locked')
    .select(['id', sql<string>`set_config('app.locked_instance', id::text, true)`.as('noted')])
}

const isLocked = sql<boolean>`id::text = current_setting('app.locked_instance', true)`

/** What people wrote since the agent last read, oldest first, less what the agent reported itself. */
export function queue(tenant: Tenant, instanceId: string) {
  return tenant
    .selectFrom('messages as m')
    .innerJoin('agent_instances as i', (join) =>
      join.onRef('i.user_id', '=', 'm.user_id').onRef('i.id', '=', 'm.agent_instance_id'),
    )
    .select(queuedColumns.map((column) => `m.${column}` as const))
    .where('m.user_id', '=', tenant.userId)
    .where('m.agent_instance_id', '=', instanceId)
    .whereRef('m.seq', '>', 'i.last_read_seq')
    .where('m.sender_type', '=', 'USER')
    .where('m.reported_by_agent', '=', false)
    .orderBy('m.seq')
}

/**
 * The two statements that append a message: the run's row takes its next seq and revisions, then the message is stored
 * with them. If there is no such run, neither does anything.
 *
 * Each change that a live view hears of gets a revision of its own, the message the last one.
 */
export function append(tenant: Tenant, message: NewMessage, effects: MessageEffects) {
  const queries: [CompiledQuery, CompiledQuery<{ id: string }>] = [
    advance(tenant, message, effects).compile(),
    insert(tenant, message, effects).compile(),
  ]
  return queries
}

function advance(tenant: Tenant, message: NewMessage, { status, movesPlace, drainsQueue, gitDiff }: MessageEffects) {
  const newStatus = sql<AgentInstanceStatus>`case when status in (${sql.join(FINISHED.map((s) => sql.lit(s)))})
    then status else ${sql.lit(status)}::agent_instance_status end`
  const statusChanges = sql<number>`(status <> ${newStatus})::integer`
  const diffChanges =
    gitDiff === undefined ? sql<number>`0` : sql<number>`(git_diff is distinct from ${gitDiff}::text)::integer`
  return tenant
    .updateTable('agent_instances')
    .set({
      message_count: sql`message_count + 1`,
      last_activity_at: sql<Date>`clock_timestamp()`,
      status: newStatus,
      status_revision: sql`case when ${statusChanges} = 1 then revision + 1 else status_revision end`,
      revision: sql`revision + ${statusChanges} + ${diffChanges} + 1`,
    })
    .$if(movesPlace, (query) => query.set({ last_read_message_id: message.id }))
    .$if(drainsQueue, (query) => query.set({ last_read_seq: sql`message_count + 1` }).where(isLocked))
    .$if(gitDiff !== undefined, (query) =>
      query.set({
        git_diff: gitDiff ?? null,
        git_diff_revision: sql`case when ${diffChanges} = 1 then revision + ${statusChanges} + 1 else git_diff_revision end`,
      }),
    )
    .where('user_id', '=', tenant.userId)
    .where('id', '=', message.instanceId)
}

function insert(tenant: Tenant, message: NewMessage, { drainsQueue }: MessageEffects) {
  const { id, content, senderType, requiresUserInput, reportedByAgent, metadata } = message
  return tenant
    .insertInto('messages')
    .columns([
      'user_id',
      'agent_instance_id',
      'seq',
      'id',
      'sender_type',
      'content',
      'requires_user_input',
      'reported_by_agent',
      'message_metadata',
      'created_at',
      'created_revision',
      'revision',
    ])
    .expression((eb) =>
      eb
        .selectFrom('agent_instances')
        .select([
          'user_id',
          'id as agent_instance_id',
          'message_count as seq',
          sql<string>`${id}::uuid`.as('id'),
          sql<SenderType>`${senderType}::sender_type`.as('sender_type'),
          sql<string>`${content}::text`.as('content'),
          sql<boolean>`${requiresUserInput}::boolean`.as('requires_user_input'),
          sql<boolean>`${reportedByAgent}::boolean`.as('reported_by_agent'),
          sql<string | null>`${metadata && JSON.stringify(metadata)}::jsonb`.as('message_metadata'),
          'last_activity_at as created_at',
          'revision as created_revision',
          'revision',
        ])
        .where('user_id', '=', tenant.userId)
        .where('id', '=', message.instanceId)
        .$if(drainsQueue, (query) => query.where(isLocked)),
    )
    .returning('id')
}

/** Messages as people see them, with who wrote them. */
function readable(tenant: Tenant) {
  return tenant
    .selectFrom('messages as m')
    .leftJoin('users as u', (join) => join.onRef('u.id', '=', 'm.user_id').on('m.sender_type', '=', 'USER'))
    .select([
      'm.id',
      'm.content',
      'm.sender_type',
      'u.id as sender_user_id',
      'u.email as sender_user_email',
      'u.display_name as sender_user_display_name',
      'm.created_at',
      'm.requires_user_input',
      'm.message_metadata',
    ])
    .where('m.user_id', '=', tenant.userId)
}

export type ReadableMessage = Awaited<ReturnType<typeof page>>[number]

export function findReadable(tenant: Tenant, id: string) {
  return readable(tenant).where('m.id', '=', id).compile()
}

/** The last messages of a chat, or the last before a given one; oldest first. */
export async function page(tenant: Tenant, instanceId: string, limit: number, beforeId?: string) {
  const newestFirst = await pageQuery(tenant, instanceId, limit, beforeId).execute()
  return newestFirst.reverse()
}

/** A page read backwards: newest first. */
export function pageQuery(tenant: Tenant, instanceId: string, limit: number, beforeId?: string) {
  let query = readable(tenant).where('m.agent_instance_id', '=', instanceId)
  if (beforeId !== undefined) query = query.where('m.seq', '<', seqOf(tenant, instanceId, beforeId))
  return query.orderBy('m.seq', 'desc').limit(limit)
}

function seqOf(tenant: Tenant, instanceId: string, id: string) {
  return tenant
    .selectFrom('messages')
    .select('seq')
    .where('user_id', '=', tenant.userId)
    .where('agent_instance_id', '=', instanceId)
    .where('id', '=', id)
}

export async function exists(tenant: Tenant, instanceId: string, id: string): Promise<boolean> {
  return (await seqOf(tenant, instanceId, id).executeTakeFirst()) !== undefined
}

/** Where the agent is in the chat, and what waits for it there. Locks nothing and moves nothing. */
export async function look(tenant: Tenant, instanceId: string) {
  const place = tenant
    .selectFrom('agent_instances')
    .select('last_read_message_id')
    .where('user_id', '=', tenant.userId)
    .where('id', '=', instanceId)
  const [places, messages] = await tenant.pipeline(place.compile(), queue(tenant, instanceId).compile())
  return places[0] && { place: places[0].last_read_message_id, messages }
}

/** Hands the queue out: whatever it returns is never returned again. The run's row must be locked. */
export async function takeQueue(trx: TenantTransaction, instanceId: string) {
  const messages = await queue(trx, instanceId).execute()
  const last = messages.at(-1)
  if (last) {
    await trx
      .updateTable('agent_instances')
      .set({ last_read_message_id: last.id, last_read_seq: sql`message_count` })
      .where('user_id', '=', trx.userId)
      .where('id', '=', instanceId)
      .execute()
  }
  return messages
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
    .select('last_read_message_id')
    .where('user_id', '=', trx.userId)
    .where('id', '=', message.select('agent_instance_id'))
    .forUpdate()
  const [runs, messages] = await trx.pipeline(
    run.compile(),
    message.select(['agent_instance_id', 'requires_user_input']).compile(),
  )
  return runs[0] && messages[0] && { ...runs[0], ...messages[0] }
}

/** Turns a step into a question; the run awaits input if `status` says so. The run's row must be locked. */
export async function requireInput(
  trx: TenantTransaction,
  instanceId: string,
  id: string,
  awaits: boolean,
): Promise<void> {
  const statusChanges = sql<boolean>`(${awaits}::boolean and status <> 'AWAITING_INPUT'
    and status not in (${sql.join(FINISHED.map((s) => sql.lit(s)))}))`
  await trx
    .updateTable('agent_instances')
    .set({
      status: sql`case when ${statusChanges} then 'AWAITING_INPUT' else status end`,
      status_revision: sql`case when ${statusChanges} then revision + 1 else status_revision end`,
      revision: sql`revision + ${statusChanges}::integer + 1`,
      last_activity_at: sql<Date>`clock_timestamp()`,
    })
    .where('user_id', '=', trx.userId)
    .where('id', '=', instanceId)
    .execute()
  await trx
    .updateTable('messages as m')
    .from('agent_instances as i')
    .set((eb) => ({ requires_user_input: true, revision: eb.ref('i.revision') }))
    .whereRef('i.user_id', '=', 'm.user_id')
    .whereRef('i.id', '=', 'm.agent_instance_id')
    .where('m.user_id', '=', trx.userId)
    .where('m.agent_instance_id', '=', instanceId)
    .where('m.id', '=', id)
    .execute()
}
