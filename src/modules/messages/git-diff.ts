import { Limits } from '../../../schemas/common.js'
import { ProblemError } from '../../errors.js'

/** What a `git_diff` field means: a diff to keep, null to clear the one there is, or nothing that can be used. */
export type GitDiff = { readonly diff: string | null } | { readonly ignored: string }

/** Of a text without spaces: two parts that both match spaces take quadratic time to fail. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const GIT_HEADER = /^diff --git /m
const UNIFIED_HEADER = /^--- .*\r?\n\+\+\+ .*\r?\n@@ -\d+(,\d+)? \+\d+(,\d+)? @@/m

/**
 * @param text a unified diff, or its base64; empty to clear
 * @throws {ProblemError} 413 when it is larger than 8 MiB
 */
export function readGitDiff(text: string): GitDiff {
  if (text.trim() === '') return { diff: null }
  const diff = isUnifiedDiff(text) ? text : decodeBase64(text)
  if (diff === undefined || !isUnifiedDiff(diff))
    return { ignored: 'git_diff is neither a unified diff nor its base64' }
  if (Buffer.byteLength(diff) > Limits.gitDiff)
    throw new ProblemError('body_too_large', 'git_diff is larger than 8 MiB')
  return { diff }
}

/** The formats are described in the documentation of git-diff and of GNU diffutils, "Unified Format". */
function isUnifiedDiff(text: string): boolean {
  return GIT_HEADER.test(text) || UNIFIED_HEADER.test(text)
}

/** @returns undefined unless it is base64 of UTF-8 text that can be stored */
function decodeBase64(text: string): string | undefined {
  if (!BASE64.test(text.replaceAll(/\s+/g, ''))) return undefined
  const bytes = Buffer.from(text, 'base64')
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return decoded.includes('\0') ? undefined : decoded
  } catch {
    return undefined
  }
}
