import { isIPv6, type LookupFunction } from 'node:net'
import { KeyedSemaphore } from '../../db/keyed-semaphore.js'
import { AddressPolicy } from './address-policy.js'
import { OutgoingError, translated } from './outgoing-error.js'
import { readExcerpt } from './read-excerpt.js'
import { allowedAddresses, type Resolve } from './resolve.js'
import { systemResolver } from './system-resolver.js'
import { readUrl } from './url.js'

/** Limits of calls, and the addresses that they may reach. */
export interface OutgoingOptions {
  /** CIDRs that may be called although they are not on the public internet. */
  readonly allowNetworks?: readonly string[]
  /** Milliseconds for a whole call, from its turn on: name resolution, connection, answer. */
  readonly timeoutMs?: number
  readonly userAgent: string
  /** Concurrent calls to one host, for each purpose. */
  readonly perHost?: number
  /** …and how many of them may be of one account: its slow receivers must not use a host up. */
  readonly perAccount?: number
  /** Milliseconds that a call may wait for its turn. */
  readonly turnTimeoutMs?: Partial<Readonly<Record<OutgoingPurpose, number>>>
  /** Resolves names. */
  readonly resolve?: Resolve
  /** PEM certificates to trust instead of the public ones. */
  readonly ca?: string
}

/** The purpose of a call. Calls of one purpose do not wait for calls of another. */
export type OutgoingPurpose = 'launch' | 'delivery'

/** A call to an address that a user gave. */
export interface OutgoingCall {
  /** UUID of the account that the call is made for. */
  readonly userId: string
  readonly purpose: OutgoingPurpose
  readonly method: 'POST' | 'GET' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds, instead of the caller's own. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Called when the call's turn has come and it begins. */
  readonly onTurn?: () => void
}

/** A receiver's answer. */
export interface OutgoingAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The beginning of the body. It may echo the request, secrets included: it must not be logged or put into an error. */
  readonly excerpt: string
  /** From its turn on. */
  readonly durationMs: number
}

const TIMEOUT = 30_000
const PER_HOST = 32
const PER_ACCOUNT = 8

/** A launch is awaited by a request. A delivery holds a job while it waits, and is rescheduled when its turn does not come. */
const TURN_TIMEOUT_MS: Readonly<Record<OutgoingPurpose, number>> = { launch: 5_000, delivery: 1_000 }

/**
 * The one way out: every call to an address that a user gave goes through here.
 *
 * A name is resolved first, its addresses are checked, and the connection is made to those: it is not resolved again, so DNS
 * rebinding (a different second answer of the name server) has no effect. A connection is used for one call only. Redirects are
 * answers like others. Proxy settings of the environment are ignored: the proxy would connect to an unchecked address.
 */
export class OutgoingCaller {
  readonly #options: OutgoingOptions
  readonly #policy: AddressPolicy
  readonly #accounts: KeyedSemaphore
  readonly #hosts: KeyedSemaphore
  readonly #resolve: Resolve
  readonly #underWay = new Set<() => void>()
  #isClosed = false

  constructor(options: OutgoingOptions) {
    this.#options = options
    this.#policy = new AddressPolicy(options.allowNetworks ?? [])
    this.#accounts = new KeyedSemaphore(options.perAccount ?? PER_ACCOUNT)
    this.#hosts = new KeyedSemaphore(options.perHost ?? PER_HOST)
    this.#resolve = options.resolve ?? systemResolver()
  }

