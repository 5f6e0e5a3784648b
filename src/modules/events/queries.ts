import { sql } from 'kysely'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'

/** Where an instance stands. */
export interface Standing {
  readonly revision: number
  readonly last_heartbeat_at: Date | null
}

export function findStanding(tenant: Tenant, instanceId: string): Promise<Standing | undefined> {
  return tenant
    .selectFrom('agent_instances')
    .select(['revision', 'last_heartbeat_at'])
    .where('user_id', '=', tenant.userId)
    .where('id', '=', instanceId)
    .executeTakeFirst()
}

/** Of several instances, those that are there, with their revisions: what the reconcile pass compares. */
export function listRevisions(tenant: Tenant, instanceIds: string[]) {
  return tenant
    .selectFrom('agent_instances')
    .select(['id', 'revision', 'last_heartbeat_at'])
    .where('user_id', '=', tenant.userId)
    .where(sql<boolean>`id = any(${instanceIds}::uuid[])`)
    .execute()
}

export interface ChangedMessage {
  readonly id: string
  readonly content: string
  readonly sender_type: 'AGENT' | 'USER'
  readonly sender_user_id: string | null
  readonly sender_user_email: string | null
  readonly sender_user_display_name: string | null
  readonly created_at: Date
  readonly requires_user_input: boolean
  readonly message_metadata: Record<string, unknown> | null
  readonly created_revision: number
  readonly revision: number
}

interface InstanceState extends Standing {
  readonly status: AgentInstanceStatus
  readonly status_revision: number
  readonly git_diff_revision: number
}

export interface Changes {
  readonly instance: InstanceState
  /** Added since, in the order of the chat; at most `limit`. */
  readonly inserted: ChangedMessage[]
  /** There before, changed since. */
  readonly updated: ChangedMessage[]
}

/**
 * What has happened to an instance after a revision. One statement, so one snapshot: the instance's revision and its
 * messages belong together.
 *
 * @param limit the most added messages to read
 * @returns undefined when there is no such instance
 */
export async function findChanges(
  tenant: Tenant,
  instanceId: string,
  after: number,
  limit: number,
): Promise<Changes | undefined> {
  const messages = sql`select id, content, sender_type, requires_user_input, message_metadata, created_at,
      created_revision, revision
    from messages where user_id = i.user_id and agent_instance_id = i.id`
  const { rows } = await sql<InstanceState & { [K in keyof ChangedMessage as `m_${K}`]: ChangedMessage[K] | null }>`
    select i.revision, i.last_heartbeat_at, i.status, i.status_revision, i.git_diff_revision,
      m.id as m_id, m.content as m_content, m.sender_type as m_sender_type, u.id as m_sender_user_id,
      u.email as m_sender_user_email, u.display_name as m_sender_user_display_name, m.created_at as m_created_at,
      m.requires_user_input as m_requires_user_input, m.message_metadata as m_message_metadata,
      m.created_revision as m_created_revision, m.revision as m_revision
    from agent_instances i
    left join lateral (
      (${messages} and created_revision > ${after} order by created_revision limit ${limit})
      union all
      (${messages} and revision > created_revision and revision > ${after} and created_revision <= ${after})
    ) m on true
    left join users u on u.id = i.user_id and m.sender_type = 'USER'
    where i.user_id = ${tenant.userId} and i.id = ${instanceId}
  `.execute(tenant)
  const instance = rows[0]
  if (!instance) return undefined
  const found = rows.flatMap((row) => (row.m_id === null ? [] : [withoutPrefix(row)]))
  return {
    instance,
    inserted: found.filter((m) => m.created_revision > after).sort((a, b) => a.created_revision - b.created_revision),
    updated: found.filter((m) => m.created_revision <= after),
  }
}

/** The join's columns come all or none: a row with an id has every field of a message. */
function withoutPrefix(row: object): ChangedMessage {
  const fields = Object.entries(row).filter(([name]) => name.startsWith('m_'))
  return Object.fromEntries(fields.map(([name, value]) => [name.slice(2), value])) as unknown as ChangedMessage
}

/** The diff as it is now. Read apart from the changes, as it may be large and rarely changes. */
export async function findGitDiff(tenant: Tenant, instanceId: string): Promise<string | null> {
  const row = await tenant
    .selectFrom('agent_instances')
    .select('git_diff')
    .where('user_id', '=', tenant.userId)
    .where('id', '=', instanceId)
    .executeTakeFirst()
  return row?.git_diff ?? null
}
