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

/** What `ExternalIdentities` works with. */
export interface ExternalIdentitiesOptions {
  readonly database: Database
  readonly events: Events
  readonly revocations: Revocations
  readonly provider: OpenIdProvider
  /** Values of `aud`, of which a token has to have one. */
  readonly audiences: readonly string[]
  readonly verify: JWT['verify']
  /** Whether tokens of our own are accepted as well. */
  readonly localAccounts: 'on' | 'off'
  /** Somebody has moved into an account, in which there may be things to be cleared away. */
  readonly onMoveIn: () => void
}

/**
 * People who sign in at an OpenID provider. At first sight they get an account.
 *
 * **E-mail addresses.** An address counts only if the provider has verified it. Then the person gets the account of ours
 * that has it, if there is one. We do not verify addresses ourselves: whoever registered it here may be anybody, waiting
 * with a password for the real owner to move in ("account pre-hijacking", Sudhodanan and Paverd, USENIX Security 2022). So
 * every other way into that account ends at that moment: its password, sessions, access tokens and API keys; and its
 * webhooks go, through which prompts and answers would reach whoever set them up. What that costs does not depend on what
 * they stored, or they could keep the owner out by it: see `closeOtherWaysIn`. Who wants to keep all that proves both at
 * once instead: see `link`. An account that has an identity already is not shared with another
 * one; nor is an address a reason to refuse, or anybody could lock others out by registering theirs.
 */
export class ExternalIdentities {
  readonly #options: ExternalIdentitiesOptions
  readonly #cache: TtlCache<FoundIdentity>

  constructor(options: ExternalIdentitiesOptions) {
    this.#options = options
    this.#cache = new TtlCache(options.revocations)
  }

  /**
   * @returns whether this is the place to verify the token. The issuer is only what the token claims: it decides which
   * rules hold, and neither set of rules accepts the other's algorithms or issuer.
   */
  handles(token: string): boolean {
    const { localAccounts, provider } = this.#options
    return localAccounts === 'off' || claimedIssuer(token) === provider.issuer
  }

  /**
   * Whose an identity is, counts for half a second, in which the deletion of the account in another process may go
   * unnoticed; hints make that shorter. A burst of requests asks once.
   *
   * @returns who that is; at first sight, a new user
   * @throws {ProblemError} 401 when the token is not good, 503 when that cannot be found out
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

  /** @returns by what a person of the provider is known here; undefined when the account is not theirs, or not any more */
  async findHash(userId: string, subject: string): Promise<string | undefined> {
    const identity = this.#identityOf({ subject })
    // Apart from those who show a token: a ticket makes no account, and what it does not find is not theirs to remember.
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
   * Lets somebody who is signed in to an account sign in to it with another identity from now on. The provider has to
   * have verified that it is the account's e-mail address.
   *
   * @throws {ProblemError} 400 when the token is not good, 403 when the addresses differ, 409 when the identity has an
   * account of its own, 503 when the provider is away
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

  /** @returns the account of ours that has the person's verified address, now theirs alone; undefined if there is none */
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
   * Of requests that race, one makes the user: they take turns, and they all come to the same id, so that even without
   * turns the primary key would let only one of them through.
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
