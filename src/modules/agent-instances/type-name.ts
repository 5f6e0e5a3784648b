import type { Tenant } from '../../../db/tenant.js'
import { invalidField, ProblemError } from '../../errors.js'
import { missingInstance } from '../account-log/deleted-instances.js'
import { isVisible } from '../account-log/title.js'

/** Line breaks and other control characters. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

/**
 * Agent types have one name whatever case and Unicode form it is written in.
 *
 * @returns undefined for a blank one
 */
export function normalizeAgentType(name: string | null | undefined): string | undefined {
  return name?.trim().toLowerCase().normalize('NFC') || undefined
}

/**
 * @param path the field of the name
 * @returns the normalized name; undefined for a blank one
 * @throws {ProblemError} 400 for a name with line breaks or without visible characters
 */
export function acceptAgentType(name: string | null | undefined, path: string): string | undefined {
  const normalized = normalizeAgentType(name)
  if (normalized === undefined) return undefined
  if (normalized.search(CONTROL) >= 0) throw invalidField(path, 'must not contain line breaks or control characters')
  if (!isVisible(normalized)) throw invalidField(path, 'must have a visible character')
  return normalized
}

/**
 * For names that a program generates, where no person could correct an error.
 *
 * @returns the normalized name, with spaces for line breaks and control characters; undefined without visible
 *   characters
 */
export function cleanAgentType(name: string): string | undefined {
  const normalized = normalizeAgentType(name.replace(CONTROL, ' '))
  return normalized !== undefined && isVisible(normalized) ? normalized : undefined
}

/**
 * The agent type of a run that does not exist. A deleted run is reported as such, whatever agent type the caller names.
 *
 * @param name the `agent_type` of the body as it was sent
 * @param missing the error for a blank one
 * @returns the normalized name
 * @throws {ProblemError} 410 when the run was deleted; else `missing`, or 400 for an invalid name
 */
export async function requireAgentType(
  tenant: Tenant,
  instanceId: string,
  name: string | null,
  missing: ProblemError,
): Promise<string> {
  try {
    const agentType = acceptAgentType(name, 'body.agent_type')
    if (agentType === undefined) throw missing
    return agentType
  } catch (error) {
    throw error instanceof ProblemError ? await missingInstance(tenant, instanceId, error) : error
  }
}
