import { BlockList, isIP, SocketAddress } from 'node:net'

/**
 * Addresses that are not on the public internet, or embed an address that this table would have to check again. Sources: the
 * IANA special-purpose address registries (RFC 6890) for IPv4 and IPv6, and the documentation of cloud providers. The first
 * network that contains an address gives the reason for its refusal, so a narrower network stands before the one around it.
 */
const REFUSED: readonly (readonly [network: string, why: string])[] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private network'],
  ['100.100.100.200/32', 'cloud metadata'],
  ['100.64.0.0/10', 'shared address space'],
  ['127.0.0.0/8', 'loopback'],
  ['168.63.129.16/32', 'cloud metadata'],
  ['169.254.169.254/32', 'cloud metadata'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private network'],
  ['192.0.0.0/24', 'protocol assignments'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'AS112'],
  ['192.52.193.0/24', 'AMT relays'],
  ['192.88.99.0/24', '6to4 relays'],
  ['192.168.0.0/16', 'private network'],
  ['192.175.48.0/24', 'AS112'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
  ['240.0.0.0/4', 'reserved'],
  ['::/128', 'unspecified address'],
  ['::1/128', 'loopback'],
  ['::ffff:0:0/96', 'IPv4-mapped'],
  ['::ffff:0:0:0/96', 'IPv4-translated'],
  ['::/96', 'IPv4-compatible'],
  ['64:ff9b::/96', 'NAT64'],
  ['64:ff9b:1::/48', 'NAT64'],
  ['100::/64', 'discard only'],
  ['2001::/32', 'Teredo'],
  ['2001:2::/48', 'benchmarking'],
  ['2001::/23', 'protocol assignments'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['2620:4f:8000::/48', 'AS112'],
  ['3fff::/20', 'documentation'],
  ['fd00:ec2::254/128', 'cloud metadata'],
  ['fd20:ce::254/128', 'cloud metadata'],
  ['fc00::/7', 'unique local'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
  // All allocations so far are in 2000::/3.
  ['::/3', 'reserved'],
  ['4000::/2', 'reserved'],
  ['8000::/1', 'reserved'],
]

type Family = 'ipv4' | 'ipv6'

interface Network {
  readonly family: Family
  readonly has: BlockList
}

/**
 * Decides which addresses may be called.
 *
 * Built on `net.BlockList`, whose reading of addresses is that of the sockets: a second parser could read an address
 * differently from the socket that connects to it.
 */
export class AddressPolicy {
  readonly #allowed: readonly Network[]
  readonly #refused: readonly (Network & { why: string })[]

  /** @param allowed CIDRs that may be called even if not public; `isNetwork` holds for each */
  constructor(allowed: readonly string[]) {
    this.#allowed = allowed.map(network)
    this.#refused = REFUSED.map(([cidr, why]) => ({ ...network(cidr), why }))
  }

  /** @returns a short reason why an address may not be called; undefined when it may */
  refusalOf(address: string): string | undefined {
    const family = familyOf(address)
    if (!family || address.includes('%')) return 'not a plain address'
    const forms = [{ address, family }, ...embeddedForm(address, family)]
    if (forms.some((form) => this.#allowed.some((allowed) => contains(allowed, form)))) return undefined
    return this.#refused.find((refused) => contains(refused, { address, family }))?.why
  }
}

/** @returns whether it is an address with a prefix length, such as `10.0.0.0/8` or `fd00::/8` */
export function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/')
  const family = familyOf(address)
  if (!family || address.includes('%') || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false
  return Number(bits) <= (family === 'ipv4' ? 32 : 128)
}

function network(cidr: string): Network {
  const [address = '', bits = ''] = cidr.split('/')
  const family = familyOf(address) ?? 'ipv4'
  const has = new BlockList()
  has.addSubnet(address, Number(bits), family)
  return { family, has }
}

/** A BlockList itself takes `::ffff:0:0/96` for all of IPv4. */
function contains(network: Network, { address, family }: { address: string; family: Family }): boolean {
  return network.family === family && network.has.check(address, family)
}

/** An IPv4-mapped address is also checked as the IPv4 address it maps: allowing 127.0.0.0/8 includes it. */
function embeddedForm(address: string, family: Family): { address: string; family: Family }[] {
  if (family === 'ipv4') return []
  const normal = new SocketAddress({ address, family }).address
  const embedded = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(normal)?.[1]
  return embedded ? [{ address: embedded, family: 'ipv4' }] : []
}

function familyOf(address: string): Family | undefined {
  const version = isIP(address)
  if (version === 0) return undefined
  return version === 4 ? 'ipv4' : 'ipv6'
}
