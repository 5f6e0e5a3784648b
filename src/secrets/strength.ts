/** Characters that a signing secret needs for HS256 to be as strong as its hash (RFC 7518, section 3.2). */
const MIN_LENGTH = 32

/** A random secret of 32 hexadecimal digits has fewer distinct ones about once in ten million times. */
const MIN_VARIETY = 8

/** Placeholders that people write for a secret and forget to replace. Too long to occur by chance. */
const PLACEHOLDER =
  /change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|with)|secret|password|passphrase|example|placeholder|default|insecure|signalbox|not[-_ ]?safe/gi

/** Characters around a placeholder. */
const FILLER = /development|production|characters?|at[-_ ]?least|random|string|please|super|token|long|your|jwt|key/gi

/**
 * Finds faults in a secret that was made up, or copied from documentation. It is no proof of strength.
 *
 * @returns the fault, to be read after the setting's name, without any of the secret; undefined when none is found
 */
export function weaknessOf(secret: string): string | undefined {
  if (secret.length < MIN_LENGTH) return `must have at least ${MIN_LENGTH} characters`
  if (new Set(secret).size < MIN_VARIETY) return 'has too few different characters'
  if (isRepetition(secret)) return 'repeats itself'
  if (isSequence(secret)) return 'is a sequence'
  if (isPlaceholder(secret)) return 'is a placeholder'
  return undefined
}

/** The same few characters again and again, such as "abcdefgh" four times. */
function isRepetition(secret: string): boolean {
  const characters = [...secret]
  for (let period = 1; period <= secret.length / 2; period++) {
    if (characters.every((character, i) => i < period || character === characters[i - period])) return true
  }
  return false
}

/** Most characters follow the one before them, as in "abc" and "0123". */
function isSequence(secret: string): boolean {
  let steps = 0
  for (let i = 1; i < secret.length; i++) if (secret.charCodeAt(i) - secret.charCodeAt(i - 1) === 1) steps += 1
  return steps > secret.length / 2
}

/** Placeholders may surround a good secret: a secret that is too short without them is refused. */
function isPlaceholder(secret: string): boolean {
  const rest = secret.replaceAll(PLACEHOLDER, '')
  return rest !== secret && rest.replaceAll(FILLER, '').length < MIN_LENGTH
}
