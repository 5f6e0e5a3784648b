import { normalizeIP } from '@fastify/rate-limit'
import { v7 as uuidv7 } from 'uuid'
import type { Actor as Acting } from '../../../db/actor.js'
import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'
import type { Actor } from '../../actors/actor.js'
import { accountGone } from '../../credentials/errors.js'
import { lockCredential } from '../../credentials/lock.js'
import { ProblemError } from '../../errors.js'
import type { Events } from '../events/events.js'
import type { PasswordWork } from './password-work.js'
import { hashPassword, passwordMatches } from './passwords.js'
import * as queries from './queries.js'
import type { Client, NewToken, Sessions } from './sessions.js'

/** Milliseconds after signing in within which the password is not asked for again. */
const RECENTLY = 5 * 60_000

/** The profile of an account, as its owner sees it. */
export interface User {
  readonly id: string
  readonly email: string
  readonly display_name: string | null
  readonly created_at: Date
}

/** An actor whose credentials were just verified. */
export interface SignedIn extends NewToken {
  readonly user: User
}

/** Limits guesses and changes of passwords. */
export interface PasswordLimits {
  /** Counts a guess before it is checked. @throws {ProblemError} 429 while there is a pause */
  countGuess(subject: string): Promise<void>
  /** Forgets the counted guesses after a right one. */
  forgiveGuesses(subject: string): Promise<void>
  /** @throws {ProblemError} 429 when the account's password was changed too often */
  refusePasswordChange(userId: string): void
  /** Counts a change whose current password was right. @throws {ProblemError} 429 */
  countPasswordChange(userId: string): Promise<void>
}

/** The dependencies of `Accounts`. */
export interface AccountsOptions {
  readonly database: Database
  readonly events: Events
  readonly sessions: Sessions
  readonly limits: PasswordLimits
  readonly passwordWork: PasswordWork
  readonly registration: 'open' | 'closed'
  readonly localAccounts: 'on' | 'off'
  /** Deletes rows in batches that may be too many for the one statement that deletes an account. */
  readonly discard: (tenant: Tenant) => Promise<void>
}

/** People's accounts, and how they sign in. */
export class Accounts {
  readonly sessions: Sessions
  readonly #options: AccountsOptions

  constructor(options: AccountsOptions) {
    this.#options = options
    this.sessions = options.sessions
  }

  /**
   * @throws {ProblemError} 403 when registration is closed or local accounts are off, 409 when the address is taken,
   *   429 or 503 when too many are registering
   */
  async register(email: string, password: string, displayName: string | null, client: Client): Promise<SignedIn> {
    const { database, passwordWork, registration } = this.#options
    this.#needLocalAccounts()
    if (registration === 'closed') {
      throw new ProblemError('registration_closed', 'Registration is closed on this server')
    }
    const passwordHash = await passwordWork.run(normalizeIP(client.address), () => hashPassword(password))
    return database.tenant(uuidv7()).transaction(async (trx) => {
      const user = await queries.insertUser(trx, normalizeEmail(email), displayName, passwordHash)
      if (!user) throw new ProblemError('email_taken', 'There is an account with this e-mail address')
      return { user, ...(await this.sessions.begin(trx, client)) }
    })
  }

