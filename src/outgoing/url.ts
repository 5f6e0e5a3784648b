import type { AddressPolicy } from './address-policy.js'
import { OutgoingError } from './outgoing-error.js'
import { literalAddresses, refusedAddress } from './resolve.js'

const MAX_LENGTH = 2048

/**
 * Parses a URL and checks it as far as possible without resolving its host. The parser normalizes each host first: `0x7f.1`,
 * `017700000001` and `１２７.0.0.1` are all 127.0.0.1.
 *
 * @throws {OutgoingError} `url_refused` or `address_refused`, with a reason that does not repeat the URL
 */
export function readUrl(text: string, policy: AddressPolicy): URL {
  // The parser would remove these, so a person would read a different URL than the parser.
  if (/[\s\p{Cc}\\]/u.test(text)) throw refused('has white space, a backslash or a control character')
  if (text.length > MAX_LENGTH) throw refused(`is longer than ${MAX_LENGTH} characters`)
  if (!URL.canParse(text)) throw refused('is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused('must start with https:// or http://')
  if (!/^https?:\/\/[^/]/i.test(text)) throw refused('must have its host after two slashes')
  if (url.username || url.password || /^[^/]*\/\/[^/?#]*@/.test(text)) {
    throw refused('must not have a user name or a password')
  }
  const literal = literalAddresses(url.hostname)
  const refusals = literal?.map((address) => policy.refusalOf(address))
  if (refusals?.every((refusal) => refusal !== undefined)) throw refusedAddress(refusals[0])
  return url
}

function refused(reason: string): OutgoingError {
  return new OutgoingError('url_refused', `The URL ${reason}`)
}
