import { ProblemError } from '../../errors.js'
import { Backlog, type BacklogLimits, TotalBacklog } from './backlog.js'
import { EventStream } from './event-stream.js'

const RESTARTING = 'The service is restarting; reconnect to go on'

/**
 * A stream outlives the token that it was opened with: browsers' `EventSource` cannot be given another one, and its
 * session may have gone on. After a day it has to be reopened, with a current token.
 */
const TOO_OLD = 'The stream has been open for as long as it may; reconnect to go on'

/** Streams that may be open at once in this process. Each browser tab takes one or two. */
export interface StreamLimits {
  readonly perAccount: number
  /** A session that opens more and more must leave some for the person's others. */
  readonly perSession: number
  /** Milliseconds that a stream may be open. */
  readonly lifetime: number
}

const LIMITS: StreamLimits = { perAccount: 200, perSession: 100, lifetime: 24 * 60 * 60 * 1000 }

/** Seconds after which a refused stream may be retried. */
const RETRY_AFTER = 10

interface Account {
  readonly backlog: Backlog
  readonly sessions: Map<string | undefined, number>
  open: number
}

/** The event streams of this process. */
export class Streams {
  readonly #limits: StreamLimits
  readonly #total: TotalBacklog
  readonly #accounts = new Map<string, Account>()
  readonly #open = new Set<EventStream>()
  #closing = false

  constructor({ backlog, ...limits }: Partial<StreamLimits> & { readonly backlog?: Partial<BacklogLimits> } = {}) {
    this.#limits = { ...LIMITS, ...limits }
    this.#total = new TotalBacklog(backlog)
  }

  /**
   * @param sessionId undefined for a person whose provider keeps the sessions
   * @param onRoom called when the stream had no room and has some again
   * @throws {ProblemError} 429 when the account or the session has as many as it may have
   */
  open(userId: string, sessionId: string | undefined, onRoom: () => void): EventStream {
    const account = this.#accounts.get(userId) ?? {
      backlog: new Backlog(this.#total),
      sessions: new Map<string | undefined, number>(),
      open: 0,
    }
    const ofSession = account.sessions.get(sessionId) ?? 0
    if (account.open >= this.#limits.perAccount) throw tooMany('This account', this.#limits.perAccount)
    if (sessionId !== undefined && ofSession >= this.#limits.perSession) {
      throw tooMany('This session', this.#limits.perSession)
    }
    this.#accounts.set(userId, account)
    account.sessions.set(sessionId, ofSession + 1)
    account.open += 1
    const stream = new EventStream(onRoom, { backlog: account.backlog })
    this.#open.add(stream)
    const expiry = setTimeout(() => stream.close(TOO_OLD), this.#limits.lifetime)
    stream.once('close', () => {
      clearTimeout(expiry)
      this.#open.delete(stream)
      this.#leave(userId, account, sessionId)
    })
    if (this.#closing) stream.close(RESTARTING)
    return stream
  }

  /** Shutdown waits for in-flight requests; a stream would never end on its own. */
  close(): void {
    this.#closing = true
    for (const stream of this.#open) stream.close(RESTARTING)
  }

  #leave(userId: string, account: Account, sessionId: string | undefined): void {
    const ofSession = (account.sessions.get(sessionId) ?? 0) - 1
    if (ofSession > 0) account.sessions.set(sessionId, ofSession)
    else account.sessions.delete(sessionId)
    account.open -= 1
    if (account.open === 0) this.#accounts.delete(userId)
  }
}

function tooMany(who: string, count: number): ProblemError {
  return new ProblemError('too_many_streams', `${who} has ${count} streams open; close some, or try again later`, {
    headers: { 'retry-after': String(RETRY_AFTER) },
  })
}
