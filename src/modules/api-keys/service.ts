import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'
import type { KeyScope } from '../../../schemas/api-keys.js'
import { notFound, ProblemError } from '../../errors.js'
import { refusedKey } from '../../key-standing.js'
import type { Page } from '../../paging.js'
import { ShortMemory } from '../../short-memory.js'
import type { Events } from '../events/events.js'
import { type AgentActor, displayPrefix, hashKey, isWellFormedKey, mintKey } from './key.js'
import * as queries from './queries.js'

/** The most keys that an account may have in use at once. */
export const MAX_ACTIVE_KEYS = 50

/** Milliseconds between two notes of a key's last use. */
const TOUCH_INTERVAL = 60_000

/** Milliseconds that a key is not read again. A revocation must reach every process within a second. */
const MEMORY = 500

/** A key to be minted. */
export interface KeyRequest {
  readonly name: string
  readonly scopes?: KeyScope[] | undefined
  /** Days until it stops working; null: never. */
  readonly expiresInDays?: number | null | undefined
  /** UUID of the only run that it is for. */
  readonly instanceId?: string | null
  /** Minted with an access token of ours: the account must not have moved to an OpenID provider in the meantime. */
  readonly byLocalToken?: boolean
}

type FoundSecret = queries.FoundKey & { readonly hash: string }

/** The keys that agents call with. */
export class ApiKeys {
  readonly #database: Database
  readonly #events: Events
  readonly #memory = new ShortMemory<FoundSecret | undefined>(MEMORY)

  constructor(database: Database, events: Events) {
    this.#database = database
    this.#events = events
  }

  /**
   * @param key what the caller sent
   * @returns who that is
   * @throws {ProblemError} 401 when the key is mistyped, unknown, revoked or expired
   */
  async authenticate(key: string): Promise<AgentActor> {
    const found = await this.#memory.recall(key, () => this.#look(key))
    if (!found || found.revoked_at) throw refusedKey('invalid_api_key')
    if (hasEnded(found)) throw refusedKey('api_key_expired')
    return {
      kind: 'agent',
      userId: found.user_id,
      keyId: found.id,
      secretHash: found.hash,
      scopes: found.scopes,
      instanceId: found.agent_instance_id ?? undefined,
    }
  }

  /**
   * Reads a key, and notes that it is in use. What is read is good for half a second, within which a revocation in another
   * process may go unnoticed; hints make that shorter, see `forget`.
   */
  async #look(key: string): Promise<FoundSecret | undefined> {
    if (!isWellFormedKey(key))
      throw refusedKey('invalid_api_key', 'The API key is mistyped: its checksum does not match')
    const hash = hashKey(key)
    const found = await queries.findByHash(this.#database.lookup(hash), hash)
    if (!found) return undefined
    const isGood = !found.revoked_at && !hasEnded(found)
    if (isGood && (!found.last_used_at || found.last_used_at.getTime() < Date.now() - TOUCH_INTERVAL)) {
      await queries.touch(this.#database.tenant(found.user_id), found.id)
    }
    return { ...found, hash }
  }

  /** Reads every key anew from here on. */
  forget(): void {
    this.#memory.clear()
  }

  /**
   * @returns the key as it is shown this once, and what is kept of it
   * @throws {ProblemError} 409 when the account has `MAX_ACTIVE_KEYS` in use; a key that is bound to a run does not count
   */
  async create(tenant: Tenant, request: KeyRequest) {
    const { name, scopes = ['agent'], expiresInDays = null, instanceId = null, byLocalToken = false } = request
    const key = mintKey()
    const stored = await tenant.transaction(async (trx) => {
      const account = await queries.lockAccount(trx)
      if (!account || (byLocalToken && !account.isLocal)) throw accountGone()
      if (instanceId === null && (await queries.countActive(trx)) >= MAX_ACTIVE_KEYS) {
        throw new ProblemError('too_many_api_keys', `An account has at most ${MAX_ACTIVE_KEYS} active keys; revoke one`)
      }
      return queries.insert(trx, {
        id: uuidv7(),
        name,
        keyPrefix: displayPrefix(key),
        keyHash: hashKey(key),
        scopes,
        expiresInDays,
        instanceId,
      })
    })
    return { ...stored, api_key: key }
  }

  /**
   * Gives an active key a new secret. Its name, scopes and expiry stay.
   *
   * @param graceSeconds how long the old secret goes on working; a secret that was replaced before ends at once
   * @throws {ProblemError} 404; 409 when the key was revoked or has expired
   */
  async rotate(tenant: Tenant, id: string, graceSeconds: number) {
    const key = mintKey()
    const secret = { keyHash: hashKey(key), keyPrefix: displayPrefix(key) }
    const stored = await queries.replaceSecret(tenant, id, secret, graceSeconds)
    if (stored) {
      this.#events.publishLook(tenant)
      return { ...stored, api_key: key }
    }
    if (await queries.exists(tenant, id)) {
      throw new ProblemError('api_key_inactive', 'The key was revoked or has expired; mint a new one')
    }
    throw notFound('API key')
  }

  /** @param instanceId the run whose keys are meant; null: those that are bound to none */
  async list(tenant: Tenant, instanceId: string | null, page: Page<{ id: string }>) {
    const keys = await queries.list(tenant, instanceId, page)
    return keys.map(({ key_prefix, revoked_at, ...key }) => ({
      ...key,
      api_key: `${key_prefix}********`,
      is_active: revoked_at === null && (key.expires_at === null || key.expires_at.getTime() > Date.now()),
    }))
  }

  /** @throws {ProblemError} 404 */
  async revoke(tenant: Tenant, id: string): Promise<void> {
    if (!(await queries.revoke(tenant, id))) throw notFound('API key')
    this.#events.publishLook(tenant)
  }
}

function hasEnded({ expires_at }: queries.FoundKey): boolean {
  return expires_at !== null && expires_at.getTime() <= Date.now()
}

function accountGone(): ProblemError {
  return new ProblemError('account_gone', 'This account no longer exists, or can no longer be signed in to this way')
}
