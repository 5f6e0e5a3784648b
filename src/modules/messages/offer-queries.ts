import { sql } from 'kysely'
import type { Tenant } from '../../../db/tenant.js'

/**
 * Notes that what was handed out has arrived; also if it was given back meanwhile to be handed to somebody else.
 *
 * @param offerId the id that it was handed out under
 * @param lastId the last message of it
 * @param placeId where the agent is then
 */
export async function noteArrival(
  tenant: Tenant,
  instanceId: string,
  offerId: string,
  { lastId, placeId }: { readonly lastId: string; readonly placeId: string },
): Promise<void> {
  const lastSeq = sql`(select seq from messages where user_id = ${tenant.userId} and id = ${lastId})`
  await sql`
    update agent_instances set
      last_read_message_id = case when last_read_seq < ${lastSeq} then ${placeId}::uuid else last_read_message_id end,
      last_read_seq = greatest(last_read_seq, ${lastSeq}),
      offered_message_id = nullif(offered_message_id, ${offerId}::uuid)
    where user_id = ${tenant.userId} and id = ${instanceId}
      and (offered_message_id = ${offerId}::uuid or last_read_seq < ${lastSeq})
  `.execute(tenant)
}

/** Notes that whatever led the agent to its place has arrived: the agent has named the place. */
export async function noteArrivalAt(tenant: Tenant, instanceId: string, placeId: string): Promise<void> {
  await sql`
    update agent_instances set offered_message_id = null
    where user_id = ${tenant.userId} and id = ${instanceId} and last_read_message_id = ${placeId}
      and offered_message_id is not null
  `.execute(tenant)
}

/**
 * Puts back into the queue what was handed out and has not arrived. How much it is then is not looked up. The agent's place
 * is what it was, unless something else has moved it meanwhile.
 */
export async function giveBack(tenant: Tenant, instanceId: string, offerId: string): Promise<void> {
  await sql`
    update agent_instances set last_read_seq = least(last_read_seq, offered_from_seq),
      last_read_message_id = coalesce(offered_from_message_id, last_read_message_id), offered_message_id = null,
      has_large_queue = true
    where user_id = ${tenant.userId} and id = ${instanceId} and offered_message_id = ${offerId}
  `.execute(tenant)
}

/** @returns the id under which something is on its way to the agent; null when nothing is, undefined without such a run */
export async function findOffered(tenant: Tenant, instanceId: string): Promise<string | null | undefined> {
  const run = await tenant
    .selectFrom('agent_instances')
    .select('offered_message_id')
    .where('user_id', '=', tenant.userId)
    .where('id', '=', instanceId)
    .executeTakeFirst()
  return run?.offered_message_id
}
