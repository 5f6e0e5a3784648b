/** Headers that HTTP or the caller itself sets; a second value would repeat or contradict them (RFC 9110). */
const RESERVED = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
])

const MAX_HEADERS = 50

/** Characters of all headers together; receivers seldom take more than 8 KiB. */
const MAX_LENGTH = 4096

/** RFC 9110, section 5.6.2: a token. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** No line breaks, which would begin another header, and nothing that is not ASCII. */
const VALUE = /^[\t\x20-\x7e]*$/

/**
 * Reads headers that a user gave.
 *
 * @param text a JSON object whose values are text
 * @returns the headers with their names in lower case, or what is wrong with them, to be read after the field's name
 */
export function customHeaders(text: string): Record<string, string> | string {
  const parsed = parse(text)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return 'must be a string with a JSON object'
  const entries = Object.entries(parsed)
  if (entries.length > MAX_HEADERS) return `must not have more than ${MAX_HEADERS} headers`
  if (text.length > MAX_LENGTH) return `must not be longer than ${MAX_LENGTH} characters`
  const headers = new Map<string, string>()
  for (const [given, value] of entries) {
    const name = given.toLowerCase()
    // A name is not repeated in the message before it is known to be harmless.
    if (!NAME.test(name)) return 'must have only names of headers: letters, digits and hyphens'
    if (RESERVED.has(name) || name.startsWith('proxy-')) return `must not have the header ${name}, which is not free`
    if (headers.has(name)) return `must not have the header ${name} twice`
    if (typeof value !== 'string' || !VALUE.test(value)) {
      return `must have text without line breaks, in ASCII, for the header ${name}`
    }
    headers.set(name, value)
  }
  return Object.fromEntries(headers)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
