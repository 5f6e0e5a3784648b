import { isUtf8 } from 'node:buffer'
import { Limits } from '../../../schemas/common.js'
import { ProblemError } from '../../errors.js'
import { storableText } from '../../json/storable-text.js'

/** The meaning of a `git_diff` field: a diff to keep, null to clear the stored one, or nothing usable. */
export interface GitDiff {
  /** Undefined: the stored one stays. */
  readonly diff: string | null | undefined
  /** What was changed in it, or why it was ignored. */
  readonly warnings: readonly string[]
}

/** Where the base64 in a text ends, also one in lines; what follows is its padding, if it is one. */
const NO_BASE64 = /[^A-Za-z0-9+/\s]/
const PADDING: ReadonlySet<string> = new Set(['', '=', '=='])

/**
 * Base64 is written in lines of 60 to 76 characters (RFC 2045, section 6.8; RFC 7468, section 2), if in lines at all. Words
 * are shorter than this.
 */
const SHORTEST_LINE = 20

/** Characters that show whether the rest is worth decoding. */
const BASE64_SAMPLE = 64 * 1024

/** Characters of the base64 of a diff that is not too large, in lines of 60 that end with CR LF. */
const MAX_BASE64 = Math.ceil((Math.ceil(Limits.gitDiff / 3) * 4 * 62) / 60)

const GIT_HEADER = /^diff --git /m
const UNIFIED_HEADER = /^--- .*\r?\n\+\+\+ .*\r?\n@@ -\d+(,\d+)? \+\d+(,\d+)? @@/m

const [ESCAPE, BELL, BACKSLASH, OPEN_BRACKET, CLOSE_BRACKET] = [0x1b, 0x07, 0x5c, 0x5b, 0x5d]

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
  if (Buffer.byteLength(read.diff) > Limits.gitDiff) throw tooLarge()
  return read
}

function tooLarge(): ProblemError {
  return new ProblemError('body_too_large', 'git_diff is larger than 8 MiB: cut it, or leave it out')
}

/** @returns undefined unless it is a unified diff, with or without colours */
function asDiff(text: string): { diff: string; warnings: string[] } | undefined {
  const plain = text.includes('\x1b') ? withoutCodes(text) : text
  if (!isUnifiedDiff(plain)) return undefined
  return { diff: plain, warnings: plain === text ? [] : [COLOURED] }
}

/**
 * Removes control sequences, which set terminal colours (`git diff --color`), and operating system commands, which set
 * links. In place, byte by byte: there may be millions of them.
 *
 * @param text without lone surrogates
 */
function withoutCodes(text: string): string {
  const bytes = Buffer.from(text)
  let kept = 0
  for (let at = 0; at < bytes.length; ) {
    const end = bytes[at] === ESCAPE ? endOfCode(bytes, at) : at
    if (end > at) at = end
    else bytes[kept++] = bytes[at++] ?? 0
  }
  return kept === bytes.length ? text : bytes.toString('utf8', 0, kept)
}

/**
 * Source: ECMA-48, sections 5.4 and 5.6. An unterminated code is read up to the next ESC at most, which no code has
 * inside.
 *
 * @returns where the code ends that begins with the ESC at `start`; `start` when it is none, or incomplete
 */
function endOfCode(bytes: Uint8Array, start: number): number {
  const byteAt = (at: number) => bytes[at] ?? 0
  let at = start + 2
  if (byteAt(start + 1) === OPEN_BRACKET) {
    while (byteAt(at) >= 0x30 && byteAt(at) <= 0x3f) at += 1
    while (byteAt(at) >= 0x20 && byteAt(at) <= 0x2f) at += 1
    return byteAt(at) >= 0x40 && byteAt(at) <= 0x7e ? at + 1 : start
  }
  if (byteAt(start + 1) !== CLOSE_BRACKET) return start
  while (at < bytes.length && byteAt(at) !== BELL && byteAt(at) !== ESCAPE) at += 1
  if (byteAt(at) === BELL) return at + 1
  return byteAt(at) === ESCAPE && byteAt(at + 1) === BACKSLASH ? at + 2 : start
}

/** The formats are described in the documentation of git-diff and of GNU diffutils, "Unified Format". */
function isUnifiedDiff(text: string): boolean {
  return GIT_HEADER.test(text) || UNIFIED_HEADER.test(text)
}

/**
 * @returns undefined unless it is the base64 of a diff
 * @throws {ProblemError} 413 for base64 of more than a diff may have
 */
function decodeBase64(text: string): { diff: string; warnings: string[] } | undefined {
  if (!beginsAsBase64(text)) return undefined
  if (text.length > MAX_BASE64) throw tooLarge()
  const end = text.search(NO_BASE64)
  if (end >= 0 && !PADDING.has(text.slice(end).trim())) return undefined
  const bytes = Buffer.from(text, 'base64')
  const read = asDiff(new TextDecoder().decode(bytes))
  if (!read || (isUtf8(bytes) && !bytes.includes(0))) return read
  return { diff: storableText(read.diff), warnings: [NOT_UTF8, ...read.warnings] }
}

/** Checks only the beginning: whether it has nothing but base64, with no more white space than lines have. */
function beginsAsBase64(text: string): boolean {
  const sample = text.slice(0, BASE64_SAMPLE).trim()
  const end = sample.search(NO_BASE64)
  if (end >= 0 && !PADDING.has(sample.slice(end))) return false
  const spaces = sample.match(/\s+/g)?.length ?? 0
  return spaces <= sample.length / SHORTEST_LINE
}
