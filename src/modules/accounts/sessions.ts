import { createHash, randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../../db/client.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import { accountGone, sessionEnded } from '../../account-standing.js'
import { notFound, ProblemError } from '../../errors.js'
import type { Revocations } from '../../revocations.js'
import { Verdicts } from '../../verdicts.js'
import type { Events } from '../events/events.js'
import { findUser } from './queries.js'
import type { Client } from './session-queries.js'
import * as queries from './session-queries.js'

export type { Client } from './session-queries.js'

/** Seconds that a refresh token is good for. Each refresh makes a new one, so a session ends after this much silence. */
export const REFRESH_TOKEN_LIFETIME = 30 * 24 * 60 * 60

/** The most sessions of an account. One more ends the one that was not used for longest. */
const MAX_SESSIONS = 100

/** What refresh tokens begin with, so that scanners find leaked ones. */
export const REFRESH_TOKEN_PREFIX = 'sbr_'

/** Milliseconds between two notes of a session's last use. */
const TOUCH_INTERVAL = 60_000

/** A session, and what gets its next access token. */
export interface NewToken {
  readonly sessionId: string
  readonly refreshToken: string
}

export interface SessionsOptions {
  readonly database: Database
  readonly events: Events
  readonly revocations: Revocations
  /** Counts a refresh of a session. @throws {ProblemError} 429 when there were too many */
  readonly countRefresh: (sessionId: string) => Promise<void>
}

type FoundSession = NonNullable<Awaited<ReturnType<typeof queries.findSession>>>

/** Where people are signed in. */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #verdicts: Verdicts<FoundSession>

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#verdicts = new Verdicts(options.revocations)
  }

  /** Begins a session. The account must be locked. */
  async begin(trx: TenantTransaction, client: Client): Promise<NewToken> {
    await this.#end(trx, { keep: MAX_SESSIONS - 1 })
    const sessionId = uuidv7()
    await queries.insertSession(trx, sessionId, client)
    return addToken(trx, sessionId)
  }

  /**
   * Exchanges a refresh token for the next one. A token that was exchanged before has been stolen, from or by whoever
   * shows it now: the whole session ends. Source: RFC 9700, section 4.14.2.
   *
   * @returns the user and the next token
   * @throws {ProblemError} 401; 429 when the session is refreshed too often
   */
  async refresh(refreshToken: string | undefined, client: Client): Promise<NewToken & { userId: string }> {
    const token = await this.#find(refreshToken)
    if (!token || token.expires_at.getTime() <= Date.now()) throw invalidRefreshToken()
    await this.#options.countRefresh(token.session_id)
    const next = await this.#options.database.tenant(token.user_id).transaction(async (trx) => {
      await queries.lockSessions(trx)
      if (await queries.useRefreshToken(trx, token.id)) {
        await queries.touchSession(trx, token.session_id, client)
        return addToken(trx, token.session_id)
      }
      await this.#end(trx, { id: token.session_id })
      return undefined
    })
    if (next === undefined) throw invalidRefreshToken()
    return { ...next, userId: token.user_id }
  }

  /** Ends the session that a refresh token belongs to. Does nothing without one. */
  async endByToken(refreshToken: string | undefined): Promise<void> {
    const token = await this.#find(refreshToken)
    if (!token) return
    await this.#endLocked(this.#options.database.tenant(token.user_id), { id: token.session_id })
  }

  /** Ends one session: its access tokens, streams and tickets end with it. @throws {ProblemError} 404 */
  async endOne(tenant: Tenant, id: string): Promise<void> {
    if ((await this.#endLocked(tenant, { id })) === 0) throw notFound('Session')
  }

  /** Ends every session, the caller's own included. */
  async endAll(tenant: Tenant): Promise<void> {
    await this.#endLocked(tenant, 'all')
  }

  /** Ends every session but one; all of them without one. The account must be locked. */
  async endOthers(trx: TenantTransaction, id: string | undefined): Promise<void> {
    await this.#end(trx, id === undefined ? 'all' : { allBut: id })
  }

  list(tenant: Tenant) {
    return queries.listSessions(tenant)
  }

  /** @returns addresses that the account is signed in from */
  addresses(tenant: Tenant): Promise<string[]> {
    return queries.listAddresses(tenant)
  }

  /**
   * Checks that an access token of ours still stands for a session. What is found out is good for half a second, within
   * which an end in another process may go unnoticed; hints make that shorter.
   *
   * @returns when it began
   * @throws {ProblemError} 401 when it has ended, or the account is gone, while the token lived on
   */
  async requireGood(userId: string, id: string): Promise<Date> {
    const found = await this.#verdicts.recall(`${userId} ${id}`, () => this.#look(userId, id))
    if (found) return found.created_at
    const isAccount = await findUser(this.#options.database.tenant(userId))
    throw isAccount ? sessionEnded() : accountGone()
  }

  async #look(userId: string, id: string): Promise<FoundSession | undefined> {
    const tenant = this.#options.database.tenant(userId)
    const found = await queries.findSession(tenant, id)
    if (found && found.last_used_at.getTime() < Date.now() - TOUCH_INTERVAL) await queries.noteUse(tenant, id)
    return found
  }

  #endLocked(tenant: Tenant, ending: queries.Ending): Promise<number> {
    return tenant.transaction(async (trx) => {
      await queries.lockSessions(trx)
      return this.#end(trx, ending)
    })
  }

  async #end(trx: TenantTransaction, ending: queries.Ending): Promise<number> {
    const ended = await queries.deleteSessions(trx, ending)
    if (ended > 0) this.#options.events.publishLook(trx)
    return ended
  }

  async #find(refreshToken: string | undefined) {
    if (!refreshToken) return undefined
    const hash = hashToken(refreshToken)
    return queries.findRefreshToken(this.#options.database.lookup(hash), hash)
  }
}

async function addToken(trx: TenantTransaction, sessionId: string): Promise<NewToken> {
  const refreshToken = `${REFRESH_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`
  const expiresAt = new Date(Date.now() + REFRESH_TOKEN_LIFETIME * 1000)
  await queries.insertRefreshToken(trx, { id: uuidv7(), sessionId, tokenHash: hashToken(refreshToken), expiresAt })
  return { sessionId, refreshToken }
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function invalidRefreshToken(): ProblemError {
  return new ProblemError('invalid_refresh_token', 'The session has ended; log in again')
}
