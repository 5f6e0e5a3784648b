import { BlockList, isIPv6, type Socket } from 'node:net'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Open connections in all: twice the number of stream readers that a process is designed for. */
const MAX_CONNECTIONS = 20_000

/** Open connections of one public address, or network of IPv6. A whole office may share it. */
const MAX_OF_ADDRESS = 512

/** Milliseconds between two log entries about an address with too many. */
const WARNING_INTERVAL = 60_000

/** Networks of proxies and balancers, which all callers come through. Sources: RFC 1918, 3927, 4193, 4291 and 6598. */
const NEARBY = [
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const

/** The network settings that the limit on connections depends on. */
export interface ConnectionsOptions {
  /** Whether connections come from proxies, so that their addresses identify no caller. */
  readonly areProxied: boolean
}

/**
 * Bounds open connections, per address and in all: each takes memory and a descriptor before it sends anything that could be
 * counted.
 *
 * Also lets the service stop while clients hold connections on which nothing was ever sent. Browsers and HTTP clients open such
 * connections in advance. Node does not count them as idle (`closeIdleConnections` passes them over), so closing the server
 * would wait until the clients close them.
 */
export const connections = fp(
  async (app: FastifyInstance, { areProxied }: ConnectionsOptions) => {
    const open = new Set<Socket>()
    const ofAddress = new Map<string, number>()
    let warnedAt = Number.NEGATIVE_INFINITY
    app.server.maxConnections = MAX_CONNECTIONS
    app.server.on('connection', (socket: Socket) => {
      const address = areProxied ? undefined : distantAddress(socket)
      const count = address === undefined ? 0 : (ofAddress.get(address) ?? 0)
      if (count >= MAX_OF_ADDRESS) {
        socket.destroy()
        if (performance.now() - warnedAt < WARNING_INTERVAL) return
        warnedAt = performance.now()
        app.log.warn({ ip: socket.remoteAddress }, `more than ${MAX_OF_ADDRESS} connections of one address`)
        return
      }
      open.add(socket)
      if (address !== undefined) ofAddress.set(address, count + 1)
      socket.once('close', () => {
        open.delete(socket)
        if (address === undefined) return
        const left = (ofAddress.get(address) ?? 1) - 1
        if (left > 0) ofAddress.set(address, left)
        else ofAddress.delete(address)
      })
    })
    app.addHook('preClose', async () => {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
    })
  },
  { name: 'connections' },
)

const nearby = new BlockList()
for (const [address, bits, family] of NEARBY) nearby.addSubnet(address, bits, family)

/** @returns the public address or network of a connection; undefined for other addresses, or when the connection is gone */
function distantAddress({ remoteAddress }: Socket): string | undefined {
  if (remoteAddress === undefined) return undefined
  return nearby.check(remoteAddress, isIPv6(remoteAddress) ? 'ipv6' : 'ipv4') ? undefined : normalizeIP(remoteAddress)
}
