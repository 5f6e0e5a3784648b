import { sql } from 'kysely'
import type { AccountEventKind, AgentInstanceStatus } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import type { Change, MessagePayload } from './changes.js'
import { JOIN_SENDER, SENDER_COLUMNS } from './senders.js'

/**
 * The limits of one page. A change is read whole whatever its size, so each of the three lists of a page (messages,
 * questions that were steps, everything else) may exceed `bytes` by its last change.
 */
export interface PageLimits {
  /** Changes of each list. */
  readonly changes: number
  /** Bytes of each list: contents, metadata and diffs, as text. */
  readonly bytes: number
  /** Revisions that are scanned, of whichever run. */
  readonly revisions: number
}

/** Building a page blocks the process for some milliseconds, and a page fits what may wait for one reader. */
export const PAGE: PageLimits = { changes: 500, bytes: 1024 * 1024, revisions: 4096 }

/** A piece of an account's history. */
export interface Page {
  /** The only run whose changes it has; undefined for the whole account. */
  readonly instanceId: string | undefined
  /** It is complete after this revision… */
  readonly after: number
  /** …and up to this one. */
  readonly upTo: number
  readonly changes: Change[]
  /** Approximate size in memory. */
  readonly bytes: number
  /** More follows it. */
  readonly more: boolean
}

/**
 * The changes of an account after a revision, in order. The clock is read first: as revisions become visible in their
 * own order, the statements behind it see everything up to that revision. What they see beyond it may have gaps and is
 * left to the next query.
 *
 * A message that was a step at first is given as the step that it was, and as the question it has become since. A run's
 * diff is given once, as it is now, with its last change.
 *
 * @param instanceId for the changes of one run only
 * @returns undefined when the account is gone
 */
export async function findChanges(
  tenant: Tenant,
  after: number,
  instanceId?: string,
  limits: PageLimits = PAGE,
): Promise<Page | undefined> {
  const range = { after, end: after + limits.revisions, instanceId, limits }
  const [[clock], inserted, updated, logged] = await tenant.pipeline(
    tenant.selectFrom('account_clocks').select('revision').where('user_id', '=', tenant.userId).compile(),
    messages(tenant, 'created_revision', range),
    messages(tenant, 'revision', range),
    events(tenant, range),
  )
  if (!clock) return undefined
  const lists = [inserted, updated, logged]
  const upTo = Math.min(clock.revision, ...lists.map((rows) => endOf(rows, range)))
  const changes = [
    ...inserted.map((row) =>
      messageChange(
        'message_inserted',
        row.created_revision,
        row.requires_user_input && row.revision === row.created_revision,
        row,
      ),
    ),
    ...updated.map((row) => messageChange('message_updated', row.revision, row.requires_user_input, row)),
    ...logged.flatMap(eventChange),
  ]
  return {
    ...{ instanceId, after, upTo },
    changes: changes.filter(({ revision }) => revision <= upTo).sort((a, b) => a.revision - b.revision),
    bytes: lists.reduce((sum, rows) => sum + (rows.at(-1)?.bytes ?? 0), 0),
    more: upTo < clock.revision,
  }
}

interface Range {
  readonly after: number
  readonly end: number
  readonly instanceId: string | undefined
  readonly limits: PageLimits
}

/** A row of one of the lists: the revision that it is listed under, and the bytes of the list up to it. */
interface Listed {
  readonly position: number
  readonly bytes: number
}

/** The revision up to which a list is complete: that of its last row if it was cut there. */
function endOf(rows: readonly Listed[], { end, limits }: Range): number {
  const last = rows.at(-1)
  return last && (rows.length >= limits.changes || last.bytes >= limits.bytes) ? last.position : end
}

interface MessageRow extends MessagePayload, Listed {
  readonly agent_instance_id: string
  readonly created_revision: number
  readonly revision: number
}

/**
 * Messages in the order of one of their revisions. The list is walked row by row: rows after the page's last one are
 * not touched.
 */
function messages(tenant: Tenant, column: 'created_revision' | 'revision', { after, end, instanceId, limits }: Range) {
  const position = sql.ref(`m.${column}`)
  const changed = column === 'revision' ? sql`and m.revision > m.created_revision` : sql``
  // OFFSET 0 keeps the planner from finding the run first, and sorting all of its messages for each step.
  const next = sql`
    select ahead.position, ahead.size
    from (
      select ${position} as position, m.size, m.agent_instance_id from messages m
      where m.user_id = ${tenant.userId} and ${position} > walk.position and ${position} <= ${end} ${changed}
      order by ${position} offset 0) as ahead
    ${instanceId === undefined ? sql`` : sql`where ahead.agent_instance_id = ${instanceId}`}
    limit 1`
  return sql<MessageRow>`
    with recursive walk (position, bytes, length) as (
      select ${after}::bigint, 0::bigint, 0
      union all
      select next.position, walk.bytes + next.size, walk.length + 1
      from walk cross join lateral (${next}) as next
      where walk.length < ${limits.changes}::integer and walk.bytes < ${limits.bytes}::bigint
    )
    select m.id, m.content, m.sender_type, ${SENDER_COLUMNS}, m.reported_by_agent, m.created_at, m.requires_user_input,
      m.message_metadata, m.agent_instance_id, m.created_revision, m.revision, walk.position, walk.bytes
    from walk join messages m on m.user_id = ${tenant.userId} and ${position} = walk.position ${changed}
    ${JOIN_SENDER}
    where walk.length > 0
    order by walk.position
  `.compile(tenant)
}

