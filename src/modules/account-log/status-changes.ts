import { type RawBuilder, sql } from 'kysely'
import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { firstRowOf, type Step } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'
import { EVENT_BYTES } from '../../storage/sizes.js'
import type { Change } from './changes.js'
import { logChanged } from './clock.js'
import { ACTIVE, FINISHED } from './status.js'

/** A run's new status, and the account's revision of the change. */
export interface StatusChange {
  readonly status: AgentInstanceStatus
  readonly revision: number
  readonly at: Date
}

/** The change as subscribers receive it. */
export function statusChange(instanceId: string, { status, revision, at }: StatusChange): Change {
  return { kind: 'status_changed', revision, at, instanceId: instanceId.toLowerCase(), status }
}

/**
 * Sets the status unless the run has one of those in `kept`. Takes a revision only if the status changes.
 *
 * @param kept the statuses that stay as they are
 * @returns a step that gives the change, if there was one
 */
export function changeStatus(
  tenant: Tenant,
  id: string,
  status: AgentInstanceStatus,
  kept: readonly AgentInstanceStatus[],
): Step<StatusChange | undefined> {
  const ends = FINISHED.some((finished) => finished === status)
  return logged(
    tenant,
    sql`
      update agent_instances set
        status = ${status}, last_activity_at = clock_timestamp(),
        ended_at = case when ${ends} then clock_timestamp() end,
        stored_bytes = stored_bytes + ${sql.lit(EVENT_BYTES)}
      where user_id = ${tenant.userId} and id = ${id} and status not in (${sql.join(kept)}) and status <> ${status}
      returning user_id, id, status`,
  )
}

/** Gives a stale run the status that it had before. @returns a step that gives the change, if there was one */
export function wake(tenant: Tenant, id: string): Step<StatusChange | undefined> {
  return logged(
    tenant,
    sql`
      update agent_instances set
        status = coalesce(status_before_stale, 'ACTIVE'), status_before_stale = null, last_activity_at = clock_timestamp(),
        stored_bytes = stored_bytes + ${sql.lit(EVENT_BYTES)}
      where user_id = ${tenant.userId} and id = ${id} and status = 'STALE'
      returning user_id, id, status`,
  )
}

/** Silent runs: with or without heartbeats, and since when. */
export interface Silence {
  readonly sendsHeartbeats: boolean
  readonly since: Date
}

/** Marks a run as stale if it is still as silent. @returns a step that gives the change, if there was one */
export function markStale(
  tenant: Tenant,
  id: string,
  { sendsHeartbeats, since }: Silence,
): Step<StatusChange | undefined> {
  return logged(
    tenant,
    sql`
      update agent_instances set status_before_stale = status, status = 'STALE',
        stored_bytes = stored_bytes + ${sql.lit(EVENT_BYTES)}
      where user_id = ${tenant.userId} and id = ${id} and sends_heartbeats = ${sendsHeartbeats} and silent_since < ${since}
        and status in (${sql.join(ACTIVE)})
      returning user_id, id, status`,
  )
}

function logged(tenant: Tenant, changed: RawBuilder<unknown>): Step<StatusChange | undefined> {
  return firstRowOf(
    sql<StatusChange>`
      with changed as (${changed}), ${logChanged('status_changed')}
      select c.status, t.revision, l.at from changed c, ticked t, logged l
    `.compile(tenant),
  )
}
