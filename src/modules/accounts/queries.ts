import { sql } from 'kysely'
import type { LookupScope, Tenant, TenantTransaction } from '../../../db/tenant.js'
import { logRevoked } from '../events/log.js'

/**
 * Legacy clients want an address that looks like one. Made up when it is read, under a name that leads nowhere (RFC 2606),
 * it cannot be taken by anybody else.
 */
const email = sql<string>`coalesce(users.email, users.id || '@no-address.invalid')`.as('email')

const profile = ['id', email, 'display_name', 'created_at'] as const

/** Reads the account that somebody wants to sign in to. */
export function findByEmail(lookup: LookupScope, email: string) {
  return lookup
    .selectFrom('users')
    .select([...profile, 'password_hash'])
    .where('email', '=', email)
    .executeTakeFirst()
}

export function findUser(tenant: Tenant) {
  return tenant.selectFrom('users').select(profile).where('id', '=', tenant.userId).executeTakeFirst()
}

export async function hasPassword(tenant: Tenant): Promise<boolean> {
  const found = await tenant
    .selectFrom('users')
    .select('id')
    .where('id', '=', tenant.userId)
    .where('password_hash', 'is not', null)
    .executeTakeFirst()
  return found !== undefined
}

/** @returns undefined when the e-mail address is taken */
export function insertUser(tenant: Tenant, email: string, displayName: string | null, passwordHash: string) {
  return tenant
    .insertInto('users')
    .values({ id: tenant.userId, email, display_name: displayName, password_hash: passwordHash })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning(profile)
    .executeTakeFirst()
}

export function updateDisplayName(tenant: Tenant, displayName: string | null) {
  return tenant
    .updateTable('users')
    .set({ display_name: displayName })
    .where('id', '=', tenant.userId)
    .returning(profile)
    .executeTakeFirst()
}

/** Takes everything of the user's along: each table refers to this row, directly or not. */
export async function deleteUser(tenant: Tenant): Promise<boolean> {
  const { userId } = tenant
  const [, , , , deleted] = await tenant.pipeline(
    // In the order in which posts lock them. The delete itself would begin with the user and come to the runs last.
    sql`select from user_agents where user_id = ${userId} order by id for update`.compile(tenant),
    sql`select from agent_instances where user_id = ${userId} order by id for update`.compile(tenant),
    sql`select from users where id = ${userId} for update`.compile(tenant),
    sql`select from account_clocks where user_id = ${userId} for update`.compile(tenant),
    tenant.deleteFrom('users').where('id', '=', userId).returning('id').compile(),
  )
  return deleted.length > 0
}

export interface NewRefreshToken {
  readonly id: string
  readonly familyId: string
  readonly tokenHash: string
  readonly expiresAt: Date
}

export async function insertRefreshToken(tenant: Tenant, token: NewRefreshToken): Promise<void> {
  await tenant
    .insertInto('refresh_tokens')
    .values({
      user_id: tenant.userId,
      id: token.id,
      family_id: token.familyId,
      token_hash: token.tokenHash,
      expires_at: token.expiresAt,
    })
    .execute()
}

/** Reads a refresh token by its hash, before anybody knows whose it is. */
export function findRefreshToken(lookup: LookupScope, tokenHash: string) {
  return lookup
    .selectFrom('refresh_tokens')
    .select(['user_id', 'id', 'family_id', 'expires_at'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
}

/**
 * Makes those who change an account's sessions take turns. Without it, revoking a family would miss the token that a
 * refresh adds to it at the same moment: DELETE does not see rows that were inserted after it began.
 *
 * Not FOR UPDATE: that would also wait for everybody who inserts rows that refer to the account.
 */
export async function lockSessions(trx: TenantTransaction): Promise<void> {
  await trx.selectFrom('users').select('id').where('id', '=', trx.userId).forNoKeyUpdate().execute()
}

/** Of several requests that show the same token at once, exactly one gets true. */
export async function useRefreshToken(trx: TenantTransaction, id: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('refresh_tokens')
    .set({ used_at: sql`now()` })
    .where('user_id', '=', trx.userId)
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Ends a session. Its tokens must be locked by `lockSessions`. */
export async function deleteFamily(trx: TenantTransaction, familyId: string): Promise<void> {
  await sql`
    with revoked as (
      delete from refresh_tokens where user_id = ${trx.userId} and family_id = ${familyId}
      returning user_id, family_id as id
    ), ${logRevoked}
    select from ticked
  `.execute(trx)
}

export async function deleteExpiredRefreshTokens(tenant: Tenant): Promise<void> {
  await tenant
    .deleteFrom('refresh_tokens')
    .where('user_id', '=', tenant.userId)
    .where('expires_at', '<', sql<Date>`now()`)
    .execute()
}
