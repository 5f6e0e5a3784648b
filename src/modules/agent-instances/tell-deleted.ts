import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../../errors.js'
import { missingInstance } from '../account-log/deleted-instances.js'

/** To people a deleted run is one that is not there; an agent is told what became of it. */
export async function tellDeleted<T>(
  { actor, tenant, params }: Pick<FastifyRequest, 'actor' | 'tenant'> & { readonly params: { readonly id: string } },
  work: Promise<T>,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (actor.kind !== 'key' || !(error instanceof ProblemError) || error.code !== 'not_found') throw error
    throw await missingInstance(tenant, params.id, error)
  }
}
