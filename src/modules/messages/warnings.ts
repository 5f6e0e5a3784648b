import type { FastifyRequest } from 'fastify'
import { mendedWarning } from '../../json/storable-text.js'
import { mendedIn } from '../../plugins/body.js'

/**
 * Says what was replaced in the request because it cannot be stored.
 *
 * @param others what else is to be said
 * @returns no field at all when there is nothing: legacy clients know none
 */
export function warningsOf(request: FastifyRequest, others: readonly string[] = []): { warnings?: string[] } {
  const warnings = [...mendedIn(request).map(mendedWarning), ...others]
  return warnings.length > 0 ? { warnings } : {}
}
