import { sql } from 'kysely'
import type { LookupScope, Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { KeyScope } from '../../../schemas/api-keys.js'
import { endOf } from '../../credentials/key-status.js'
import { currentRevision, ownerSince } from '../../credentials/owner.js'
import type { Page } from '../../paging.js'
import { revokeCredentials } from '../account-log/revocations.js'

const columns = [
  'id',
  'name',
  'key_prefix',
  'scopes',
  'created_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
] as const

/** Reads a key by its hash, before the account is known. */
export function findByHash(lookup: LookupScope, keyHash: string) {
  return lookup
    .selectFrom('api_keys')
    .select([
      'user_id',
      'id',
      'key_prefix',
      'scopes',
      'agent_instance_id',
      'since_revision',
      'revoked_at',
      'last_used_at',
    ])
    .select(endOf(keyHash).as('expires_at'))
    .where((eb) => eb.or([eb('key_hash', '=', keyHash), eb('previous_key_hash', '=', keyHash)]))
    .executeTakeFirst()
}

/** An API key as authentication finds it by its hash. */
export type FoundKey = NonNullable<Awaited<ReturnType<typeof findByHash>>>

/** @returns whether the account's owner, not an earlier holder, created what has this revision */
export async function isOwners(tenant: Tenant, revision: number): Promise<boolean> {
  const found = await tenant
    .selectFrom('users')
    .select('id')
    .where('id', '=', tenant.userId)
    .where('since_revision', '<=', revision)
    .executeTakeFirst()
  return found !== undefined
}

/** Deletes keys bound to runs that the account's earlier holder created. @returns how many, `limit` at most */
export async function deleteOthers(tenant: Tenant, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from api_keys where user_id = ${tenant.userId} and id = any(array(
      select id from api_keys
      where user_id = ${tenant.userId} and agent_instance_id is not null and since_revision < ${ownerSince(tenant)}
      limit ${limit}))
  `.execute(tenant)
  return Number(numAffectedRows ?? 0)
}

/** Notes the use of a key, at most once a minute whatever the number of requests and replicas. */
export async function touch(tenant: Tenant, id: string): Promise<void> {
  await tenant
    .updateTable('api_keys')
    .set({ last_used_at: sql`now()` })
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .where((eb) =>
      eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', sql<Date>`now() - interval '1 minute'`)]),
    )
    .execute()
}

/** Active keys, not counting those bound to a run. */
export async function countActive(trx: TenantTransaction): Promise<number> {
  const { active } = await trx
    .selectFrom('api_keys')
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('active'))
    .where('user_id', '=', trx.userId)
    .where('revoked_at', 'is', null)
    .where('agent_instance_id', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<Date>`now()`)]))
    .executeTakeFirstOrThrow()
  return active
}

/** An API key to be stored: its SHA-256, and its first characters for display. */
export interface NewKey {
  readonly id: string
  readonly name: string
  readonly keyPrefix: string
  readonly keyHash: string
  readonly scopes: KeyScope[]
  readonly expiresInDays: number | null
  /** The only run that the key is valid for. */
  readonly instanceId: string | null
}

/** @returns the key as lists show it */
export function insert(trx: TenantTransaction, key: NewKey) {
  return trx
    .insertInto('api_keys')
    .values({
      user_id: trx.userId,
      id: key.id,
      name: key.name,
      key_prefix: key.keyPrefix,
      key_hash: key.keyHash,
      scopes: key.scopes,
      agent_instance_id: key.instanceId,
      since_revision: currentRevision(trx),
      expires_at: sql<Date | null>`now() + make_interval(days => ${key.expiresInDays}::integer)`,
    })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

type StoredKey = Awaited<ReturnType<typeof insert>>

/**
 * Newest first: version 7 UUIDs sort by creation time.
 *
 * @param instanceId the run whose keys are listed; null: keys bound to none
 */
export function list(tenant: Tenant, instanceId: string | null, { limit, after }: Page<{ id: string }>) {
  return tenant
    .selectFrom('api_keys')
    .select(columns)
    .where('user_id', '=', tenant.userId)
    .where('agent_instance_id', instanceId === null ? 'is' : '=', instanceId)
    .$if(after !== undefined, (query) => query.where('id', '<', after?.id ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/**
 * Replaces the secret of an active key. Long polls with the old one are notified to check how long it stays good.
 *
 * @param graceSeconds how long the old secret goes on working
 * @returns undefined when there is no such key, or it is not active
 */
export async function replaceSecret(
  tenant: Tenant,
  id: string,
  { keyHash, keyPrefix }: Pick<NewKey, 'keyHash' | 'keyPrefix'>,
  graceSeconds: number,
): Promise<StoredKey | undefined> {
  const replaced = sql`
    update api_keys set previous_key_hash = key_hash,
      previous_expires_at = now() + make_interval(secs => ${graceSeconds}),
      key_hash = ${keyHash}, key_prefix = ${keyPrefix}
    where user_id = ${tenant.userId} and id = ${id} and revoked_at is null
      and (expires_at is null or expires_at > now())
    returning *`
  const shown = sql.join(columns.map((column) => sql.ref(column)))
  const { rows } = await revokeCredentials<StoredKey>(replaced, shown).execute(tenant)
  return rows[0]
}

/** Whether the account has a key with this UUID, good or not. */
export async function exists(tenant: Tenant, id: string): Promise<boolean> {
  const row = await tenant
    .selectFrom('api_keys')
    .select('id')
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}

/** Revokes a key; its long polls end. @returns whether there is such a key */
export async function revoke(tenant: Tenant, id: string): Promise<boolean> {
  const revoked = sql`
    update api_keys set revoked_at = coalesce(revoked_at, now())
    where user_id = ${tenant.userId} and id = ${id}
    returning user_id, id`
  const { rows } = await revokeCredentials(revoked, sql`id`).execute(tenant)
  return rows.length > 0
}
