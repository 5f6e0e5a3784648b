import { sql } from 'kysely'
import type { Tenant } from '../../../db/tenant.js'

/**
 * Notes that an offer has arrived; also if it was given back meanwhile to be handed to another caller.
 *
 * @param offerId the offer's id
 * @param lastId the last message of it
 * @param readCursor the resulting read cursor
 */
export async function noteArrival(
  tenant: Tenant,
  instanceId: string,
  offerId: string,
  { lastId, readCursor }: { readonly lastId: string; readonly readCursor: string },
): Promise<void> {
  const lastSeq = sql`(select seq from messages where user_id = ${tenant.userId} and id = ${lastId})`
  await sql`
    update agent_instances set
      last_read_message_id = case when last_read_seq < ${lastSeq} then ${readCursor}::uuid else last_read_message_id end,
      last_read_seq = greatest(last_read_seq, ${lastSeq}),
      offered_message_id = nullif(offered_message_id, ${offerId}::uuid)
    where user_id = ${tenant.userId} and id = ${instanceId}
      and (offered_message_id = ${offerId}::uuid or last_read_seq < ${lastSeq})
  `.execute(tenant)
}

/** Notes that claimed messages have arrived. The read cursor stays where it is. */
export async function noteClaimArrival(tenant: Tenant, instanceId: string, offerId: string): Promise<void> {
  await sql`
    update agent_instances set offered_message_id = null
    where user_id = ${tenant.userId} and id = ${instanceId} and offered_message_id = ${offerId}
  `.execute(tenant)
}

/** Notes that the offer which moved the read cursor here has arrived: the agent has named the message. */
export async function noteArrivalAt(tenant: Tenant, instanceId: string, readCursor: string): Promise<void> {
  await sql`
    update agent_instances set offered_message_id = null
    where user_id = ${tenant.userId} and id = ${instanceId} and last_read_message_id = ${readCursor}
      and offered_message_id is not null
  `.execute(tenant)
}

/**
 * Puts an offer that was lost back into the queue, whose size is not computed then. The read cursor becomes what it
 * was, unless it was moved meanwhile. If the offer was to become a key's claim, only what that key had claimed before
 * stays claimed.
 */
export async function giveBack(tenant: Tenant, instanceId: string, offerId: string): Promise<void> {
  await sql`
    update agent_instances set last_read_seq = least(last_read_seq, offered_from_seq),
      last_read_message_id = coalesce(offered_from_message_id, last_read_message_id), offered_message_id = null,
      has_large_queue = true,
      claim_cursor_id = case when claim_cursor_id <> last_read_message_id or offered_from_seq > last_read_seq
        then claim_cursor_id end,
      claim_last_id = case when claim_cursor_id = last_read_message_id and offered_from_seq > last_read_seq then (
        select id from messages m
        where m.user_id = ${tenant.userId} and m.agent_instance_id = ${instanceId} and m.seq = offered_from_seq)
        else claim_last_id end,
      claim_last_seq = case when claim_cursor_id = last_read_message_id and offered_from_seq > last_read_seq
        then offered_from_seq else claim_last_seq end
    where user_id = ${tenant.userId} and id = ${instanceId} and offered_message_id = ${offerId}
  `.execute(tenant)
}

/** Notes that an offer is still being written. @param seconds for how long the note is good */
export async function renew(tenant: Tenant, instanceId: string, offerId: string, seconds: number): Promise<void> {
  await sql`
    update agent_instances set offered_until = clock_timestamp() + make_interval(secs => ${seconds})
    where user_id = ${tenant.userId} and id = ${instanceId} and offered_message_id = ${offerId}
  `.execute(tenant)
}

/**
 * @returns what is on its way to the agent, and whether a process has noted that it is writing that; undefined if
 *   nothing is
 */
export async function findOffered(
  tenant: Tenant,
  instanceId: string,
): Promise<{ readonly id: string; readonly isHeld: boolean } | undefined> {
  const run = await tenant
    .selectFrom('agent_instances')
    .select('offered_message_id')
    .select(sql<boolean>`coalesce(offered_until > clock_timestamp(), false)`.as('is_held'))
    .where('user_id', '=', tenant.userId)
    .where('id', '=', instanceId)
    .executeTakeFirst()
  return run?.offered_message_id ? { id: run.offered_message_id, isHeld: run.is_held } : undefined
}
