import { createHash } from 'node:crypto'
import type { JWT } from '@fastify/jwt'
import { v5 as uuidv5 } from 'uuid'
import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'
import type { UserActor } from '../../actors/actor.js'
import { refusedToken } from '../../credentials/errors.js'
import { lockCredential } from '../../credentials/lock.js'
import type { Revocations } from '../../credentials/revocations.js'
import { TtlCache } from '../../credentials/ttl-cache.js'
import { invalidField, ProblemError } from '../../errors.js'
import type { Events } from '../events/events.js'
import { type OpenIdProvider, ProviderUnavailableError } from './provider.js'
import * as queries from './queries.js'
import { claimedIssuer, type IdentityClaims, readClaims, readHeader } from './token.js'

/** Milliseconds that the provider's clock and ours may differ. */
const CLOCK_TOLERANCE = 10_000

/** Any constant will do, as long as it stays: the ids of users come from it. */
const NAMESPACE = '3f0c1e58-7d0b-4a5e-9a5c-0f6f6d1c2b7e'

interface FoundIdentity {
  readonly user_id: string
}

/** The dependencies of `ExternalIdentities`. */
export interface ExternalIdentitiesOptions {
  readonly database: Database
  readonly events: Events
  readonly revocations: Revocations
  readonly provider: OpenIdProvider
  /** Values of `aud`, one of which a token must have. */
  readonly audiences: readonly string[]
  readonly verify: JWT['verify']
  /** Whether tokens of our own are accepted as well. */
  readonly localAccounts: 'on' | 'off'
  /** Called when an owner has moved into an account, in which there may be data to be deleted. */
  readonly onMoveIn: () => void
}

/**
 * People who sign in at an OpenID provider. Their first token creates an account.
 *
 * **E-mail addresses.** An address counts only if the provider has verified it. Then the person gets the local account
 * with that address, if there is one. Local addresses are not verified: an attacker may have registered it, waiting
 * with a password for the real owner to move in ("account pre-hijacking", Sudhodanan and Paverd, USENIX Security 2022).
 * So every other credential of that account ends at that moment: its password, sessions, access tokens and API keys;
 * its webhooks are deleted too, which would send prompts and answers to the attacker. The cost of that does not depend
 * on the amount of stored data, or an attacker could keep the owner out by it: see `closeOtherWaysIn`. A person who
 * wants to keep all that proves both identities at once instead: see `link`. An account that has an identity already is
 * not shared with another one; nor is an address a reason to refuse, or an attacker could lock others out by
 * registering theirs.
 */
export class ExternalIdentities {
  readonly #options: ExternalIdentitiesOptions
  readonly #cache: TtlCache<FoundIdentity>

  constructor(options: ExternalIdentitiesOptions) {
    this.#options = options
    this.#cache = new TtlCache(options.revocations)
  }

  /**
   * @returns whether this class has to verify the token. The issuer is only what the token claims: it decides which
   *   rules apply, and neither set of rules accepts the other's algorithms or issuer.
   */
  handles(token: string): boolean {
    const { localAccounts, provider } = this.#options
    return localAccounts === 'off' || claimedIssuer(token) === provider.issuer
  }

  /**
   * The user of an identity is cached for half a second, in which the deletion of the account in another process may go
   * unnoticed; hints make that shorter. A burst of requests causes one query.
   *
   * @returns the token's actor; a new user for the identity's first token
   * @throws {ProblemError} 401 when the token is not good, 503 when that cannot be determined
   */
  async authenticate(token: string): Promise<UserActor> {
    const claims = await this.#verify(token)
    const identity = this.#identityOf(claims)
    const { user_id: userId } = await this.#cache.getOrLoad(`token ${identity.hash}`, async () => ({
      user_id:
        (await this.#find(identity)) ??
        (await this.#moveIn(identity, claims)) ??
        (await this.#provision(identity, claims)),
    }))
    return {
      kind: 'user',
      userId,
      credential: { kind: 'identity', hash: identity.hash },
      subject: claims.subject,
      authenticatedAt: claims.authenticatedAt,
      expiresAt: claims.expiresAt,
    }
  }

