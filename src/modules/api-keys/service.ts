import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'
import { type KeyScope, MAX_KEY_DAYS } from '../../../schemas/api-keys.js'
import type { KeyActor } from '../../actors/actor.js'
import { displayPrefix, hashKey, isWellFormedKey, mintKey } from '../../credentials/api-key.js'
import { refusedKey } from '../../credentials/key-status.js'
import { lockCredential } from '../../credentials/lock.js'
import type { Revocations } from '../../credentials/revocations.js'
import { TtlCache } from '../../credentials/ttl-cache.js'
import { notFound, ProblemError } from '../../errors.js'
import type { Page } from '../../paging.js'
import { API_KEY_BYTES } from '../../storage/sizes.js'
import { countBytes } from '../account-log/clock.js'
import type { Events } from '../events/events.js'
import * as queries from './queries.js'

/** The most active keys of an account. */
const MAX_ACTIVE_KEYS = 50

/** Milliseconds between two notes of a key's last use. */
const TOUCH_INTERVAL = 60_000

/** A key to be minted. */
export interface KeyRequest {
  readonly name: string
  readonly scopes?: KeyScope[] | undefined
  /** Days until it expires, `MAX_KEY_DAYS` at most; null: never. */
  readonly expiresInDays?: number | null | undefined
  /** UUID of the only run that it is valid for. */
  readonly instanceId?: string | null
}

type FoundSecret = queries.FoundKey & { readonly hash: string }

/** The API keys of agents. */
export class ApiKeys {
  readonly #database: Database
  readonly #events: Events
  readonly #cache: TtlCache<FoundSecret>

  constructor(database: Database, events: Events, revocations: Revocations) {
    this.#database = database
    this.#events = events
    this.#cache = new TtlCache(revocations)
  }

  /**
   * @param key as the caller sent it
   * @returns its actor
   * @throws {ProblemError} 401 when the key is mistyped, unknown, revoked or expired
   */
  async authenticate(key: string): Promise<KeyActor> {
    const found = await this.#cache.getOrLoad(key, () => this.#findKey(key))
    if (!found || found.revoked_at) throw refusedKey('invalid_api_key')
    if (hasEnded(found)) throw refusedKey('api_key_expired')
    return {
      kind: 'key',
      userId: found.user_id,
      keyId: found.id,
      keyPrefix: found.key_prefix,
      secretHash: found.hash,
      scopes: found.scopes,
      instanceId: found.agent_instance_id ?? undefined,
    }
  }

  /**
   * Reads a key, and notes its use. The result is cached for half a second, within which a revocation in another
   * process may go unnoticed; hints make that shorter.
   */
  async #findKey(key: string): Promise<FoundSecret | undefined> {
    if (!isWellFormedKey(key))
      throw refusedKey('invalid_api_key', 'The API key is mistyped: its checksum does not match')
    const hash = hashKey(key)
    const found = await queries.findByHash(this.#database.lookup(hash), hash)
    if (!found) return undefined
    // Only keys bound to a run may predate the owner: the others were revoked when the owner moved in; of these there
    // may be too many.
    const isBound = found.agent_instance_id !== null
    if (isBound && !(await queries.isOwners(this.#database.tenant(found.user_id), found.since_revision)))
      return undefined
    const isGood = !found.revoked_at && !hasEnded(found)
    if (isGood && (!found.last_used_at || found.last_used_at.getTime() < Date.now() - TOUCH_INTERVAL)) {
      await queries.touch(this.#database.tenant(found.user_id), found.id)
    }
    return { ...found, hash }
  }

  /**
   * Mints a key for a command line.
   *
   * @param name by default it contains the day, in UTC
   * @throws {ProblemError} as `create`
   */
  createForCommandLine(tenant: Tenant, name = `CLI key, ${new Date().toISOString().slice(0, 10)}`) {
    return this.create(tenant, { name })
  }

  /**
   * @returns the key, which is not shown again, and its stored row
   * @throws {ProblemError} 409 when the account has `MAX_ACTIVE_KEYS` in use; a key that is bound to a run does not
   *   count. 401 when the caller's credential has ended meanwhile
   */
  async create(tenant: Tenant, request: KeyRequest) {
    const { name, scopes = ['agent'], expiresInDays = null, instanceId = null } = request
    const key = mintKey()
    const stored = await tenant.transaction(async (trx) => {
      await lockCredential(trx)
      if (instanceId === null && (await queries.countActive(trx)) >= MAX_ACTIVE_KEYS) {
        throw new ProblemError('too_many_api_keys', `An account has at most ${MAX_ACTIVE_KEYS} active keys; revoke one`)
      }
      const inserted = await queries.insert(trx, {
        id: uuidv7(),
        name,
        keyPrefix: displayPrefix(key),
        keyHash: hashKey(key),
        scopes,
        expiresInDays: expiresInDays && Math.min(expiresInDays, MAX_KEY_DAYS),
        instanceId,
      })
      // Never given back: the row of a revoked key stays.
      await trx.pipeline({ counted: countBytes(trx, API_KEY_BYTES) })
      return inserted
    })
    return { ...stored, api_key: key }
  }

  /**
   * Gives an active key a new secret. Its name, scopes and expiry stay.
   *
   * @param graceSeconds how long the old secret goes on working; a secret that was replaced before ends at once
   * @throws {ProblemError} 404; 409 when the key was revoked or has expired; 401 as `create`
   */
  async rotate(tenant: Tenant, id: string, graceSeconds: number) {
    const key = mintKey()
    const secret = { keyHash: hashKey(key), keyPrefix: displayPrefix(key) }
    const stored = await tenant.transaction(async (trx) => {
      await lockCredential(trx)
      return queries.replaceSecret(trx, id, secret, graceSeconds)
    })
    if (stored) {
      this.#events.publishHint(tenant)
      return { ...stored, api_key: key }
    }
    if (await queries.exists(tenant, id)) {
      throw new ProblemError('api_key_inactive', 'The key was revoked or has expired; mint a new one')
    }
    throw notFound('API key')
  }

  /** @param instanceId the run whose keys are listed; null: keys bound to none */
  async list(tenant: Tenant, instanceId: string | null, page: Page<{ id: string }>) {
    const keys = await queries.list(tenant, instanceId, page)
    return keys.map(({ key_prefix, revoked_at, ...key }) => ({
      ...key,
      api_key: `${key_prefix}********`,
      is_active: revoked_at === null && (key.expires_at === null || key.expires_at.getTime() > Date.now()),
    }))
  }

  /**
   * Deletes some keys that the account's earlier holder created; they authenticate no caller any more.
   *
   * @returns how many, `limit` at most
   */
  clearOthers(tenant: Tenant, limit: number): Promise<number> {
    return queries.deleteOthers(tenant, limit)
  }

  /** @throws {ProblemError} 404 */
  async revoke(tenant: Tenant, id: string): Promise<void> {
    if (!(await queries.revoke(tenant, id))) throw notFound('API key')
    this.#events.publishHint(tenant)
  }
}

function hasEnded({ expires_at }: queries.FoundKey): boolean {
  return expires_at !== null && expires_at.getTime() <= Date.now()
}
