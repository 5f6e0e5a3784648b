import type { FastifyRequest } from 'fastify'
import { mendedWarning } from '../../json/storable-text.js'
import { mendedIn } from '../../plugins/body.js'

/**
 * Warnings about characters in the request that were replaced because they cannot be stored.
 *
 * @param others further warnings
 * @returns no field at all when there are none: legacy clients know none
 */
export function warningsOf(request: FastifyRequest, others: readonly string[] = []): { warnings?: string[] } {
  const warnings = [...mendedIn(request).map(mendedWarning), ...others]
  return warnings.length > 0 ? { warnings } : {}
}