  /** @returns the hash of a subject's identity; undefined when the account is not theirs, or not any more */
  async findHash(userId: string, subject: string): Promise<string | undefined> {
    const identity = this.#identityOf({ subject })
    // A separate cache entry from tokens: a ticket creates no account, and a ticket's miss must not be cached for
    // tokens.
    const found = await this.#cache.getOrLoad(`ticket ${identity.hash}`, async () => {
      const owner = await this.#find(identity)
      return owner === undefined ? undefined : { user_id: owner }
    })
    return found?.user_id === userId ? identity.hash : undefined
  }

  #find(identity: queries.Identity): Promise<string | undefined> {
    return queries.findUserId(this.#options.database.lookup(identity.hash), identity)
  }

  /**
   * Links another identity to the account of a signed-in person. The provider has to have verified that the identity
   * has the account's e-mail address.
   *
   * @throws {ProblemError} 400 when the token is not good, 403 when the addresses differ, 409 when the identity has an
   *   account of its own, 503 when the provider is unavailable
   */
  async link(tenant: Tenant, token: string): Promise<void> {
    const claims = await this.#verify(token).catch(blameBody)
    const identity = this.#identityOf(claims)
    await tenant.transaction(async (trx) => {
      await queries.lockIdentity(trx, identity)
      await lockCredential(trx)
      const owner = await queries.findUserId(trx.lookup(identity.hash), identity)
      if (owner === trx.userId) return
      if (owner) {
        throw new ProblemError('identity_in_use', 'This identity has an account of its own; delete that one first')
      }
      if (!claims.email || claims.email !== (await queries.findEmail(trx))) {
        throw new ProblemError(
          'email_not_verified',
          "The token does not show that the provider has verified this account's e-mail address",
        )
      }
      await queries.insertIdentity(trx, identity)
    })
  }

  async #verify(token: string): Promise<IdentityClaims> {
    const { audiences, provider, verify } = this.#options
    const header = readHeader(token)
    if (!header) throw refusedToken(new Error('the algorithm or the type of the token is not acceptable'))
    const key = await provider.keyFor(header).catch(unavailable)
    if (!key) throw refusedToken(new Error('the provider has no key for this token'))
    try {
      const payload = verify<Record<string, unknown>>(token, {
        key,
        algorithms: [header.alg],
        allowedIss: provider.issuer,
        allowedAud: [...audiences],
        requiredClaims: ['iss', 'aud', 'sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE,
      })
      const claims = readClaims(payload)
      if (claims) return claims
    } catch (cause) {
      throw refusedToken(cause)
    }
    throw refusedToken(new Error('the token does not say who that is'))
  }

  /** @returns the local account with the person's verified address, now theirs alone; undefined if there is none */
  async #moveIn(identity: queries.Identity, { email }: IdentityClaims): Promise<string | undefined> {
    const { database, events, onMoveIn } = this.#options
    const userId = email && (await queries.findUserIdByEmail(database.lookup(email), email))
    if (!email || !userId) return undefined
    return database.tenant(userId).transaction(async (trx) => {
      await queries.lockIdentity(trx, identity)
      const known = await queries.findUserId(trx.lookup(identity.hash), identity)
      if (known) return known
      if (!(await queries.isLocalOnly(trx, email))) return undefined
      await queries.insertIdentity(trx, identity)
      await queries.closeOtherWaysIn(trx)
      events.publishHint(trx)
      trx.afterCommit(onMoveIn)
      return trx.userId
    })
  }

  /**
   * Of concurrent requests, one creates the user: a lock serializes them, and they all derive the same id, so that even
   * without the lock the primary key would admit only one of them.
   */
  #provision(identity: queries.Identity, { email, name }: IdentityClaims): Promise<string> {
    const tenant = this.#options.database.tenant(uuidv5(identity.hash, NAMESPACE))
    return tenant.transaction(async (trx) => {
      await queries.lockIdentity(trx, identity)
      const known = await queries.findUserId(trx.lookup(identity.hash), identity)
      if (known) return known
      const isTaken = !(await queries.insertUser(trx, email, name))
      if (isTaken) await queries.insertUser(trx, null, name)
      await queries.insertIdentity(trx, identity)
      return trx.userId
    })
  }

  #identityOf({ subject }: Pick<IdentityClaims, 'subject'>): queries.Identity {
    const { issuer } = this.#options.provider
    const hash = createHash('sha256')
      .update(JSON.stringify([issuer, subject]))
      .digest('hex')
    return { issuer, subject, hash }
  }
}

function unavailable(error: unknown): never {
  if (!(error instanceof ProviderUnavailableError)) throw error
  throw new ProblemError('unavailable', 'The OpenID provider is not available. Try again in a moment.', {
    headers: { 'retry-after': '2' },
    cause: error,
  })
}

/** A 401 would say that the caller's own credentials are bad. */
function blameBody(error: unknown): never {
  if (error instanceof ProblemError && error.status === 401) throw invalidField('body.token', 'is not a valid token')
  throw error
}
