import { createHash, randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../../db/client.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import { ProblemError } from '../../errors.js'
import { ShortMemory } from '../../short-memory.js'
import type { Events } from '../events/events.js'
import { hashPassword, passwordMatches } from './passwords.js'
import * as queries from './queries.js'

/** Seconds that a refresh token is good for. Each refresh makes a new one, so a session ends after this much silence. */
export const REFRESH_TOKEN_LIFETIME = 30 * 24 * 60 * 60

/** Milliseconds that an account is not looked at again: within a second no process serves one that was deleted. */
const MEMORY = 500

export interface User {
  readonly id: string
  readonly email: string
  readonly display_name: string | null
  readonly created_at: Date
}

/** Somebody who has just proved who they are. */
export interface SignedIn {
  readonly user: User
  readonly sessionId: string
  readonly refreshToken: string
}

/** People, and how they sign in. */
export class Accounts {
  readonly #database: Database
  readonly #registration: 'open' | 'closed'
  readonly #localAccounts: 'on' | 'off'
  readonly #events: Events
  readonly #discard: (tenant: Tenant) => Promise<void>
  readonly #memory = new ShortMemory<boolean>(MEMORY)

  /** @param discard deletes what there may be too much of for the one statement that deletes an account */
  constructor(
    database: Database,
    events: Events,
    registration: 'open' | 'closed',
    localAccounts: 'on' | 'off',
    discard: (tenant: Tenant) => Promise<void>,
  ) {
    this.#discard = discard
    this.#database = database
    this.#events = events
    this.#registration = registration
    this.#localAccounts = localAccounts
  }

  /** @throws {ProblemError} 403 when registration is closed or local accounts are off, 409 when the address is taken */
  async register(email: string, password: string, displayName: string | null): Promise<SignedIn> {
    this.#needLocalAccounts()
    if (this.#registration === 'closed') {
      throw new ProblemError('registration_closed', 'Registration is closed on this server')
    }
    const passwordHash = await hashPassword(password)
    return this.#database.tenant(uuidv7()).transaction(async (trx) => {
      const user = await queries.insertUser(trx, normalizeEmail(email), displayName, passwordHash)
      if (!user) throw new ProblemError('email_taken', 'There is an account with this e-mail address')
      return { user, ...(await startFamily(trx)) }
    })
  }

  /**
   * @throws {ProblemError} 401, the same for an unknown address, a wrong password and an account without one; 403 when
   * local accounts are off
   */
  async login(email: string, password: string): Promise<SignedIn> {
    this.#needLocalAccounts()
    const address = normalizeEmail(email)
    const found = await queries.findByEmail(this.#database.lookup(address), address)
    if (!(await passwordMatches(password, found?.password_hash ?? undefined)) || !found) {
      throw new ProblemError('invalid_credentials', 'E-mail address or password is wrong')
    }
    const { password_hash: _, ...user } = found
    const tenant = this.#database.tenant(user.id)
    await queries.deleteExpiredRefreshTokens(tenant)
    return { user, ...(await startFamily(tenant)) }
  }

  /**
   * Exchanges a refresh token for the next one. A token that was exchanged before has been stolen, from or by whoever
   * shows it now: the whole family is revoked. Source: RFC 9700, section 4.14.2.
   *
   * @throws {ProblemError} 401; 403 when local accounts are off, as the next access token would not be accepted
   */
  async refresh(refreshToken: string | undefined): Promise<SignedIn> {
    this.#needLocalAccounts()
    const token = await this.#find(refreshToken)
    if (!token || token.expires_at.getTime() <= Date.now()) throw invalidRefreshToken()
    const tenant = this.#database.tenant(token.user_id)
    const next = await tenant.transaction(async (trx) => {
      await queries.lockSessions(trx)
      if (await queries.useRefreshToken(trx, token.id)) return addToFamily(trx, token.family_id)
      await this.#endSession(trx, token.family_id)
      return undefined
    })
    if (next === undefined) throw invalidRefreshToken()
    return { user: await this.me(tenant), ...next }
  }

  /** Revokes the session that a refresh token belongs to. Does nothing without one. */
  async logout(refreshToken: string | undefined): Promise<void> {
    const token = await this.#find(refreshToken)
    if (!token) return
    await this.#database.tenant(token.user_id).transaction(async (trx) => {
      await queries.lockSessions(trx)
      await this.#endSession(trx, token.family_id)
    })
  }

  /** Live views that were opened with a token of the session end with it. */
  async #endSession(trx: TenantTransaction, familyId: string): Promise<void> {
    await queries.deleteFamily(trx, familyId)
    this.#events.publishLook(trx)
  }

  /**
   * Checks that a token of ours still stands for an account that one can sign in to here.
   *
   * @throws {ProblemError} 401 when the account was deleted, or has moved to an OpenID provider, while the token lived on
   */
  async requireLocal(userId: string): Promise<void> {
    const isLocal = await this.#memory.recall(userId, () => queries.hasPassword(this.#database.tenant(userId)))
    if (!isLocal) throw accountGone()
  }

  /** Looks at every account anew from here on. */
  forget(): void {
    this.#memory.clear()
  }

  /** @throws {ProblemError} 401 when the account was deleted while the token lived on */
  async me(tenant: Tenant): Promise<User> {
    return existing(await queries.findUser(tenant))
  }

  /** @throws {ProblemError} 401 as `me` */
  async rename(tenant: Tenant, displayName: string | null | undefined): Promise<User> {
    if (displayName === undefined) return this.me(tenant)
    return existing(await queries.updateDisplayName(tenant, displayName))
  }

  /** Deletes the account with everything it owns. @throws {ProblemError} 401 as `me` */
  async delete(tenant: Tenant): Promise<void> {
    await this.#discard(tenant)
    if (!(await queries.deleteUser(tenant))) throw accountGone()
    this.#events.publishLook(tenant)
  }

  #needLocalAccounts(): void {
    if (this.#localAccounts === 'on') return
    throw new ProblemError('local_accounts_off', 'This server has no local accounts; sign in at its OpenID provider')
  }

  async #find(refreshToken: string | undefined) {
    if (!refreshToken) return undefined
    const hash = hashToken(refreshToken)
    return queries.findRefreshToken(this.#database.lookup(hash), hash)
  }
}

type NewSession = Pick<SignedIn, 'sessionId' | 'refreshToken'>

function startFamily(tenant: Tenant): Promise<NewSession> {
  return addToFamily(tenant, uuidv7())
}

async function addToFamily(tenant: Tenant, familyId: string): Promise<NewSession> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(Date.now() + REFRESH_TOKEN_LIFETIME * 1000)
  await queries.insertRefreshToken(tenant, { id: uuidv7(), familyId, tokenHash: hashToken(token), expiresAt })
  return { sessionId: familyId, refreshToken: token }
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Addresses are compared without regard to case, as people expect, although RFC 5321 would allow otherwise. */
function normalizeEmail(email: string): string {
  return email.toLowerCase()
}

function existing(user: User | undefined): User {
  if (!user) throw accountGone()
  return user
}

function accountGone(): ProblemError {
  return new ProblemError('account_gone', 'This account no longer exists, or can no longer be signed in to this way')
}

function invalidRefreshToken(): ProblemError {
  return new ProblemError('invalid_refresh_token', 'The session has ended; log in again')
}
