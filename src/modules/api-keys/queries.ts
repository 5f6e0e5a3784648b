import { sql } from 'kysely'
import type { LookupScope, Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { KeyScope } from '../../../schemas/api-keys.js'
import type { Page } from '../../paging.js'

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

/** Reads a key by its hash, before anybody knows whose it is. */
export function findByHash(lookup: LookupScope, keyHash: string) {
  return lookup
    .selectFrom('api_keys')
    .select(['user_id', 'id', 'scopes', 'expires_at', 'revoked_at', 'last_used_at'])
    .where('key_hash', '=', keyHash)
    .executeTakeFirst()
}

/** Notes that a key is in use, at most once a minute whatever the number of requests and replicas. */
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

/**
 * Locks the account, so that keys minted at the same time are counted one after the other. Not FOR UPDATE: that would
 * hold up whatever else refers to the account.
 */
export async function countActiveLocked(trx: TenantTransaction): Promise<number> {
  await trx.selectFrom('users').select('id').where('id', '=', trx.userId).forNoKeyUpdate().execute()
  const { active } = await trx
    .selectFrom('api_keys')
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('active'))
    .where('user_id', '=', trx.userId)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<Date>`now()`)]))
    .executeTakeFirstOrThrow()
  return active
}

export interface NewKey {
  readonly id: string
  readonly name: string
  readonly keyPrefix: string
  readonly keyHash: string
  readonly scopes: KeyScope[]
  readonly expiresInDays: number | null
}

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
      expires_at: sql<Date | null>`now() + make_interval(days => ${key.expiresInDays}::integer)`,
    })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** Newest first: version 7 UUIDs sort by the time they were made. */
export function list(tenant: Tenant, { limit, after }: Page<{ id: string }>) {
  return tenant
    .selectFrom('api_keys')
    .select(columns)
    .where('user_id', '=', tenant.userId)
    .$if(after !== undefined, (query) => query.where('id', '<', after?.id ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** @returns whether there is such a key */
export async function revoke(tenant: Tenant, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tenant
    .updateTable('api_keys')
    .set({ revoked_at: sql`coalesce(revoked_at, now())` })
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
