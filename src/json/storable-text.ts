/** @returns whether PostgreSQL can store it: its text cannot hold NUL characters, nor UTF-8 unpaired surrogates */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** @returns the text with U+FFFD for each character that cannot be stored */
export function storableText(text: string): string {
  return (text.includes('\0') ? withoutNul(text) : text).toWellFormed()
}

/** In place: concatenating a text with millions of replacements takes fifty times as long. */
function withoutNul(text: string): string {
  const units = Buffer.from(text, 'utf16le')
  for (let at = 0; at < units.length; at += 2) {
    if (units[at] !== 0 || units[at + 1] !== 0) continue
    units[at] = 0xfd
    units[at + 1] = 0xff
  }
  return units.toString('utf16le')
}

/** @param name of the mended text. @returns the notice for its sender */
export function mendedWarning(name: string): string {
  return `${name} had NUL characters or halves of surrogate pairs, which cannot be stored: U+FFFD stands for each`
}
