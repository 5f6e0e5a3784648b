import { invalidField } from '../../errors.js'

/** Line breaks and other control characters. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

/** Anything but spaces and what is drawn as nothing: joiners, direction marks, fillers, the blank Braille pattern. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u

/** Whether there is anything to see in a text. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text)
}

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
