import type { OutgoingAnswer } from '../../outgoing/caller.js'

/** The longest `Retry-After` that is honoured, in milliseconds. */
const LONGEST = 60 * 60 * 1_000

/** RFC 9110, section 10.2.3, names no others but redirects, which are not followed. 429: RFC 6585, section 4. */
const STATUSES: readonly number[] = [429, 503]

/** The three forms of a date that recipients must take. Source: RFC 9110, section 5.6.7. */
const DATES = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
]

/**
 * @param now when it was answered, in milliseconds since 1970
 * @returns milliseconds for which the receiver asks to wait, an hour at most; 0 when it does not say
 */
export function retryAfter({ status, headers }: Pick<OutgoingAnswer, 'status' | 'headers'>, now: number): number {
  const value = headers['retry-after']
  if (!STATUSES.includes(status) || typeof value !== 'string') return 0
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : dateOf(value) - now
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(wait, 0), LONGEST)
}

function dateOf(text: string): number {
  if (!DATES.some((form) => form.test(text))) return Number.NaN
  // The oldest form does not name its zone, which is the same.
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
}
