/** @returns whether it can be stored: PostgreSQL's text cannot hold NUL characters, nor UTF-8 surrogates without a partner */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** @returns the text with U+FFFD for what could not be stored */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\u{FFFD}').toWellFormed()
}

/** @param name of the text that was mended. @returns what its sender is told */
export function mendedWarning(name: string): string {
  return `${name} had NUL characters or halves of surrogate pairs, which cannot be stored: U+FFFD stands for each`
}