  /**
   * @returns the answer, whatever its status
   * @throws {OutgoingError} `busy` when its turn does not come in time: then no call was made
   */
  async call(call: OutgoingCall): Promise<OutgoingAnswer> {
    const { turnTimeoutMs, timeoutMs } = this.#options
    const url = readUrl(call.url, this.#policy)
    const stop = new AbortController()
    const giveUp = () => stop.abort(new OutgoingError('aborted', 'The call was given up'))
    const giveUpAfter = (ms: number, error: OutgoingError) => setTimeout(() => stop.abort(error), ms)
    const busy = new OutgoingError('busy', 'Too many calls to this host are under way')
    let timer = giveUpAfter(turnTimeoutMs?.[call.purpose] ?? TURN_TIMEOUT_MS[call.purpose], busy)
    if (this.#isClosed || call.signal?.aborted) giveUp()
    call.signal?.addEventListener('abort', giveUp)
    this.#underWay.add(giveUp)
    try {
      return await this.#inTurn(call, url.hostname, stop.signal, () => {
        clearTimeout(timer)
        const late = new OutgoingError('timeout', 'There was no answer in time')
        timer = giveUpAfter(call.timeoutMs ?? timeoutMs ?? TIMEOUT, late)
        call.onTurn?.()
        return this.#make(call, url, stop.signal)
      })
    } catch (error) {
      throw translated(stop.signal.aborted ? stop.signal.reason : error)
    } finally {
      this.#underWay.delete(giveUp)
      call.signal?.removeEventListener('abort', giveUp)
      clearTimeout(timer)
    }
  }

  /**
   * Checks a URL before it is stored. A later call may still be refused: names are resolved with each call.
   *
   * @throws {OutgoingError} `url_refused` or `address_refused`
   */
  checkUrl(url: string): void {
    readUrl(url, this.#policy)
  }

  /** Aborts all calls in flight, and refuses new ones. */
  close(): void {
    this.#isClosed = true
    for (const giveUp of this.#underWay) giveUp()
  }

  /** Queues among the calls of its account first, then among all calls. */
  #inTurn<T>(call: OutgoingCall, hostname: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { userId, purpose } = call
    const atHost = () => this.#hosts.take(`${purpose} ${hostname}`, signal, work)
    return this.#accounts.take(`${purpose} ${hostname} ${userId}`, signal, atHost)
  }

  async #make(call: OutgoingCall, url: URL, signal: AbortSignal): Promise<OutgoingAnswer> {
    const started = performance.now()
    const addresses = await this.#addressesOf(url.hostname, signal)
    const answer = await this.#send(call, url, addresses, signal)
    return { ...answer, durationMs: Math.round(performance.now() - started) }
  }

  #addressesOf(hostname: string, signal: AbortSignal): Promise<string[]> {
    return allowedAddresses(hostname, this.#policy, (name) => orAborted(this.#resolve(name, signal), signal))
  }

  async #send(
    { method, headers = {}, body }: OutgoingCall,
    url: URL,
    addresses: readonly string[],
    signal: AbortSignal,
  ): Promise<Omit<OutgoingAnswer, 'durationMs'>> {
    const { ca, userAgent } = this.#options
    // Loaded with the first call: loading takes a good part of the startup time, and many services never call out.
    const { Client } = await import('undici')
    const client = new Client(url.origin, {
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      autoSelectFamily: true,
      // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED changes nothing.
      connect: { lookup: pinned(addresses), timeout: 0, rejectUnauthorized: true, ...(ca ? { ca } : {}) },
    })
    try {
      const response = await client.request({
        method,
        path: `${url.pathname}${url.search}`,
        headers: { ...headers, 'user-agent': userAgent },
        body: body ?? null,
        signal,
        reset: true,
      })
      const { statusCode: status, headers: answered } = response
      return { status, headers: answered, excerpt: await readExcerpt(response.body) }
    } finally {
      client.destroy().catch(() => {})
    }
  }
}

/** A lookup with a fixed answer. An address in the URL itself is connected to without a lookup. */
function pinned(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
  return (_hostname, options, callback) => {
    if (options.all) return callback(null, answers)
    const [first] = answers
    callback(null, first?.address ?? '', first?.family)
  }
}

/** A lookup cannot be stopped, but its caller can stop waiting. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true })
    if (signal.aborted) giveUp()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}