  /**
   * @throws {ProblemError} 401, the same for an unknown address, a wrong password and an account without one; 403 when
   *   local accounts are off; 429 or 503 after too many attempts, of any client
   */
  async login(email: string, password: string, client: Client): Promise<SignedIn> {
    this.#needLocalAccounts()
    const { database, passwordWork } = this.#options
    const address = normalizeEmail(email)
    // The look-up waits for its turn too: an address with too many requests is refused without a query.
    const { tenant, found, isRight } = await passwordWork.run(normalizeIP(client.address), async () => {
      const found = await queries.findByEmail(database.lookup(address), address)
      // The same work is done whether or not the account exists.
      const tenant = database.tenant(found?.id ?? uuidv7())
      const guesser = await this.#guesser(tenant, address, client)
      return { tenant, found, isRight: await this.#isRight(password, found?.password_hash, guesser) }
    })
    if (!isRight || !found) throw wrongCredentials()
    const { password_hash: passwordHash, ...user } = found
    return tenant.transaction(async (trx) => {
      // Since it was read, the password may have changed, or the account's owner may have moved in.
      if (!(await queries.lockByPassword(trx, passwordHash ?? ''))) throw wrongCredentials()
      return { user, ...(await this.sessions.begin(trx, client)) }
    })
  }

  /** @throws {ProblemError} as `Sessions.refresh`; 403 when local accounts are off, as the token would not be accepted */
  async refresh(refreshToken: string | undefined, client: Client): Promise<SignedIn> {
    this.#needLocalAccounts()
    const { userId, ...next } = await this.sessions.refresh(refreshToken, client)
    return { user: await this.me(this.#options.database.tenant(userId)), ...next }
  }

  /** @throws {ProblemError} 401 when the account was deleted but the token has not expired */
  async me(tenant: Tenant): Promise<User> {
    return existing(await queries.findUser(tenant))
  }

  /** @throws {ProblemError} 401 as `me` */
  async rename(tenant: Tenant, displayName: string | null | undefined): Promise<User> {
    if (displayName === undefined) return this.me(tenant)
    return existing(await queries.updateDisplayName(tenant, displayName))
  }

  /**
   * Takes over the display name that a legacy client sends after sign-in.
   *
   * @param id the person's, here or at the OpenID provider: a legacy client knows the one of where it signed in
   * @throws {ProblemError} 403 for the id of another person; 401 as `me`
   */
  async sync(tenant: Tenant, actor: Actor, id: string, displayName: string | null | undefined): Promise<void> {
    const isOwn = id.toLowerCase() === tenant.userId || (actor.kind === 'user' && id === actor.subject)
    if (!isOwn) throw new ProblemError('not_your_account', 'The id is not the one of the signed-in user')
    await this.rename(tenant, displayName ?? undefined)
  }

  /**
   * Changes the password and ends every session but the caller's own.
   *
   * Only a request with the right current password uses up the changes that an account may make: a stolen session does
   * not. The limit is checked when the request's turn comes, so that concurrent requests cannot all pass it.
   *
   * @throws {ProblemError} 403 when the current password is another one, or local accounts are off; 429 after too many
   *   guesses or changes
   */
  async changePassword(tenant: Tenant, current: string, next: string, client: Client): Promise<void> {
    this.#needLocalAccounts()
    const { limits, passwordWork } = this.#options
    const { userId } = tenant
    const currentHash = await this.#requirePassword(tenant, current, client, () => limits.refusePasswordChange(userId))
    await limits.countPasswordChange(userId)
    const nextHash = await passwordWork.run(normalizeIP(client.address), () => hashPassword(next))
    await tenant.transaction(async (trx) => {
      await lockCredential(trx)
      if (!(await queries.lockByPassword(trx, currentHash))) throw wrongPassword()
      await queries.updatePasswordHash(trx, nextHash)
      await this.sessions.endOthers(trx, sessionOf(trx.actor))
    })
  }

  /**
   * Deletes the account with everything it owns.
   *
   * @param actor the caller
   * @param password may be left out shortly after signing in
   * @throws {ProblemError} 401 as `me`; 403 without a password long after signing in, or with a wrong one
   */
  async delete(tenant: Tenant, actor: Actor, password: string | undefined, client: Client): Promise<void> {
    const signedInAt = await this.#signedInAt(actor)
    if (password !== undefined) await this.#requirePassword(tenant, password, client)
    else if (!signedInAt || signedInAt.getTime() < Date.now() - RECENTLY) {
      throw new ProblemError(
        'reauthentication_required',
        'Send the password, or sign in again and repeat this within 5 minutes',
      )
    }
    // Checked before `discard` as well: a revoked credential must not delete pending deliveries.
    await tenant.transaction(lockCredential)
    await this.#options.discard(tenant)
    await tenant.transaction(async (trx) => {
      await queries.lockEverything(trx)
      await lockCredential(trx)
      await queries.deleteUser(trx)
    })
    this.#options.events.publishHint(tenant)
  }

  /** @returns when the person last signed in; undefined when neither session nor token says so */
  async #signedInAt(actor: Actor): Promise<Date | undefined> {
    if (actor.kind !== 'user') return undefined
    const { userId, credential, authenticatedAt } = actor
    if (credential.kind === 'session') return this.sessions.requireActive(userId, credential.id)
    return authenticatedAt
  }

  /**
   * @param refuse throws what keeps the password from being checked, when its turn comes
   * @returns the hash of the password
   * @throws {ProblemError} 403 when it is not the account's, 429 after many guesses
   */
  async #requirePassword(tenant: Tenant, password: string, client: Client, refuse = () => {}): Promise<string> {
    const hash = await queries.findPasswordHash(tenant)
    if (hash === undefined) throw accountGone()
    // Counted by the caller's session: guesses with a stolen one do not lock out the owner's own.
    const guesser = `password ${tenant.userId} ${sessionOf(tenant.actor) ?? ''}`
    const isRight = await this.#options.passwordWork.run(normalizeIP(client.address), async () => {
      refuse()
      return this.#isRight(password, hash, guesser)
    })
    if (!isRight || hash === null) throw wrongPassword()
    return hash
  }

  /**
   * Checks a password as a piece of `PasswordWork`. A guess counts before it is checked, so that concurrent guesses
   * cannot all pass the limit.
   *
   * @param guesser the subject that it is counted for
   */
  async #isRight(password: string, hash: string | null | undefined, guesser: string): Promise<boolean> {
    const { limits } = this.#options
    await limits.countGuess(guesser)
    const isRight = await passwordMatches(password, hash ?? undefined)
    if (isRight) await limits.forgiveGuesses(guesser)
    return isRight
  }

  /**
   * Guesses from elsewhere must not lock out the account's owner: addresses that the account is signed in from are
   * counted apart.
   */
  async #guesser(tenant: Tenant, email: string, { address }: Client): Promise<string> {
    const network = normalizeIP(address)
    const isFamiliar = (await this.sessions.addresses(tenant)).some((known) => normalizeIP(known) === network)
    return isFamiliar ? `login ${email} ${network}` : `login ${email}`
  }

  #needLocalAccounts(): void {
    if (this.#options.localAccounts === 'on') return
    throw new ProblemError('local_accounts_off', 'This server has no local accounts; sign in at its OpenID provider')
  }
}

/** Addresses are compared case-insensitively, as people expect, although RFC 5321 would allow otherwise. */
function normalizeEmail(email: string): string {
  return email.toLowerCase()
}

function existing(user: User | undefined): User {
  if (!user) throw accountGone()
  return user
}

function wrongCredentials(): ProblemError {
  return new ProblemError('invalid_credentials', 'E-mail address or password is wrong')
}

function wrongPassword(): ProblemError {
  return new ProblemError('wrong_password', 'The password is wrong, or the account has none')
}

/** @returns the actor's session; undefined for a key and for a person with a provider's token */
function sessionOf(actor: Acting): string | undefined {
  return actor.kind === 'user' && actor.credential.kind === 'session' ? actor.credential.id : undefined
}
