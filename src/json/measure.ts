/** Limits on the amount of JSON. */
export interface JsonLimits {
  /** Elements of arrays and fields of objects, at every depth; an empty array or object counts as if it had one. */
  readonly values: number
  /** Fields of objects, at every depth. */
  readonly fields: number
  /** Depth of nested arrays and objects. */
  readonly depth: number
}

/** The result of measuring JSON. */
export interface JsonMeasure {
  /** As in `JsonLimits`: the counts up to where a limit was exceeded. */
  readonly values: number
  readonly fields: number
  /** Bytes other than the string in the large field. */
  readonly bytes: number
  /** The first limit exceeded. */
  readonly exceeds: keyof JsonLimits | undefined
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Measures JSON without parsing it, at a few nanoseconds a byte: parsing takes up to a hundred times as much time and memory
 * for each byte. The result for invalid JSON is arbitrary; the parser refuses it.
 *
 * @param largeField a name in the outermost object, as it stands between quotes; a name written with escapes is not found
 */
export function measureJson(json: Buffer, limits: JsonLimits, largeField?: string): JsonMeasure {
  const name = largeField === undefined ? undefined : Buffer.from(JSON.stringify(largeField))
  let values = 0
  let fields = 0
  let largeBytes = 0
  let depth = 0
  /** Whether the last string was the name of the field, and whether its value comes next. */
  let isNamed = false
  let isValueNext = false
  const measured = (exceeds?: keyof JsonLimits) => ({ values, fields, bytes: json.length - largeBytes, exceeds })
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === QUOTE) {
      const start = at
      at = endOfString(json, at)
      if (name === undefined || depth !== 1) continue
      if (isValueNext) largeBytes = at + 1 - start
      else isNamed = isAt(name, json, start, at + 1)
      isValueNext = false
    } else if (byte === COMMA) {
      if (++values > limits.values) return measured('values')
      isNamed = false
      isValueNext = false
    } else if (byte === COLON) {
      if (++fields > limits.fields) return measured('fields')
      if (depth === 1) isValueNext = isNamed
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++values > limits.values) return measured('values')
      if (++depth > limits.depth) return measured('depth')
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1
    }
  }
  return measured()
}

/** Bytes of a string that are scanned one by one. Only a longer string is worth a native search, which costs as much. */
const NEAR = 64

/** @returns the position of the closing quote, given the opening one */
function endOfString(json: Buffer, start: number): number {
  for (let at = start + 1; ; ) {
    const near = Math.min(at + NEAR, json.length)
    while (at < near && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1
    if (at < near || at >= json.length) return at
    const quote = json.indexOf(QUOTE, at)
    if (quote < 0) return json.length
    let slashes = 0
    while (quote - slashes > at && json[quote - 1 - slashes] === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return quote
    at = quote + 1
  }
}

function isAt(name: Uint8Array, json: Uint8Array, start: number, end: number): boolean {
  return end - start === name.length && Buffer.compare(name, json.subarray(start, end)) === 0
}
