import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Tenant } from '../../../db/tenant.js'
import { instanceDeleted, type ProblemError } from '../../errors.js'

/** How long the id of a deleted run cannot be reused. The trigger `refuse_deleted` says the same. */
const KEPT = sql.lit('90 days')

/** @returns an expression: whether a run with this id was deleted, and its id cannot be reused yet */
export function wasDeleted(tenant: Tenant, id: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select from account_events where user_id = ${tenant.userId} and agent_instance_id = ${id}::uuid
      and kind = 'instance_deleted' and created_at > now() - interval ${KEPT})`
}

/**
 * The error for an agent whose run does not exist.
 *
 * @param otherwise the error for a run that was not deleted
 * @returns the 410 for one that was deleted
 */
export async function missingInstance(tenant: Tenant, id: string, otherwise: ProblemError): Promise<ProblemError> {
  const { rows } = await sql<{ was_deleted: boolean }>`select ${wasDeleted(tenant, id)} as was_deleted`.execute(tenant)
  return rows[0]?.was_deleted ? instanceDeleted() : otherwise
}

/** Deletes a run with its chat; a trigger logs it. @returns whether the run existed */
export async function deleteInstance(tenant: Tenant, id: string): Promise<boolean> {
  const { numDeletedRows } = await tenant
    .deleteFrom('agent_instances')
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}
