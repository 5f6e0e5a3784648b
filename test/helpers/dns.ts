import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Test } from 'tap'
import type { Resolve } from '../../src/outgoing/resolve.js'

const TYPE_A = 1
const TYPE_AAAA = 28
const CLASS_IN = 1

/** A name server on loopback, and a resolver that queries it. */
export interface NameServer {
  readonly resolve: Resolve
  /** The names queried, one entry per lookup. */
  readonly asked: string[]
}

/**
 * A real DNS server for tests, with an answer computed for each query.
 *
 * @param answer gives the addresses of a name; gets the number of earlier queries for it
 */
export async function nameServer(t: Test, answer: (name: string, before: number) => string[]): Promise<NameServer> {
  const socket = createSocket('udp4')
  const current = new Map<string, string[]>()
  socket.on('message', (query, peer) => socket.send(respond(query, current), peer.port, peer.address))
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
  t.teardown(() => new Promise<void>((done) => socket.close(done)))
  const asked: string[] = []
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  const resolve = async (name: string) => {
    current.set(name, answer(name, asked.filter((earlier) => earlier === name).length))
    asked.push(name)
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    return [v4, v6].flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  }
  return { resolve, asked }
}

/** RFC 1035, section 4: the question is repeated, and each answer points back to its name at offset 12. */
function respond(query: Buffer, records: ReadonlyMap<string, string[]>): Buffer {
  const { name, end } = readName(query)
  const type = query.readUInt16BE(end)
  const version = type === TYPE_A ? 4 : type === TYPE_AAAA ? 6 : 0
  const addresses = (records.get(name) ?? []).filter((address) => isIP(address) === version)
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(0x8180, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(addresses.length, 6)
  return Buffer.concat([header, query.subarray(12, end + 4), ...addresses.map((address) => record(type, address))])
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + 1 }
}

function record(type: number, address: string): Buffer {
  const data = type === TYPE_A ? Buffer.from(address.split('.').map(Number)) : v6Bytes(address)
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(CLASS_IN, 4)
  head.writeUInt32BE(0, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function v6Bytes(address: string): Buffer {
  const [before = '', after = ''] = address.split('::')
  const words = (part: string) => part.split(':').filter((word) => word !== '')
  const filler = Array.from({ length: 8 - words(before).length - words(after).length }, () => '0')
  const all = address.includes('::') ? [...words(before), ...filler, ...words(after)] : words(address)
  return Buffer.from(all.map((word) => word.padStart(4, '0')).join(''), 'hex')
}
