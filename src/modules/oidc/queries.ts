import { sql } from 'kysely'
import type { LookupScope, Tenant, TenantTransaction } from '../../../db/tenant.js'
import { logRevoked } from '../events/log.js'

/** Somebody at an OpenID provider. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** SHA-256 of both, in hex. */
  readonly hash: string
}

/** Reads whose identity it is, before anybody knows who that is. */
export async function findUserId(scope: LookupScope | TenantTransaction, { hash }: Identity) {
  const found = await scope
    .selectFrom('external_identities')
    .select('user_id')
    .where('identity_hash', '=', hash)
    .executeTakeFirst()
  return found?.user_id
}

/**
 * Until the transaction ends, nobody else gives this identity to a user, and this transaction sees whether somebody has:
 * the row may be another tenant's, so it takes the credential to read it.
 */
export async function lockIdentity(trx: TenantTransaction, { hash }: Identity): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${hash}, 0)), set_config('app.credential', ${hash}, true)`.execute(
    trx,
  )
}

export async function insertIdentity(trx: TenantTransaction, { issuer, subject, hash }: Identity): Promise<void> {
  await trx
    .insertInto('external_identities')
    .values({ user_id: trx.userId, identity_hash: hash, issuer, subject })
    .execute()
}

/** @returns false when the e-mail address is taken */
export async function insertUser(
  trx: TenantTransaction,
  email: string | null,
  displayName: string | null,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('users')
    .values({ id: trx.userId, email, display_name: displayName })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows) > 0
}

/** @returns the account's e-mail address; null if it has none, undefined if the account is gone */
export async function findEmail(tenant: Tenant): Promise<string | null | undefined> {
  const found = await tenant.selectFrom('users').select('email').where('id', '=', tenant.userId).executeTakeFirst()
  return found?.email
}

/** Reads which account has an address, before anybody is signed in to it. The scope is the address's. */
export async function findUserIdByEmail(lookup: LookupScope, email: string): Promise<string | undefined> {
  const found = await lookup.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst()
  return found?.id
}

/** @returns whether it is an account of ours that no identity was linked to so far, and has this address */
export async function isLocalOnly(trx: TenantTransaction, email: string): Promise<boolean> {
  const found = await trx
    .selectFrom('users')
    .select('id')
    .where('id', '=', trx.userId)
    .where('email', '=', email)
    .where('password_hash', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('external_identities').select('user_id').where('user_id', '=', trx.userId))),
    )
    .forUpdate()
    .executeTakeFirst()
  return found !== undefined
}

/**
 * Ends every way into an account but its identities: the password, and with it our own tokens; sessions; API keys. And every
 * way out of it: webhooks, whose receivers would go on reading, and questions that call somebody with the answer.
 */
export async function closeOtherWaysIn(trx: TenantTransaction): Promise<void> {
  await trx.pipeline(
    trx.updateTable('users').set({ password_hash: null }).where('id', '=', trx.userId).compile(),
    trx.deleteFrom('refresh_tokens').where('user_id', '=', trx.userId).compile(),
    trx.deleteFrom('webhooks').where('user_id', '=', trx.userId).compile(),
    trx.deleteFrom('webhook_events').where('user_id', '=', trx.userId).compile(),
    trx.deleteFrom('answer_callbacks').where('user_id', '=', trx.userId).compile(),
    trx
      .updateTable('api_keys')
      .set({ revoked_at: sql<Date>`now()` })
      .where('user_id', '=', trx.userId)
      .where('revoked_at', 'is', null)
      .compile(),
    sql`
      with revoked as (select ${trx.userId}::uuid as user_id, null::uuid as id), ${logRevoked}
      select from ticked
    `.compile(trx),
  )
}
