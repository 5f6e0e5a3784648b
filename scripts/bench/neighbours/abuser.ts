import { setMaxListeners } from 'node:events'
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JWK } from 'jose'

/** The service under abuse, and the abuser's account. */
export interface Target {
  readonly port: number
  /** The abuser's source address. */
  readonly address: string
  /** Credentials of an account of its own. */
  readonly token: string
  readonly key: string
  readonly email: string
  readonly password: string
  /** Signs tokens of the OpenID provider that the service trusts. */
  readonly provider?: Provider
  /** The log of the service's PostgreSQL server. */
  readonly databaseLog?: string
}

export interface Provider {
  readonly issuer: string
  readonly audience: string
  readonly privateKey: JWK
}

/** When an abuse ends. */
export interface Bounds {
  /** From the first round on. */
  readonly seconds: number
  /** Rounds of each lane. Without it, only the time counts. */
  readonly rounds?: number
  /** Uses the small sizes: shows that an abuse works. */
  readonly isSmall: boolean
}

/** The status of the answer; 0 for none. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** At most a mebibyte; empty if larger. */
  readonly text: string
}

export interface CallOptions {
  readonly credential?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | Buffer | string
  /** Another source address. */
  readonly address?: string
  readonly signal?: AbortSignal
}

/** A request with an unfinished body. */
export interface Unfinished {
  /** @returns whether the connection is still open */
  write(bytes: string): boolean
  finish(rest: string): Promise<Answer>
  /** Breaks the connection, if it is still open. */
  giveUp(): Promise<Answer>
}

/** Bytes of a body that are kept for inspection. */
const LARGEST_KEPT = 1024 * 1024

/** Milliseconds between attempts without a listener, so that a service that is gone does not cost a core. */
const NOBODY_THERE = 100

const NO_ANSWER: Answer = { status: 0, headers: {}, text: '' }

/**
 * A client that takes more than its share. No answer of the service is an error here: refusals are counted, and retried until
 * the bound.
 */
export class Abuser {
  readonly target: Target
  /** Number of answers by status; `closed` where the service broke the connection, `given up` where the abuser did. */
  readonly tally = new Map<string, number>()
  /** Other observations. */
  readonly notes: string[] = []
  readonly #bounds: Bounds
  readonly #agent = new Agent({ keepAlive: true })
  readonly #open = new Set<{ destroy(): unknown }>()
  readonly #ending = new AbortController()
  #until: number | undefined

