/** A JSON number that JavaScript would change when it reads and writes it. */
export interface InexactNumber {
  /** As written. */
  readonly text: string
  /** Its position. */
  readonly start: number
  /**
   * Names of fields and indexes of elements that lead to it. Built on demand, before the next number is read: few of a hundred
   * thousand numbers are reported to a caller.
   */
  path(): string[]
}

/** How deep numbers are searched; deeper ones are never stored. */
const MAX_DEPTH = 64

/** Any number with this many digits is exact in 64 bits (IEEE 754), and JavaScript writes it unchanged. */
const EXACT_DIGITS = 15

/** The smallest number for which that holds. */
const MIN_NORMAL = 2 ** -1022

/** The beginning of a number that is written as 0, whatever its exponent. */
const ZERO = /^[-0.]+(?:e|$)/i

/** Digits that JavaScript can round a number to. */
const MAX_PRECISION = 100

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, DIGIT_0, DIGIT_9] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x30, 0x39]
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d]

/** An array or object that is being read. */
interface Container {
  readonly isArray: boolean
  /** Of the current element. */
  index: number
  /** Where the name of the current field begins and ends, with its quotes. */
  name: readonly [start: number, end: number]
  /** The name, once it was needed: many numbers may share a field with a long name. */
  readName: string | undefined
  /** Whether the current field is ignored, once it was needed. */
  isIgnored: boolean | undefined
}

/**
 * Finds the numbers that would change: those beyond 64-bit floats (`1e400`), integers beyond 2^53 that are written otherwise,
 * and decimals with more digits than they have. `1.50` and `1e21` change in form but not in value, and so does
 * `0.10000000000000001`, which other programs write for 0.1: the value rounded to as many digits as were sent.
 *
 * Takes time linear in the length of the text; a text without long numbers is only searched for them.
 *
 * @param json valid JSON
 * @param ignores whether numbers in a field of the outermost object are irrelevant; called once for each field with long ones.
 *   For an outermost array, it is called for the first element with one, for all of them
 */
export function* inexactNumbers(
  json: string,
  ignores: (field: string) => boolean = () => false,
): Generator<InexactNumber> {
  if (!hasLongNumber(json)) return
  const open: Container[] = []
  let lastString: readonly [number, number] = [0, 0]
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    const inner = open.at(-1)
    if (code === QUOTE) {
      const start = at
      at = endOfString(json, at)
      lastString = [start, at + 1]
    } else if (code === COLON && inner) {
      inner.name = lastString
      inner.readName = undefined
      inner.isIgnored = undefined
    } else if (code === COMMA && inner) {
      inner.index += 1
    } else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      const isArray = code === OPEN_BRACKET
      open.push({ isArray, index: 0, name: lastString, readName: undefined, isIgnored: undefined })
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) {
      open.pop()
    } else if (code === MINUS || isDigit(code)) {
      const start = at
      at = endOfNumber(json, at)
      if (open.length > MAX_DEPTH || !isLong(json, start, at) || isInIgnored(open[0], json, ignores)) continue
      const text = json.slice(start, at + 1)
      if (isInexact(text)) yield { text, start, path: () => open.map((container) => stepInto(container, json)) }
    }
  }
}

/** Strings are skipped, so that nearly nothing of a body full of text is read. */
function hasLongNumber(json: string): boolean {
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(json, at)
    } else if (code === MINUS || isDigit(code)) {
      const start = at
      at = endOfNumber(json, at)
      if (isLong(json, start, at)) return true
    }
  }
  return false
}

/** @returns whether a number has many digits, or an exponent; given the positions of its first and last characters */
function isLong(json: string, start: number, last: number): boolean {
  if (last - start >= EXACT_DIGITS) return true
  for (let at = start; at <= last; at++) if (isExponent(json.charCodeAt(at))) return true
  return false
}

/** @param root undefined for a number at the top level */
function isInIgnored(root: Container | undefined, json: string, ignores: (field: string) => boolean): boolean {
  if (!root) return false
  root.isIgnored ??= ignores(stepInto(root, json))
  return root.isIgnored
}

/**
 * @param numbers some of the numbers found in it, in order; default: all of them
 * @returns the JSON with these numbers as strings
 */
export function inexactAsText(
  json: string,
  numbers: Iterable<Pick<InexactNumber, 'text' | 'start'>> = inexactNumbers(json),
): string {
  const parts: string[] = []
  let from = 0
  for (const { text, start } of numbers) {
    parts.push(json.slice(from, start), '"', text, '"')
    from = start + text.length
  }
  return from === 0 ? json : parts.join('') + json.slice(from)
}

function stepInto(container: Container, json: string): string {
  if (container.isArray) return String(container.index)
  container.readName ??= String(JSON.parse(json.slice(...container.name)))
  return container.readName
}

/** Characters of a string that are scanned one by one. Only a longer string is worth a native search, which costs as much. */
const NEAR = 64

/**
 * @returns the position of the closing quote, given the opening one; an even number of backslashes before it escape each other
 */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; ; ) {
    const near = Math.min(at + NEAR, json.length)
    while (at < near && json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1
    if (at < near || at >= json.length) return at
    const quote = json.indexOf('"', at)
    if (quote < 0) return json.length
    let slashes = 0
    while (quote - slashes > at && json.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return quote
    at = quote + 1
  }
}

/** @returns the position of the last character of a number, given the first */
function endOfNumber(json: string, start: number): number {
  let at = start
  while (isPartOfNumber(json.charCodeAt(at + 1))) at += 1
  return at
}

/** Digits, and any of `+-.eE`. */
function isPartOfNumber(code: number): boolean {
  return isDigit(code) || code === 0x2b || code === MINUS || code === 0x2e || isExponent(code)
}

/** Any of `eE`. */
function isExponent(code: number): boolean {
  return code === 0x65 || code === 0x45
}

function isDigit(code: number): boolean {
  return code >= DIGIT_0 && code <= DIGIT_9
}

/**
 * The slow check is only for numbers that are neither short nor written as JavaScript writes them.
 *
 * @param text a number, as JSON has it
 */
function isInexact(text: string): boolean {
  const number = Number(text)
  if (!Number.isFinite(number)) return true
  if (text.length <= EXACT_DIGITS && Math.abs(number) >= MIN_NORMAL) return false
  if (number === 0) return !ZERO.test(text)
  if (String(number) === text) return false
  const sent = decimalOf(text)
  // An integer may be an id, which other programs read digit by digit.
  const written = Number.isInteger(number)
    ? String(number)
    : number.toPrecision(Math.min(Math.max(sent.digits.length, 1), MAX_PRECISION))
  const kept = decimalOf(written)
  return sent.digits !== kept.digits || (sent.digits !== '' && sent.exponent !== kept.exponent)
}

/** A number's digits without surrounding zeros, none for 0; and the exponent of the last one. */
function decimalOf(text: string): { digits: string; exponent: number } {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const all = whole + fraction
  let [start, end] = [0, all.length]
  while (start < end && all.charCodeAt(start) === DIGIT_0) start += 1
  while (end > start && all.charCodeAt(end - 1) === DIGIT_0) end -= 1
  return { digits: all.slice(start, end), exponent: Number(power) - fraction.length + (all.length - end) }
}
