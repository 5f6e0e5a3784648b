import type { Tenant } from '../../../db/tenant.js'
import { ProblemError } from '../../errors.js'
import { missingInstance } from '../account-log/deleted-instances.js'

/**
 * For people a deleted run does not exist; an agent learns that it was deleted.
 *
 * @param work queries the run
 * @throws {ProblemError} 410 instead of 404 where an agent acts and its run was deleted
 */
export async function tellDeleted<T>(tenant: Tenant, id: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (tenant.actor.kind !== 'key' || !(error instanceof ProblemError) || error.code !== 'not_found') throw error
    throw await missingInstance(tenant, id, error)
  }
}
