import { isIP } from 'node:net'
import type { AddressPolicy } from './address-policy.js'
import { OutgoingError } from './outgoing-error.js'

/** Resolves a host name. The signal ends the wait. @throws when the name has no addresses */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<string[]>

/** RFC 6761, section 6.3: such names are the local machine, whatever a DNS server says. */
const LOCALHOST = /^(.*\.)?localhost\.?$/

/**
 * @param hostname as `URL` writes it: lower case, addresses in their normal form
 * @returns the allowed addresses of a host, at least one
 * @throws {OutgoingError} `dns` when it has no address, `address_refused` when none is allowed
 */
export async function allowedAddresses(
  hostname: string,
  policy: AddressPolicy,
  resolve: (hostname: string) => Promise<string[]>,
): Promise<string[]> {
  const addresses = literalAddresses(hostname) ?? (await resolve(hostname).catch(() => []))
  if (addresses.length === 0) throw new OutgoingError('dns', 'The name of the host has no address')
  const allowed = addresses.filter((address) => policy.refusalOf(address) === undefined)
  if (allowed.length === 0) throw refusedAddress(policy.refusalOf(addresses[0] ?? ''))
  return allowed
}

/** @returns the addresses of a host that need no resolution; undefined for a name */
export function literalAddresses(hostname: string): string[] | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare) !== 0) return [bare]
  return LOCALHOST.test(hostname) ? ['127.0.0.1', '::1'] : undefined
}

/** @param why the kind of address, as `AddressPolicy` names it; not the address, which may be a secret of the network */
export function refusedAddress(why = 'not a plain address'): OutgoingError {
  return new OutgoingError(
    'address_refused',
    `The URL leads to an address that may not be called (${why}). WEBHOOK_ALLOW_NETWORKS says which may`,
  )
}
