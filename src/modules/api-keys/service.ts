import DataLoader from 'dataloader'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../../../db/client.js'
import type { Tenant } from '../../../db/tenant.js'
import type { KeyScope } from '../../../schemas/api-keys.js'
import { notFound, ProblemError } from '../../errors.js'
import type { Page } from '../../paging.js'
import { TOGETHER } from '../../together.js'
import type { Events } from '../events/events.js'
import { type AgentActor, displayPrefix, hashKey, isWellFormedKey, mintKey } from './key.js'
import * as queries from './queries.js'

/** The most keys that an account may have in use at once. */
export const MAX_ACTIVE_KEYS = 50

/** Milliseconds between two notes of a key's last use. */
const TOUCH_INTERVAL = 60_000

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

/** The keys that agents call with. */
export class ApiKeys {
  readonly #database: Database
  readonly #events: Events
  readonly #keys: DataLoader<string, queries.FoundKey | undefined>
  /** Ids of keys whose use is being noted. */
  readonly #beingNoted = new Set<string>()

  constructor(database: Database, events: Events) {
    this.#database = database
    this.#events = events
    this.#keys = new DataLoader((hashes) => this.#find(hashes), { ...TOGETHER, cache: false })
  }

  /**
   * @param key what the caller sent
   * @returns who that is
   * @throws {ProblemError} 401 when the key is mistyped, unknown, revoked or expired
   */
  async authenticate(key: string): Promise<AgentActor> {
    if (!isWellFormedKey(key)) throw refusal('invalid_api_key', 'The API key is mistyped: its checksum does not match')
    const hash = hashKey(key)
    const found = await this.#keys.load(hash)
    if (!found || found.revoked_at) throw refusal('invalid_api_key', 'The API key is not valid, or was revoked')
    if (hasEnded(found, hash)) {
      throw refusal('api_key_expired', 'The API key has expired')
    }
    if (!found.last_used_at || found.last_used_at.getTime() < Date.now() - TOUCH_INTERVAL) this.#noteUse(found)
    return {
      kind: 'agent',
      userId: found.user_id,
      keyId: found.id,
      scopes: found.scopes,
      instanceId: found.agent_instance_id ?? undefined,
    }
  }

  /**
   * Nobody waits for this: of requests that arrive together, those that noted it would be overtaken by the others. When it
   * fails, the next request notes it.
   */
  #noteUse({ id, user_id }: queries.FoundKey): void {
    if (this.#beingNoted.has(id)) return
    this.#beingNoted.add(id)
    queries
      .touch(this.#database.tenant(user_id), id)
      .catch(() => {})
      .finally(() => this.#beingNoted.delete(id))
  }

  /** Keys of requests that arrive together are looked up together, each of them anew: a revocation holds at once. */
  async #find(hashes: readonly string[]): Promise<(queries.FoundKey | undefined)[]> {
    const found = await queries.findByHashes(this.#database.lookupKeys(hashes), hashes)
    const byHash = new Map(found.map((key) => [key.key_hash, key]))
    for (const key of found) if (key.previous_key_hash !== null) byHash.set(key.previous_key_hash, key)
    return hashes.map((hash) => byHash.get(hash))
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
    if (stored) return { ...stored, api_key: key }
    if (await queries.exists(tenant, id)) {
      throw new ProblemError('api_key_inactive', 'The key was revoked or has expired; mint a new one')
    }
    throw notFound('API key')
  }

  async list(tenant: Tenant, page: Page<{ id: string }>) {
    const keys = await queries.list(tenant, page)
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

/** A secret that was replaced ends with its grace period, if the key itself does not end before. */
function hasEnded(key: queries.FoundKey, hash: string): boolean {
  const ends = key.key_hash === hash ? [key.expires_at] : [key.expires_at, key.previous_expires_at]
  return ends.some((end) => end !== null && end.getTime() <= Date.now())
}

function accountGone(): ProblemError {
  return new ProblemError('account_gone', 'This account no longer exists, or can no longer be signed in to this way')
}

function refusal(code: 'invalid_api_key' | 'api_key_expired', detail: string): ProblemError {
  return new ProblemError(code, detail, { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
}
