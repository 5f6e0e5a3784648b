import { lookup, Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { KeyedSemaphore } from '../../db/keyed-semaphore.js'
import type { Resolve } from './resolve.js'

/** System lookups take a thread each, out of the few that also hash passwords. */
const THREADS = 2

/** Initial milliseconds that one name server has for one question; and the number of attempts. */
const TIMEOUT = 3000
const TRIES = 2

/** Without a dot, or `.local`: names of the local network, which the operator controls. */
const OWN_NETWORK = /^[^.]+$|\.local$/

/** RFC 6761, section 6.4: such a name does not exist, and is never looked up. */
const INVALID = /(^|\.)invalid$/

/** The hosts file, with names of the local network. Other systems' files are not read. */
const HOSTS = '/etc/hosts'

/**
 * Resolves as the system does, but queries the name servers itself: `getaddrinfo` keeps a thread until it has an answer, so a
 * few slow name servers would hold up all calls, and all logins. It still resolves names of the local network, which it knows
 * more about.
 */
export function systemResolver(): Resolve {
  const threads = new KeyedSemaphore(THREADS)
  return async (hostname, signal) => {
    const name = hostname.replace(/\.$/, '')
    if (INVALID.test(name)) return []
    const named = await namedInHosts(name)
    if (named.length > 0) return named
    if (!OWN_NETWORK.test(name)) return askNameServers(name, signal)
    // A caller may stop waiting; a started lookup keeps its place until it ends, as it keeps its thread.
    return threads.take('', signal, async () =>
      (await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address),
    )
  }
}

/** @returns all addresses of both kinds; none for an unknown name */
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

/** @returns the addresses of a name in the hosts file (hosts(5)) */
async function namedInHosts(name: string): Promise<string[]> {
  const lines = (await readFile(HOSTS, 'utf8').catch(() => '')).split('\n')
  return lines.flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    return isIP(address) !== 0 && names.some((alias) => alias.toLowerCase() === name) ? [address] : []
  })
}
