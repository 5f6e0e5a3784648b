import { type Expression, type SqlBool, sql } from 'kysely'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { prepared } from '../../../db/prepared.js'
import { firstRowOf } from '../../../db/step.js'
import type { ErrandScope, Tenant } from '../../../db/tenant.js'
import type { ActivityPosition, Page } from '../../paging.js'
import { ACTIVE, FINAL } from '../account-log/status.js'
import { changeStatus, type Silence, type StatusChange, wake } from '../account-log/status-changes.js'

/**
 * Characters of the last message in a list: enough for a preview, whatever agents write. PostgreSQL reads no more of
 * it, and a list of 1,000 runs stays within a few megabytes.
 */
const PREVIEW_LENGTH = 500

/** The runs of one tenant, with the name of their agent type. */
function runs(tenant: Tenant) {
  return tenant
    .selectFrom('agent_instances as i')
    .innerJoin('user_agents as a', (join) =>
      join.onRef('a.user_id', '=', 'i.user_id').onRef('a.id', '=', 'i.user_agent_id'),
    )
    .select([
      'i.id',
      'i.user_agent_id as agent_type_id',
      'a.name as agent_type_name',
      'i.name',
      'i.status',
      'i.started_at',
      'i.ended_at',
      sql<Date | null>`case when i.was_heard then i.silent_since end`.as('last_heartbeat_at'),
      'i.instance_metadata',
    ])
    .where('i.user_id', '=', tenant.userId)
}

/**
 * The runs as lists show them. The last message is found by its seq, one index look-up a row: the cost of a page
 * depends on the page, not on the length of the chats.
 */
function summaries(tenant: Tenant) {
  return (
    runs(tenant)
      // Lateral and limited, so that it is an index look-up a row, whatever the planner knows of the tables.
      .leftJoinLateral(
        (eb) =>
          eb
            .selectFrom('messages')
            .select(['created_at', 'content'])
            .whereRef('messages.user_id', '=', 'i.user_id')
            .whereRef('messages.agent_instance_id', '=', 'i.id')
            .whereRef('messages.seq', '=', 'i.message_count')
            .limit(sql.lit(1))
            .as('m'),
        (join) => join.onTrue(),
      )
      .select([
        'i.last_activity_at',
        'i.message_count as chat_length',
        'm.created_at as latest_message_at',
        sql<string | null>`left(m.content, ${sql.lit(PREVIEW_LENGTH)})`.as('latest_message'),
      ])
  )
}

/** A run as lists show it, with the beginning of its last message. */
export type InstanceSummary = Awaited<ReturnType<typeof listSummaries>>[number]

/** Filters of a list of runs. `search` matches a part of the title or of the agent type's name, case-insensitively. */
export interface InstanceFilter {
  readonly status?: AgentInstanceStatus | undefined
  readonly agentTypeId?: string | undefined
  readonly search?: string | undefined
}

/** One page of runs, newest activity first. */
export async function listSummaries(tenant: Tenant, filter: InstanceFilter, page: Page<ActivityPosition>) {
  const isPlain = !filter.status && !filter.agentTypeId && !filter.search && !page.after
  if (!isPlain) return pageOf(tenant, filter, page).execute()
  const [rows] = await tenant.pipeline(firstPage(tenant, page.limit))
  return rows
}

/** The query for the first page of all runs, which dashboards open with. */
export const firstPage = prepared([0], (tenant, limit) => pageOf(tenant, {}, { limit, after: undefined }))

