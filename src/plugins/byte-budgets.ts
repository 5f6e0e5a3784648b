import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import fp from 'fastify-plugin'
import { KeyedSemaphore } from '../../db/keyed-semaphore.js'
import { accountOf } from '../actors/request-actor.js'
import { ProblemError } from '../errors.js'
import { ByteBudget, type ByteLimits, type ByteShare, type Full } from '../limits/byte-budget.js'
import { type BucketLimits, LeakyBucket } from '../limits/leaky-bucket.js'
import { largeWork } from '../limits/turns.js'
import { whenGone } from './in-flight.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Bodies that are being received, and those of unanswered requests. */
    readonly bodies: Bodies
    /** Answers that were made, and not yet taken by their connections. */
    readonly answers: Answers
  }
  interface FastifyContextConfig {
    /** The answer may be large, although the route does not read: it hands out messages that wait for an agent. */
    handsOut?: boolean
    /** The answer is a page, which may be large: an account reads a few at once. */
    readsPage?: boolean
  }
}

/** Bodies and answers up to this many bytes are as cheap as any request, and are not counted. */
export const UNCOUNTED = 64 * 1024

const MIB = 1024 * 1024

/**
 * Decoded bytes of bodies. An account has room for the largest body, 17 MiB, beside others: for three diffs of 8 MiB at once. A
 * queue would not help: half-received bodies would wait for each other.
 */
const BODIES: ByteLimits = { owner: 32 * MIB, process: 256 * MIB }

/** Bytes of answers: per account eight pages of the largest size, for readers on slow lines. */
const ANSWERS: ByteLimits = { owner: 32 * MIB, process: 256 * MIB }

/**
 * How fast an account's large bodies are parsed and stored, and its large answers read. A megabyte of either keeps this process
 * and the database busy for some hundredths of a second, in which no other request is answered.
 */
const BODY_RATE: BucketLimits = { burst: 4 * MIB, perSecond: 8 * MIB }
const ANSWER_RATE: BucketLimits = { burst: 4 * MIB, perSecond: 16 * MIB }

/** Milliseconds that a large body waits for its turn at most. Beyond that, bodies of the account are refused. */
const LONGEST_WAIT = 5_000

/**
 * Pages that are read for an account at once. With no bound, the database would read, and this process parse, pages that are
 * then refused for lack of room. More than the connections that an account has while others wait.
 */
const PAGES = 4

/** Seconds after which a refused caller may retry: most bodies and answers are gone by then. */
const RETRY_AFTER = { owner: 1, process: 5 } as const

/** Milliseconds between two log lines that report the process as full. */
const LOG_INTERVAL = 10_000

/** Overrides of the limits, for tests. */
export interface BudgetChanges {
  readonly bodies?: Partial<ByteLimits>
  readonly answers?: Partial<ByteLimits>
  readonly bodyRate?: BucketLimits
  readonly answerRate?: BucketLimits
}

/** Bounds the memory of bodies and answers, of each account and of all together, over any number of connections. */
export const byteBudgets = fp(
  async (app: FastifyInstance, { changes = {} }: { changes?: BudgetChanges | undefined }) => {
    app.decorate('bodies', new Bodies({ ...BODIES, ...changes.bodies }, changes.bodyRate ?? BODY_RATE))
    const answers = new Answers({ ...ANSWERS, ...changes.answers }, changes.answerRate ?? ANSWER_RATE)
    app.decorate('answers', answers)
    app.addHook('onRoute', (route) => {
      if (route.config?.readsPage) route.handler = inTurn(answers, route.handler)
    })
    app.addHook('onSend', (request, reply, payload, next) => {
      // Answers made of bytes, such as the contract, are made once and shared.
      if (typeof payload !== 'string' || payload.length <= UNCOUNTED) return next()
      // A read can be repeated. Any other request has taken effect, and its answer is sent.
      const refusal = isReading(request) ? answers.refusal(request) : undefined
      if (refusal) return next(refusal)
      answers.note(request, reply, Buffer.byteLength(payload))
      next()
    })
  },
  { name: 'byte-budgets', dependencies: ['errors', 'in-flight'] },
)

function inTurn(answers: Answers, handler: RouteHandlerMethod): RouteHandlerMethod {
  return function (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    return answers.readPage(request, async () => handler.call(this, request, reply))
  }
}