function messageChange(
  kind: 'message_inserted' | 'message_updated',
  revision: number,
  requiresUserInput: boolean,
  {
    agent_instance_id: instanceId,
    created_revision: _,
    revision: __,
    position: ___,
    bytes: ____,
    ...message
  }: MessageRow,
): Change {
  const shown = { ...message, requires_user_input: requiresUserInput }
  return { kind, revision, at: message.created_at, instanceId, message: shown }
}

interface EventRow extends Listed {
  readonly kind: AccountEventKind
  readonly at: Date
  readonly instance_id: string
  readonly status: AgentInstanceStatus
  readonly credential_id: string | null
  readonly agent_type_id: string
  readonly agent_type_name: string
  readonly name: string | null
  readonly started_at: Date
  readonly git_diff: string | null
  /** No later change of the run's diff is known: the current diff is this one's. */
  readonly is_last_diff: boolean
}

/**
 * Events other than messages: with the run where one was created, and its diff where that has changed. The columns that
 * a kind does not need are null. Events of no run are about credentials, which subscribers of a run need as well.
 *
 * `octet_length` gives the size of a text without reading it, so diffs are read only for the rows of the page.
 */
function events(tenant: Tenant, { after, end, instanceId, limits }: Range) {
  return sql<EventRow>`
    select e.revision as position, e.bytes, e.kind, e.created_at as at, e.agent_instance_id as instance_id,
      e.status, e.credential_id, a.id as agent_type_id, a.name as agent_type_name, i.name, i.started_at, e.is_last_diff,
      case when e.is_last_diff then i.git_diff end as git_diff
    from (
      select listed.*, sum(size) over (order by revision rows unbounded preceding)::bigint as bytes,
        coalesce(sum(size) over (order by revision rows between unbounded preceding and 1 preceding), 0) as before
      from (
        select e.revision, e.kind, e.created_at, e.agent_instance_id, e.status, e.credential_id,
          d.size is not null as is_last_diff, coalesce(d.size, 0)::bigint as size
        from account_events e
        left join lateral (
          select coalesce(octet_length(i.git_diff), 0) as size from agent_instances i
          where e.kind = 'git_diff_changed' and i.user_id = e.user_id and i.id = e.agent_instance_id
            and not exists (
              select from account_events later
              where later.user_id = e.user_id and later.agent_instance_id = e.agent_instance_id
                and later.revision > e.revision and later.kind = 'git_diff_changed')) as d on true
        where e.user_id = ${tenant.userId} and e.revision > ${after} and e.revision <= ${end}
          ${instanceId === undefined ? sql`` : sql`and (e.agent_instance_id = ${instanceId} or e.agent_instance_id is null)`}
        order by e.revision limit ${limits.changes}::integer) as listed
    ) as e
    left join agent_instances i on e.kind in ('instance_created', 'git_diff_changed')
      and i.user_id = ${tenant.userId} and i.id = e.agent_instance_id
    left join user_agents a on e.kind = 'instance_created' and a.user_id = i.user_id and a.id = i.user_agent_id
    where e.before < ${limits.bytes}::bigint
    order by e.revision
  `.compile(tenant)
}

function eventChange(row: EventRow): Change[] {
  const { position: revision, at, instance_id: instanceId } = row
  switch (row.kind) {
    case 'instance_created': {
      const { agent_type_id, agent_type_name, name, started_at } = row
      const instance = { agent_type_id, agent_type_name, name, status: 'ACTIVE', started_at } as const
      return [{ kind: row.kind, revision, at, instanceId, instance }]
    }
    case 'status_changed':
      return [{ kind: row.kind, revision, at, instanceId, status: row.status }]
    case 'git_diff_changed':
      return row.is_last_diff ? [{ kind: row.kind, revision, at, instanceId, gitDiff: row.git_diff }] : []
    case 'instance_deleted':
      return [{ kind: row.kind, revision, at, instanceId }]
    case 'credential_revoked':
      return [{ kind: row.kind, revision, at, credentialId: row.credential_id }]
  }
}