  constructor(target: Target, bounds: Bounds) {
    this.target = target
    this.#bounds = bounds
    // Every pause is a listener.
    setMaxListeners(0, this.#ending.signal)
  }

  /** A size: `full`, unless small sizes are wanted. */
  size(full: number, small: number): number {
    return this.#bounds.isSmall ? small : full
  }

  /** Whether there is time left. The clock starts with the first call. */
  get goesOn(): boolean {
    this.#until ??= performance.now() + this.#bounds.seconds * 1000
    return performance.now() < this.#until && !this.#ending.signal.aborted
  }

  /** Repeats an operation in a number of parallel lanes, until the bound. */
  async repeat(lanes: number, work: (lane: number) => Promise<unknown>): Promise<void> {
    const { rounds = Number.POSITIVE_INFINITY } = this.#bounds
    const live = async (_: unknown, lane: number) => {
      for (let round = 0; round < rounds && this.goesOn; round++) await work(lane)
    }
    await Promise.all(Array.from({ length: lanes }, live))
  }

  /** Runs an operation a number of times, with bounded concurrency. */
  async times(count: number, lanes: number, work: (index: number) => Promise<unknown>): Promise<void> {
    let next = 0
    const live = async () => {
      while (next < count && !this.#ending.signal.aborted) await work(next++)
    }
    await Promise.all(Array.from({ length: Math.min(lanes, count) }, live))
  }

  /** Keeps what was begun running until the bound; where rounds are counted, until the condition holds. */
  async linger(isDone: () => boolean): Promise<void> {
    const isCounted = this.#bounds.rounds !== undefined
    while (this.goesOn && !(isCounted && isDone())) await this.pause(100)
  }

  /** @param time milliseconds */
  async pause(time: number): Promise<void> {
    await sleep(time, undefined, { signal: this.#ending.signal }).catch(() => {})
  }

  /** Paths are below the root. */
  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const content = contentOf(options.body)
    const { sent, answer } = this.#begin(method, path, options, content?.length)
    sent.end(content)
    return answer
  }

  /** Below /api/v1, by the account's key. */
  asAgent(method: string, path: string, body?: object | Buffer, options: CallOptions = {}): Promise<Answer> {
    return this.call(method, `/api/v1${path}`, { credential: this.target.key, ...options, ...(body ? { body } : {}) })
  }

  /** Below /api/v1, by the account's token. */
  asPerson(method: string, path: string, body?: object, options: CallOptions = {}): Promise<Answer> {
    return this.call(method, `/api/v1${path}`, { credential: this.target.token, ...options, ...(body ? { body } : {}) })
  }

  /** Sends headers that announce a longer body than is sent. */
  callSlowly(method: string, path: string, length: number, options: CallOptions = {}): Unfinished {
    const givenUp = new AbortController()
    const changes = { headers: JSON_TYPE, signal: givenUp.signal }
    const { sent, answer } = this.#begin(method, path, { ...options, ...changes }, length, true)
    sent.flushHeaders()
    return {
      write: (bytes) => {
        if (sent.destroyed) return false
        sent.write(bytes)
        return true
      },
      finish: (rest) => {
        sent.end(rest)
        return answer
      },
      giveUp: () => {
        givenUp.abort()
        return answer
      },
    }
  }

  /**
   * Opens a stream, on a connection of its own.
   *
   * @param reads false: reads nothing of it
   * @returns its status, as soon as it is there; the stream stays open
   */
  stream(path: string, { reads }: { reads: boolean }): Promise<number> {
    return new Promise((resolve) => {
      const { address: localAddress, port, token } = this.target
      const headers = { authorization: `Bearer ${token}` }
      const sent = request({ host: '127.0.0.1', port, localAddress, path, headers, agent: false })
      this.#hold(sent)
      const settle = (status: number) => {
        this.#count(status === 0 ? 'closed' : String(status))
        resolve(status)
      }
      sent.once('response', (response) => {
        response.on('error', () => {})
        if (reads || response.statusCode !== 200) response.resume()
        settle(response.statusCode ?? 0)
      })
      sent.on('error', () => settle(0))
      sent.end()
    })
  }

  /** A bare connection. */
  connect(): Socket {
    const { address: localAddress, port } = this.target
    const socket = connect({ host: '127.0.0.1', port, localAddress })
    socket.on('error', () => {})
    this.#hold(socket)
    return socket
  }

  count(label: string): void {
    this.tally.set(label, (this.tally.get(label) ?? 0) + 1)
  }

  note(text: string): void {
    this.notes.push(text)
  }

  /** Ends everything in flight. */
  end(): void {
    this.#ending.abort()
    for (const each of this.#open) each.destroy()
    this.#agent.destroy()
  }

  #begin(method: string, path: string, options: CallOptions, length?: number, isAlone = false) {
    const { address: own, port } = this.target
    const { credential, headers, address: localAddress = own, signal } = options
    const sent = request({
      ...{ host: '127.0.0.1', port, localAddress, method, path, agent: isAlone ? false : this.#agent },
      ...(signal ? { signal } : {}),
      headers: {
        ...(credential ? { authorization: `Bearer ${credential}` } : {}),
        ...(length === undefined ? {} : { ...JSON_TYPE, 'content-length': length }),
        ...headers,
      },
    })
    this.#hold(sent)
    return { sent, answer: this.#answer(sent) }
  }

  async #answer(sent: ClientRequest): Promise<Answer> {
    let failure = 'closed'
    const answer = await new Promise<Answer | undefined>((resolve) => {
      sent.on('error', ({ name }) => {
        if (name === 'AbortError') failure = 'given up'
        resolve(undefined)
      })
      sent.once('close', () => resolve(undefined))
      sent.once('response', (response) => {
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length <= LARGEST_KEPT) chunks.push(chunk)
          else chunks.length = 0
        })
        const { statusCode: status = 0, headers } = response
        response.once('end', () => resolve({ status, headers, text: Buffer.concat(chunks).toString() }))
        response.on('error', () => resolve(undefined))
      })
    })
    this.#count(answer ? String(answer.status) : failure)
    if (!answer && !sent.socket?.remoteAddress) await this.pause(NOBODY_THERE)
    return answer ?? NO_ANSWER
  }

  /** Errors while the abuse ends are ignored. */
  #count(label: string): void {
    if (!this.#ending.signal.aborted) this.count(label)
  }

  #hold(held: ClientRequest | Socket): void {
    this.#open.add(held)
    held.once('close', () => this.#open.delete(held))
    if (this.#ending.signal.aborted) held.destroy()
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

function contentOf(body: CallOptions['body']): Buffer | undefined {
  if (body === undefined || Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @returns a text field of an answer; empty if it is missing, as in a refusal */
export function textIn({ text }: Answer, name: string): string {
  const body = parsed(text)
  const value = typeof body === 'object' && body !== null ? new Map(Object.entries(body)).get(name) : undefined
  return typeof value === 'string' ? value : ''
}

/** @returns the cookies that an answer sets, to be sent back */
export function cookiesOf({ headers }: Answer): string {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0]).join('; ')
}