function isReading({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** The account, or the address of an unauthenticated caller. */
function ownerOf(request: FastifyRequest): string {
  return accountOf(request) ?? request.ip
}

/** A budget for the memory of requests. */
class Budget {
  readonly #bytes: ByteBudget
  readonly #what: string
  #loggedAt = Number.NEGATIVE_INFINITY

  /** @param what the counted thing, in words for the refusal */
  constructor(limits: ByteLimits, what: string) {
    this.#bytes = new ByteBudget(limits)
    this.#what = what
  }

  /** Bytes of all accounts. */
  get total(): number {
    return this.#bytes.total
  }

  /** @returns a 429 when the account is full, a 503 when the process is, otherwise undefined */
  refusal(request: FastifyRequest): ProblemError | undefined {
    if (this.#bytes.isEmptyEnough) return undefined
    const full = this.#bytes.isFullFor(ownerOf(request))
    return full && this.refusalOf(full, request)
  }

  /** @returns the holder of bytes for the sender of a request */
  protected share(request: FastifyRequest): ByteShare {
    return this.#bytes.share(ownerOf(request))
  }

  protected refusalOf(full: Full, request: FastifyRequest): ProblemError {
    const headers = { 'retry-after': String(RETRY_AFTER[full]) }
    if (full === 'owner') {
      const detail = `Too many bytes of this account are under way at once, in ${this.#what}; try again in a moment`
      return new ProblemError('too_much_at_once', detail, { headers })
    }
    if (performance.now() - this.#loggedAt > LOG_INTERVAL) {
      this.#loggedAt = performance.now()
      request.log.warn({ bytes: this.total }, `overloaded: requests are refused, there is too much in ${this.#what}`)
    }
    return new ProblemError('overloaded', 'The service has too much to do. Try again in a moment.', { headers })
  }
}

/** Memory of request bodies, until the requests are answered. */
class Bodies extends Budget {
  readonly #rate: LeakyBucket

  constructor(limits: ByteLimits, rate: BucketLimits) {
    super(limits, 'bodies of requests')
    this.#rate = new LeakyBucket(rate)
  }

  /**
   * Waits until a large body may be read or processed, behind earlier ones of the account.
   *
   * @throws {ProblemError} 429 when the wait would be too long, or when there is no room for it
   */
  async turn(request: FastifyRequest, bytes: number): Promise<void> {
    const owner = ownerOf(request)
    const wait = this.#rate.wait(owner)
    if (wait > LONGEST_WAIT) throw this.refusalOf('owner', request)
    this.#rate.add(owner, bytes)
    if (wait > 0) await sleep(wait)
    await largeWork.take()
  }

  /** @returns the holder of a body; released with the answer at the latest */
  hold(request: FastifyRequest): ByteShare {
    const share = this.share(request)
    request.server.inFlight.whenAnswered(request.raw, () => share.release())
    return share
  }
}

/** Memory of answers, until they are taken by their connections. */
class Answers extends Budget {
  readonly #pages = new KeyedSemaphore(PAGES)
  readonly #largePages = new KeyedSemaphore(1)
  readonly #rate: LeakyBucket

  constructor(limits: ByteLimits, rate: BucketLimits) {
    super(limits, 'answers that nobody has read yet')
    this.#rate = new LeakyBucket(rate)
  }

  /**
   * Reads a page as soon as the account reads few others and has not read too much before, if there is room for it then.
   *
   * @throws {ProblemError} 429 or 503
   */
  readPage<T>(request: FastifyRequest, read: () => Promise<T>): Promise<T> {
    const owner = ownerOf(request)
    if (!this.#pages.isFull(owner) && this.#rate.isIdle(owner)) return this.#pages.take(owner, undefined, read)
    return this.#pages.take(owner, undefined, async () => {
      if (this.#rate.isIdle(owner)) return this.#readIfRoom(request, read)
      // A reader of large pages reads them one after the other.
      return this.#largePages.take(owner, undefined, async () => {
        // Earlier pages are counted once they are being sent.
        await largeWork.take()
        const wait = this.#rate.wait(owner)
        if (wait > 0) await sleep(wait)
        const page = await this.#readIfRoom(request, read)
        await largeWork.take()
        return page
      })
    })
  }

  #readIfRoom<T>(request: FastifyRequest, read: () => Promise<T>): Promise<T> {
    this.requireRoom(request)
    return read()
  }

  /** Counts an answer's bytes until it is taken. */
  note(request: FastifyRequest, reply: FastifyReply, bytes: number): void {
    if (bytes <= UNCOUNTED) return
    this.#rate.add(ownerOf(request), bytes)
    const share = this.share(request)
    share.add(bytes)
    whenGone(reply, () => share.release())
  }

  /** Refuses a request whose answer may be large. @throws {ProblemError} 429 or 503 */
  requireRoom(request: FastifyRequest): void {
    const refusal = this.refusal(request)
    if (refusal && (isReading(request) || request.routeOptions.config.handsOut)) throw refusal
  }

  /**
   * Waits before a large answer, as other requests of the account may have been woken at the same time: one is made in each
   * iteration of the event loop, which sends it and serves other requests in between.
   *
   * @param bytes how large it is, roughly: a small one waits for nothing
   * @throws {ProblemError} 429 or 503. The messages of the answer are handed out again
   */
  async turn(request: FastifyRequest, bytes: number): Promise<void> {
    if (bytes <= UNCOUNTED) return
    await largeWork.take()
    const refusal = this.refusal(request)
    if (refusal) throw refusal
  }
}
