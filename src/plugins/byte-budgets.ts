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
    /** The bodies that are under way, and those whose requests have yet to be answered. */
    readonly bodies: Bodies
    /** The answers that were made, and have yet to be taken by whoever asked. */
    readonly answers: Answers
  }
  interface FastifyContextConfig {
    /** The answer may be large, although the route does not read: it hands out what waits for an agent. */
    handsOut?: boolean
    /** The answer is a page, which may be large: an account reads a few at once. */
    readsPage?: boolean
  }
}

/** Bodies and answers of this many bytes cost no more than any request, and are not counted. */
export const UNCOUNTED = 64 * 1024

const MIB = 1024 * 1024

/**
 * Decoded bytes of bodies. An account has room for the largest body, 17 MiB, beside others: for three diffs of 8 MiB at
 * once. A queue would be of no use: what is half here would be held up by what else is half here.
 */
const BODIES: ByteLimits = { owner: 32 * MIB, process: 256 * MIB }

/** Bytes of answers: for an account eight pages of the largest size, which readers on a slow line may be taking. */
const ANSWERS: ByteLimits = { owner: 32 * MIB, process: 256 * MIB }

/**
 * How fast an account's large bodies are parsed and stored, and its large answers read. A megabyte of either keeps this
 * process and the database busy for some hundredths of a second, in which nobody else is answered.
 */
const BODY_RATE: BucketLimits = { burst: 4 * MIB, perSecond: 8 * MIB }
const ANSWER_RATE: BucketLimits = { burst: 4 * MIB, perSecond: 16 * MIB }

/** Milliseconds for which a large body waits for its turn at most. More of an account's are refused. */
const LONGEST_WAIT = 5_000

/**
 * Pages that are read for an account at once. With all that were asked for, the database would read, and this process
 * parse, what is to be refused for want of room. More than the connections that an account has while others wait.
 */
const PAGES = 8

/** Seconds after which a caller who was refused may come again: most bodies and answers are gone by then. */
const RETRY_AFTER = { owner: 1, process: 5 } as const

/** Milliseconds between two lines in the log that say that the process has no room. */
const LOG_INTERVAL = 10_000

/** Changes to the limits, for tests. */
export interface BudgetChanges {
  readonly bodies?: Partial<ByteLimits>
  readonly answers?: Partial<ByteLimits>
  readonly bodyRate?: BucketLimits
  readonly answerRate?: BucketLimits
}

/**
 * Bounds what the bodies and the answers of one account, and of all together, have in memory at once, however many
 * connections they are spread over.
 */
export const byteBudgets = fp(
  async (app: FastifyInstance, { changes = {} }: { changes?: BudgetChanges | undefined }) => {
    app.decorate('bodies', new Bodies({ ...BODIES, ...changes.bodies }, changes.bodyRate ?? BODY_RATE))
    const answers = new Answers({ ...ANSWERS, ...changes.answers }, changes.answerRate ?? ANSWER_RATE)
    app.decorate('answers', answers)
    app.addHook('onRoute', (route) => {
      if (route.config?.readsPage) route.handler = inTurn(answers, route.handler)
    })
    app.addHook('onSend', (request, reply, payload, next) => {
      // What comes as bytes, such as the contract, was made once for everybody.
      if (typeof payload !== 'string' || payload.length <= UNCOUNTED) return next()
      // Who reads can read again. What else was done is done, and is told.
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

/** The account, or the address of somebody who is nobody. */
function ownerOf(request: FastifyRequest): string {
  return accountOf(request) ?? request.ip
}

/** A budget for what requests have in memory. */
class Budget {
  readonly #bytes: ByteBudget
  readonly #what: string
  #loggedAt = Number.NEGATIVE_INFINITY

  /** @param what is counted, in words for whoever is refused */
  constructor(limits: ByteLimits, what: string) {
    this.#bytes = new ByteBudget(limits)
    this.#what = what
  }

  /** Bytes of all accounts. */
  get total(): number {
    return this.#bytes.total
  }

  /** @returns a 429 when the account has no room for more, a 503 when the process has none, else nothing */
  refusal(request: FastifyRequest): ProblemError | undefined {
    if (this.#bytes.isEmptyEnough) return undefined
    const full = this.#bytes.isFullFor(ownerOf(request))
    return full && this.refusalOf(full, request)
  }

  /** @returns what is to hold bytes for whoever sent a request */
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

/** What the bodies of requests have in memory, until they are answered. */
class Bodies extends Budget {
  readonly #rate: LeakyBucket

  constructor(limits: ByteLimits, rate: BucketLimits) {
    super(limits, 'bodies of requests')
    this.#rate = new LeakyBucket(rate)
  }

  /**
   * Waits until a large body may be read, or made use of, behind those that the account sent before.
   *
   * @throws {ProblemError} 429 when it would have to wait for too long, or when there is no room for it
   */
  async turn(request: FastifyRequest, bytes: number): Promise<void> {
    const owner = ownerOf(request)
    const wait = this.#rate.wait(owner)
    if (wait > LONGEST_WAIT) throw this.refusalOf('owner', request)
    this.#rate.add(owner, bytes)
    if (wait > 0) await sleep(wait)
    await largeWork.take()
  }

  /** @returns what is to hold a body; it is released with the answer at the latest */
  hold(request: FastifyRequest): ByteShare {
    const share = this.share(request)
    request.server.inFlight.whenAnswered(request.raw, () => share.release())
    return share
  }
}

/** What answers have in memory, until they are taken by their connections. */
class Answers extends Budget {
  readonly #pages = new KeyedSemaphore(PAGES)
  readonly #largePages = new KeyedSemaphore(1)
  readonly #rate: LeakyBucket

  constructor(limits: ByteLimits, rate: BucketLimits) {
    super(limits, 'answers that nobody has read yet')
    this.#rate = new LeakyBucket(rate)
  }

  /**
   * Reads a page when there are few others that the account reads, and not too much was read before, if there is room for it
   * by then.
   *
   * @throws {ProblemError} 429 or 503
   */
  readPage<T>(request: FastifyRequest, read: () => Promise<T>): Promise<T> {
    const owner = ownerOf(request)
    if (!this.#pages.isFull(owner) && this.#rate.isIdle(owner)) return this.#pages.take(owner, undefined, read)
    return this.#pages.take(owner, undefined, async () => {
      if (this.#rate.isIdle(owner)) return this.#readIfRoom(request, read)
      // Who reads large ones reads them one after the other.
      return this.#largePages.take(owner, undefined, async () => {
        // What was read before this is counted once it is on its way.
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

  /** Counts an answer, of so many bytes, until it is taken. */
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
   * Waits before a large answer that others of the account may have been woken for as well: one is made in each turn of
   * the event loop, which sends what was made, and is there for others, in between.
   *
   * @param bytes how large it is, roughly: a small one waits for nothing
   * @throws {ProblemError} 429 or 503. What was to be handed out is handed out again
   */
  async turn(request: FastifyRequest, bytes: number): Promise<void> {
    if (bytes <= UNCOUNTED) return
    await largeWork.take()
    const refusal = this.refusal(request)
    if (refusal) throw refusal
  }
}
