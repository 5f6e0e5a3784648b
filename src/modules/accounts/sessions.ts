import { createHash, randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../../db/client.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import { accountGone, sessionEnded } from '../../credentials/errors.js'
import type { Revocations } from '../../credentials/revocations.js'
import { TtlCache } from '../../credentials/ttl-cache.js'
import { notFound, ProblemError } from '../../errors.js'
import type { SecretDerivation } from '../../secrets/derivation.js'
import type { Events } from '../events/events.js'
import { findUser } from './queries.js'
import type { Carrier, Client } from './session-queries.js'
import * as queries from './session-queries.js'

export type { Carrier, Client } from './session-queries.js'

/** Lifetime of a refresh token in seconds. Each refresh makes a new one, so a session ends after this much silence. */
export const REFRESH_TOKEN_LIFETIME = 30 * 24 * 60 * 60

/** The most sessions of an account. One more ends the least recently used. */
const MAX_SESSIONS = 100

/** The prefix of refresh tokens, by which scanners find leaked ones. */
export const REFRESH_TOKEN_PREFIX = 'sbr_'

/** Milliseconds between two notes of a session's last use. */
const TOUCH_INTERVAL = 60_000

/** A session, with its next refresh token. */
export interface NewToken {
  readonly sessionId: string
  readonly refreshToken: string
}

/** The dependencies of `Sessions`. */
export interface SessionsOptions {
  readonly database: Database
  readonly events: Events
  readonly revocations: Revocations
  /** Counts a refresh of a session. @throws {ProblemError} 429 when there were too many */
  readonly countRefresh: (sessionId: string) => Promise<void>
  /** Derives a refresh token's successor, which may have to be given twice. */
  readonly successors: SecretDerivation
}

type FoundSession = NonNullable<Awaited<ReturnType<typeof queries.findSession>>>

/** A stored refresh token together with its text; only the hash is stored. */
interface ShownToken extends NonNullable<Awaited<ReturnType<typeof queries.findRefreshToken>>> {
  readonly text: string
}

/** The sessions of accounts. */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #cache: TtlCache<FoundSession>

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#cache = new TtlCache(options.revocations)
  }

  /** Begins a session. The account must be locked. */
  async begin(trx: TenantTransaction, client: Client): Promise<NewToken> {
    await this.#end(trx, { keep: MAX_SESSIONS - 1 })
    const sessionId = uuidv7()
    await queries.insertSession(trx, sessionId, client)
    return { sessionId, refreshToken: await addToken(trx, sessionId, newToken()) }
  }

  /**
   * Exchanges a refresh token for the next one. A token that is exchanged a second time was stolen, from or by the
   * client that sends it now: the whole session ends. Source: RFC 9700, section 4.14.2.
   *
   * Legacy clients keep the token in a storage that several tabs share, and send it again when an answer was lost: in
   * their sessions a token gets the same successor again for a few seconds. A cookie changes in all tabs at once.
   *
   * A token sent by the other carrier is unknown here; it ends nothing.
   *
   * @returns the user and the next token
   * @throws {ProblemError} 401; 429 when the session is refreshed too often
   */
  async refresh(refreshToken: string | undefined, client: Client): Promise<NewToken & { userId: string }> {
    const token = await this.#find(refreshToken)
    if (!token || token.expires_at.getTime() <= Date.now()) throw invalidRefreshToken()
    const { user_id: userId, session_id: sessionId } = token
    await this.#options.countRefresh(sessionId)
    const next = await this.#options.database.tenant(userId).transaction(async (trx) => {
      await queries.lockSessions(trx)
      const session = await queries.findSession(trx, sessionId)
      if (session?.carrier !== client.carrier) return undefined
      const successor = await this.#exchange(trx, token, client.carrier)
      if (successor !== undefined) await queries.touchSession(trx, sessionId, client)
      return successor
    })
    if (next === undefined) throw invalidRefreshToken()
    return { sessionId, refreshToken: next, userId }
  }

  /** @returns the token's successor; undefined when it was reused, and its session has ended */
  async #exchange(trx: TenantTransaction, token: ShownToken, carrier: Carrier): Promise<string | undefined> {
    const { id, session_id: sessionId, text } = token
    const { successors } = this.#options
    if (await queries.useRefreshToken(trx, id)) {
      const next = carrier === 'body' ? `${REFRESH_TOKEN_PREFIX}${successors.derive(text)}` : newToken()
      return addToken(trx, sessionId, next)
    }
    if (carrier === 'body' && (await queries.wasUsedLately(trx, id))) {
      // None is found if the successor was derived with a key that this process lacks: then no token is given, and the
      // session stays.
      const candidates = successors.candidates(text).map((secret) => `${REFRESH_TOKEN_PREFIX}${secret}`)
      const hash = await queries.findTokenHash(trx, sessionId, candidates.map(hashToken))
      return candidates.find((candidate) => hashToken(candidate) === hash)
    }
    await this.#end(trx, { id: sessionId })
    return undefined
  }

  /** Ends the session that the refresh token of a cookie belongs to. Does nothing without one. */
  async endByToken(refreshToken: string | undefined): Promise<void> {
    const token = await this.#find(refreshToken)
    if (!token) return
    const tenant = this.#options.database.tenant(token.user_id)
    await this.#endLocked(tenant, { id: token.session_id, carrier: 'cookie' })
  }

  /** Ends one session: its access tokens, streams and tickets end with it. @throws {ProblemError} 404 */
  async endOne(tenant: Tenant, id: string): Promise<void> {
    if ((await this.#endLocked(tenant, { id })) === 0) throw notFound('Session')
  }

  /** Ends every session, the caller's own included. */
  async endAll(tenant: Tenant): Promise<void> {
    await this.#endLocked(tenant, 'all')
  }

  /** Ends every session but one; all of them without one. */
  async endAllBut(tenant: Tenant, id: string | undefined): Promise<void> {
    await this.#endLocked(tenant, id === undefined ? 'all' : { allBut: id })
  }

  /** Ends every session but one; all of them without one. The account must be locked. */
  async endOthers(trx: TenantTransaction, id: string | undefined): Promise<void> {
    await this.#end(trx, id === undefined ? 'all' : { allBut: id })
  }

  list(tenant: Tenant) {
    return queries.listSessions(tenant)
  }

  /** @returns the addresses that the account is signed in from */
  addresses(tenant: Tenant): Promise<string[]> {
    return queries.listAddresses(tenant)
  }

  /**
   * Checks that the session of one of our access tokens still exists. The result is cached for half a second, within
   * which an end in another process may go unnoticed; hints make that shorter.
   *
   * @returns when it began
   * @throws {ProblemError} 401 when it has ended, or the account is gone, but the token has not expired
   */
  async requireActive(userId: string, id: string): Promise<Date> {
    const found = await this.#cache.getOrLoad(`${userId} ${id}`, () => this.#findSession(userId, id))
    if (found) return found.created_at
    const isAccount = await findUser(this.#options.database.tenant(userId))
    throw isAccount ? sessionEnded() : accountGone()
  }

  async #findSession(userId: string, id: string): Promise<FoundSession | undefined> {
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
    if (ended > 0) this.#options.events.publishHint(trx)
    return ended
  }

  async #find(refreshToken: string | undefined): Promise<ShownToken | undefined> {
    if (!refreshToken) return undefined
    const hash = hashToken(refreshToken)
    const found = await queries.findRefreshToken(this.#options.database.lookup(hash), hash)
    return found && { ...found, text: refreshToken }
  }
}

async function addToken(trx: TenantTransaction, sessionId: string, token: string): Promise<string> {
  const expiresAt = new Date(Date.now() + REFRESH_TOKEN_LIFETIME * 1000)
  await queries.insertRefreshToken(trx, { id: uuidv7(), sessionId, tokenHash: hashToken(token), expiresAt })
  return token
}

function newToken(): string {
  return `${REFRESH_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function invalidRefreshToken(): ProblemError {
  return new ProblemError('invalid_refresh_token', 'The session has ended; log in again')
}
