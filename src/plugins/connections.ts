import { BlockList, isIPv6, type Socket } from 'node:net'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Open connections in all: twice as many as there are readers of streams that a process is made for. */
const MAX_CONNECTIONS = 20_000

/** Open connections of one address on the internet, or network of IPv6. Behind it may be a whole office. */
const MAX_OF_ADDRESS = 512

/** Milliseconds between two log entries that an address had too many. */
const WARNING_INTERVAL = 60_000

/** Where proxies and balancers are, through which everybody comes. Sources: RFC 1918, 3927, 4193, 4291 and 6598. */
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

/** What the limit on connections has to know of the network. */
export interface ConnectionsOptions {
  /** Whether connections are those of proxies, so that their addresses say nothing. */
  readonly areProxied: boolean
}

/**
 * Bounds the connections that are open, of one address and in all: each takes memory and a descriptor, before anything is
 * sent on it that could be counted.
 *
 * And lets the service stop although somebody holds a connection on which nothing was ever sent. Browsers and HTTP clients
 * open such in advance. Node does not count them as idle (`closeIdleConnections` passes them over), so that closing the
 * server would wait until they are given up.
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

/** @returns the address or network on the internet that somebody comes from; undefined when it is none, or they are gone */
function distantAddress({ remoteAddress }: Socket): string | undefined {
  if (remoteAddress === undefined) return undefined
  return nearby.check(remoteAddress, isIPv6(remoteAddress) ? 'ipv6' : 'ipv4') ? undefined : normalizeIP(remoteAddress)
}
