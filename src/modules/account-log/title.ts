/** Characters of a generated title, in UTF-16 code units. */
const MAX_LENGTH = 60

/** A word: no white space, line break or other control character. */
const WORD = /[^\s\p{Cc}\p{Zl}\p{Zp}]+/gu

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * The title of a run without a name: the first words that a person wrote to it.
 *
 * @returns whole words on one line, 60 characters at most; the beginning of a single word that is longer; undefined for
 *   a text without visible characters
 */
export function titleOf(text: string): string | undefined {
  let title = ''
  for (const [word] of text.matchAll(WORD)) {
    const longer = title === '' ? beginningOf(word) : `${title} ${word}`
    if (longer.length > MAX_LENGTH) break
    title = longer
    if (title.length < word.length) break
  }
  const shown = title.toWellFormed()
  return isVisible(shown) ? shown : undefined
}

/** @returns as much of a word as a title holds, without cutting a character of several code points */
function beginningOf(word: string): string {
  if (word.length <= MAX_LENGTH) return word
  let length = 0
  for (const { index, segment } of graphemes.segment(word.slice(0, 2 * MAX_LENGTH))) {
    if (index + segment.length > MAX_LENGTH) break
    length = index + segment.length
  }
  return word.slice(0, length)
}

/** Anything but spaces and invisible characters: joiners, direction marks, fillers, the blank Braille pattern. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u

/** @returns whether a text has visible characters */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text)
}
