import { sql } from 'kysely'
import type { TenantTransaction } from '../../../db/tenant.js'
import { EVENT_BYTES } from '../../storage/sizes.js'
import { mayAnswer } from './answers.js'
import { FINAL } from './status.js'

/** The result of turning a step into a question. */
export interface TurnedIntoQuestion {
  readonly revision: number
  readonly status_revision: number | null
}

/**
 * Turns a step into a question; the run awaits input if `awaits` says so, else the person's next message is the answer,
 * and a stale or completed run becomes active. A change of the status is numbered before that of the message. The run
 * must be locked.
 */
export async function turnIntoQuestion(
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
