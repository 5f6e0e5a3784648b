import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Tenant } from '../../../db/tenant.js'
import { instanceDeleted, type ProblemError } from '../../errors.js'

/** How long the id of a deleted run is not used again. The trigger `refuse_deleted` says the same. */
const KEPT = sql.lit('90 days')

/** @returns an expression: whether a run with this id was deleted, and none may be made yet */
export function wasDeleted(tenant: Tenant, id: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select from account_events where user_id = ${tenant.userId} and agent_instance_id = ${id}::uuid
      and kind = 'instance_deleted' and created_at > now() - interval ${KEPT})`
}

/**
 * What an agent is told when its run is not there.
 *
 * @param otherwise what is said of a run that nobody has deleted
 * @returns the 410 for one that was deleted
 */
export async function missingInstance(tenant: Tenant, id: string, otherwise: ProblemError): Promise<ProblemError> {
  const { rows } = await sql<{ was_deleted: boolean }>`select ${wasDeleted(tenant, id)} as was_deleted`.execute(tenant)
  return rows[0]?.was_deleted ? instanceDeleted() : otherwise
}

/** Deletes a run with its chat; a trigger logs it. @returns whether there was such a run */
export async function deleteInstance(tenant: Tenant, id: string): Promise<boolean> {
  const { numDeletedRows } = await tenant
    .deleteFrom('agent_instances')
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}
