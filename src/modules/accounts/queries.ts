import { sql } from 'kysely'
import { effectOf } from '../../../db/step.js'
import type { LookupScope, Tenant, TenantTransaction } from '../../../db/tenant.js'
import { lockClock } from '../account-log/clock.js'

/**
 * Legacy clients require an e-mail address. The fallback is computed on read, under a reserved name (RFC 2606), so that
 * no other account can take it.
 */
const email = sql<string>`coalesce(users.email, users.id || '@no-address.invalid')`.as('email')

const profile = ['id', email, 'display_name', 'created_at'] as const

/** Finds the account for a sign-in. */
export function findByEmail(lookup: LookupScope, email: string) {
  return lookup
    .selectFrom('users')
    .select([...profile, 'password_hash'])
    .where('email', '=', email)
    .executeTakeFirst()
}

/** @returns the profile of the tenant; undefined when the account was deleted */
export function findUser(tenant: Tenant) {
  return tenant.selectFrom('users').select(profile).where('id', '=', tenant.userId).executeTakeFirst()
}

/** @returns null when it has none; undefined when the account is gone */
export async function findPasswordHash(tenant: Tenant): Promise<string | null | undefined> {
  const found = await tenant
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', tenant.userId)
    .executeTakeFirst()
  return found?.password_hash
}

/** Locks the account if it still has this password, which authorized the change. */
export async function lockByPassword(trx: TenantTransaction, passwordHash: string): Promise<boolean> {
  const found = await trx
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', trx.userId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return found?.password_hash === passwordHash
}

/** Replaces the password. @param passwordHash the Argon2 hash, in PHC format */
export async function updatePasswordHash(trx: TenantTransaction, passwordHash: string): Promise<void> {
  await trx.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', trx.userId).execute()
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

/** Sets the display name; null removes it. @returns the profile as it is now; undefined when the account was deleted */
export function updateDisplayName(tenant: Tenant, displayName: string | null) {
  return tenant
    .updateTable('users')
    .set({ display_name: displayName })
    .where('id', '=', tenant.userId)
    .returning(profile)
    .executeTakeFirst()
}

/**
 * Locks an account and the rows that posts lock in it, as docs/architecture.md says ("Lock order"): the delete itself
 * would lock the runs last.
 */
export async function lockEverything(trx: TenantTransaction): Promise<void> {
  const { userId } = trx
  await trx.pipeline(
    sql`select from user_agents where user_id = ${userId} order by id for update`.compile(trx),
    sql`select from agent_instances where user_id = ${userId} order by id for update`.compile(trx),
    sql`select from users where id = ${userId} for update`.compile(trx),
  )
}

/** Deletes the user and all of their data: each table refers to this row, directly or not. */
export async function deleteUser(trx: TenantTransaction): Promise<void> {
  await trx.pipeline({
    clock: lockClock(trx),
    user: effectOf(trx.deleteFrom('users').where('id', '=', trx.userId).compile()),
  })
}
