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
 * @param path the field that the name comes from
 * @returns the normalized name; undefined for a blank one
 * @throws {ProblemError} 400 for one that breaks lines or shows nothing
 */
export function acceptAgentType(name: string | null | undefined, path: string): string | undefined {
  const normalized = normalizeAgentType(name)
  if (normalized === undefined) return undefined
  if (normalized.search(CONTROL) >= 0) throw invalidField(path, 'must not contain line breaks or control characters')
  if (!isVisible(normalized)) throw invalidField(path, 'must have a visible character')
  return normalized
}

/**
 * For names that a program gives itself, and nobody is there to correct.
 *
 * @returns the normalized name, with spaces for line breaks and control characters; undefined if it shows nothing
 */
export function cleanAgentType(name: string): string | undefined {
  const normalized = normalizeAgentType(name.replace(CONTROL, ' '))
  return normalized !== undefined && isVisible(normalized) ? normalized : undefined
}

/**
 * The kind of a run that is not there. Whoever goes on in one that was deleted is told that, whatever kind it names.
 *
 * @param name as it came, in `agent_type` of the body
 * @param missing what is said of a blank one
 * @returns the normalized name
 * @throws {ProblemError} 410 when the run was deleted; else `missing`, or 400 for what is no name
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
