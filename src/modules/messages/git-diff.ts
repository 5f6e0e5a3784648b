import { isUtf8 } from 'node:buffer'
import { Limits } from '../../../schemas/common.js'
import { ProblemError } from '../../errors.js'
import { storableText } from '../../text.js'

/** What a `git_diff` field means: a diff to keep, null to clear the one there is, or nothing that can be used. */
export interface GitDiff {
  /** Undefined: the one that there is stays. */
  readonly diff: string | null | undefined
  /** What was changed about it, or why it was ignored. */
  readonly warnings: readonly string[]
}

/** Of a text without spaces: two parts that both match spaces take quadratic time to fail. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const GIT_HEADER = /^diff --git /m
const UNIFIED_HEADER = /^--- .*\r?\n\+\+\+ .*\r?\n@@ -\d+(,\d+)? \+\d+(,\d+)? @@/m

/**
 * Control sequences, by which terminals are told colours (`git diff --color`), and operating system commands, by which they
 * are told links. Source: ECMA-48, sections 5.4 and 5.6; each part ends where the next may begin.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they begin and end with
const TERMINAL_CODES = /[\x1b]\[[0-?]*[ -/]*[@-~]|[\x1b]\][^\x07\x1b]*(?:\x07|\x1b\\)/g

const IGNORED = 'git_diff is neither a unified diff nor its base64'
const NOT_UTF8 = 'git_diff had bytes that cannot be stored as UTF-8: U+FFFD stands for each'
const COLOURED = 'git_diff had colour codes or other codes of a terminal: they were taken out'

/**
 * @param text a unified diff, or its base64; empty to clear
 * @throws {ProblemError} 413 when it is larger than 8 MiB
 */
export function readGitDiff(text: string): GitDiff {
  if (text.trim() === '') return { diff: null, warnings: [] }
  const read = asDiff(text) ?? decodeBase64(text)
  if (!read) return { diff: undefined, warnings: [IGNORED] }
  if (Buffer.byteLength(read.diff) > Limits.gitDiff)
    throw new ProblemError('body_too_large', 'git_diff is larger than 8 MiB: cut it, or leave it out')
  return read
}

/** @returns undefined unless it is a unified diff, with or without colours */
function asDiff(text: string): { diff: string; warnings: string[] } | undefined {
  const plain = text.includes('\x1b') ? text.replaceAll(TERMINAL_CODES, '') : text
  if (!isUnifiedDiff(plain)) return undefined
  return { diff: plain, warnings: plain === text ? [] : [COLOURED] }
}

/** The formats are described in the documentation of git-diff and of GNU diffutils, "Unified Format". */
function isUnifiedDiff(text: string): boolean {
  return GIT_HEADER.test(text) || UNIFIED_HEADER.test(text)
}

/** @returns undefined unless it is the base64 of a diff */
function decodeBase64(text: string): { diff: string; warnings: string[] } | undefined {
  if (!BASE64.test(text.replaceAll(/\s+/g, ''))) return undefined
  const bytes = Buffer.from(text, 'base64')
  const decoded = storableText(new TextDecoder().decode(bytes))
  const read = asDiff(decoded)
  if (!read || (isUtf8(bytes) && !bytes.includes(0))) return read
  return { diff: read.diff, warnings: [NOT_UTF8, ...read.warnings] }
}
