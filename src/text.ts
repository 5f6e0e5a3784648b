/**
 * @returns the text with U+FFFD for what could not be stored: NUL characters, which PostgreSQL's text cannot hold, and
 *   surrogates without a partner, which UTF-8 cannot express
 */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\u{FFFD}').toWellFormed()
}