function pageOf(tenant: Tenant, filter: InstanceFilter, { limit, after }: Page<ActivityPosition>) {
  let query = summaries(tenant)
  if (filter.status) query = query.where('i.status', '=', filter.status)
  if (filter.agentTypeId) query = query.where('i.user_agent_id', '=', filter.agentTypeId)
  if (filter.search) {
    const pattern = `%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) => eb.or([eb('i.name', 'ilike', pattern), eb('a.name', 'ilike', pattern)]))
  }
  if (after) {
    query = query.where(sql<SqlBool>`(i.last_activity_at, i.id) < (${after.at}::timestamptz, ${after.id}::uuid)`)
  }
  return query.orderBy('i.last_activity_at', 'desc').orderBy('i.id', 'desc').limit(limit)
}

/** @returns the run with this UUID, as lists show it; undefined when there is none */
export function findSummary(tenant: Tenant, id: string) {
  return summaries(tenant).where('i.id', '=', id).executeTakeFirst()
}

/** Those of the given runs that exist, in no order. */
export function listSummariesByIds(tenant: Tenant, ids: string[]) {
  return summaries(tenant).where(sql<SqlBool>`i.id = any(${ids}::uuid[])`).execute()
}

/**
 * Of each of the given types, the runs that need attention first: those awaiting input, then the latest ones. Two short
 * index scans a type, however many runs it has. If there are too many in all, those awaiting input come before others,
 * of which each type has its share.
 */
export async function listRecentByType(
  tenant: Tenant,
  agentTypeIds: string[],
  { perType, inAll }: { readonly perType: number; readonly inAll: number },
) {
  const newest = (condition: Expression<SqlBool>) => sql`
    (select id, status = 'AWAITING_INPUT' as awaits, last_activity_at as at from agent_instances
     where user_id = ${tenant.userId} and user_agent_id = t.id and ${condition}
     order by last_activity_at desc, id desc limit ${sql.lit(perType)})`
  const recent = sql`
    (select r.id from unnest(${agentTypeIds}::uuid[]) as t (id) cross join lateral (
       select id, awaits, at, row_number() over (partition by awaits order by at desc, id desc) as rank
       from (${newest(sql`status = 'AWAITING_INPUT'`)} union all ${newest(sql`status <> 'AWAITING_INPUT'`)}) as u
       order by awaits desc, at desc, id desc limit ${sql.lit(perType)}) as r
     order by r.awaits desc, r.rank, r.at desc, r.id desc limit ${sql.lit(inAll)})`
  return summaries(tenant)
    .where(sql<SqlBool>`i.id in ${recent}`)
    .orderBy(sql`i.status = 'AWAITING_INPUT'`, 'desc')
    .orderBy('i.last_activity_at', 'desc')
    .orderBy('i.id', 'desc')
    .execute()
}

/** The number of runs per type and status; of the given types, or of all. */
export function countByTypeAndStatus(tenant: Tenant, agentTypeIds?: string[]) {
  let query = tenant
    .selectFrom('agent_instances')
    .select((eb) => ['user_agent_id', 'status', eb.cast<number>(eb.fn.countAll(), 'integer').as('count')])
    .where('user_id', '=', tenant.userId)
    .groupBy(['user_agent_id', 'status'])
  if (agentTypeIds) query = query.where(sql<SqlBool>`user_agent_id = any(${agentTypeIds}::uuid[])`)
  return query.execute()
}

/** The query for one run as its own page shows it, without its chat. */
export const detail = prepared([''], (tenant, id) =>
  runs(tenant).select(['i.git_diff', 'i.last_read_message_id']).where('i.id', '=', id),
)

/**
 * Sets the status unless the run has one of those in `kept`.
 *
 * @param kept the statuses that stay as they are
 * @returns the run's resulting status, and the change if there was one; undefined when there is no such run
 */
export async function setStatus(
  tenant: Tenant,
  id: string,
  status: AgentInstanceStatus,
  kept: readonly AgentInstanceStatus[] = FINAL,
) {
  const found = tenant.selectFrom('agent_instances').select('status').where('user_id', '=', tenant.userId)
  const { change, run } = await tenant.pipeline({
    change: changeStatus(tenant, id, status, kept),
    run: firstRowOf(found.where('id', '=', id).compile()),
  })
  return run && { status: run.status, change }
}

/** Notes a key as speaking for a run, as if it had created it. */
export async function addPostingKey(tenant: Tenant, id: string, keyId: string): Promise<void> {
  await tenant
    .updateTable('agent_instances')
    .set({ posting_keys: sql`${JSON.stringify({ [keyId]: 0 })}::jsonb || posting_keys` })
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .execute()
}

/** Merges fields into a run's metadata. */
export async function mergeMetadata(tenant: Tenant, id: string, fields: Record<string, unknown>): Promise<void> {
  await tenant
    .updateTable('agent_instances')
    .set({ instance_metadata: sql`coalesce(instance_metadata, '{}') || ${JSON.stringify(fields)}::jsonb` })
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .execute()
}

/** @returns whether there is such a run */
export async function rename(tenant: Tenant, id: string, name: string): Promise<boolean> {
  const { numUpdatedRows } = await tenant
    .updateTable('agent_instances')
    .set({ name })
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** An agent's last sign of life, and the change if it woke a stale run. */
export interface SignOfLife {
  readonly silent_since: Date
  /** The run's status after the change. */
  readonly status: AgentInstanceStatus
  readonly change: StatusChange | undefined
}

/**
 * Notes a sign of life of an agent. A stale run gets its status back.
 *
 * @param isHeartbeat from now on the agent is expected to send heartbeats
 * @returns undefined when there is no such run
 */
export async function noteSign(tenant: Tenant, id: string, isHeartbeat: boolean): Promise<SignOfLife | undefined> {
  const heard = tenant
    .updateTable('agent_instances')
    .set({
      silent_since: sql<Date>`clock_timestamp()`,
      was_heard: true,
      ...(isHeartbeat ? { sends_heartbeats: true } : {}),
    })
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .returning(['silent_since', 'status'])
  const { change, run } = await tenant.pipeline({ change: wake(tenant, id), run: firstRowOf(heard.compile()) })
  return run && { ...run, change }
}

/** The runs of all accounts whose agents have given no sign of life since a moment. */
export function listSilent(scope: ErrandScope, { sendsHeartbeats, since }: Silence, limit: number) {
  return (
    scope
      .selectFrom('agent_instances')
      .select(['user_id', 'id'])
      .where('sends_heartbeats', '=', sendsHeartbeats)
      // Between two bounds the planner expects few rows; with only an upper one it expects a third: too many for the
      // index.
      .where('silent_since', '>', sql<Date>`'-infinity'`)
      .where('silent_since', '<', since)
      .where('status', 'in', [...ACTIVE.map((status) => sql.lit(status))])
      .orderBy('silent_since')
      .limit(sql.lit(limit))
      .execute()
  )
}
