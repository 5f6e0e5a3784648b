import { lookup, Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { KeyedSemaphore } from '../../db/keyed-semaphore.js'
import type { Resolve } from './resolve.js'

/** Lookups by the system take a thread each, of the few that hash passwords as well. */
const THREADS = 2

/** Milliseconds that one name server has for one question, at first; and how often it is asked. */
const TIMEOUT = 3000
const TRIES = 2

/** Without a dot, or `.local`: names of the own network, whose servers are the operator's. */
const OWN_NETWORK = /^[^.]+$|\.local$/

/** RFC 6761, section 6.4: there is no such name, and nobody need be asked. */
const INVALID = /(^|\.)invalid$/

/** Where people name the machines at home. The file of other systems is not read. */
const HOSTS = '/etc/hosts'

/**
 * Finds addresses as the system does, but asks the name servers itself: `getaddrinfo` keeps a thread until it has an
 * answer, so a few names whose servers answer slowly would hold up everybody's calls, and everybody's logins. It is left
 * with the names of the own network, which it knows more about.
 */
export function systemResolver(): Resolve {
  const threads = new KeyedSemaphore(THREADS)
  return async (hostname, signal) => {
    const name = hostname.replace(/\.$/, '')
    if (INVALID.test(name)) return []
    const named = await namedInHosts(name)
    if (named.length > 0) return named
    if (!OWN_NETWORK.test(name)) return askNameServers(name, signal)
    // Whoever waits may leave; a lookup that has begun keeps its place until it ends, as it keeps its thread.
    return threads.take('', signal, async () =>
      (await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address),
    )
  }
}

/** @returns all addresses of both kinds; none when nobody knows the name */
async function askNameServers(name: string, signal: AbortSignal): Promise<string[]> {
  const resolver = new Resolver({ timeout: TIMEOUT, tries: TRIES })
  const stop = () => resolver.cancel()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** @returns the addresses that the hosts file gives a name (hosts(5)) */
async function namedInHosts(name: string): Promise<string[]> {
  const lines = (await readFile(HOSTS, 'utf8').catch(() => '')).split('\n')
  return lines.flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    return isIP(address) !== 0 && names.some((alias) => alias.toLowerCase() === name) ? [address] : []
  })
}
