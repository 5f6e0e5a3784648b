import { sql } from 'kysely'
import type { Database } from '../../../db/client.js'
import { effectOf } from '../../../db/step.js'
import type { LookupScope, Tenant, TenantTransaction } from '../../../db/tenant.js'
import { currentRevision } from '../../credentials/owner.js'
import { logAllRevoked } from '../account-log/revocations.js'

/** An identity at an OpenID provider. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** SHA-256 of both, in hex. */
  readonly hash: string
}

/** Finds the user of an identity, before the account is known. The scope is the identity's. */
export async function findUserId(lookup: LookupScope, { hash }: Identity) {
  const found = await lookup
    .selectFrom('external_identities')
    .select('user_id')
    .where('identity_hash', '=', hash)
    .executeTakeFirst()
  return found?.user_id
}

/** Until the transaction ends, no other transaction links this identity to a user. */
export async function lockIdentity(trx: TenantTransaction, { hash }: Identity): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${hash}, 0))`.execute(trx)
}

/** Links an identity of the provider to the account. It is looked up by its hash. */
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

/** Finds the account of an address, before the account is signed in to. The scope is the address's. */
export async function findUserIdByEmail(lookup: LookupScope, email: string): Promise<string | undefined> {
  const found = await lookup.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst()
  return found?.id
}

/** @returns whether it is a local account that no identity was linked to so far, and has this address */
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
    .forNoKeyUpdate()
    .executeTakeFirst()
  return found !== undefined
}

/**
 * Ends every credential of an account but its identities: the password, sessions, API keys. Also everything that sends
 * its data out: webhooks, whose receivers would go on reading, and callbacks for answers. Rows of which there may be
 * any number are not touched: being older than the owner disables them, and a background job deletes them.
 */
export async function closeOtherWaysIn(trx: TenantTransaction): Promise<void> {
  const { userId } = trx
  const account = trx.updateTable('users').where('id', '=', userId)
  await trx.pipeline({
    password: effectOf(account.set({ password_hash: null }).compile()),
    sessions: effectOf(trx.deleteFrom('sessions').where('user_id', '=', userId).compile()),
    webhooks: effectOf(trx.deleteFrom('webhooks').where('user_id', '=', userId).compile()),
    keys: effectOf(
      sql`
        update api_keys set revoked_at = now()
        where user_id = ${userId} and agent_instance_id is null and revoked_at is null
          and (expires_at is null or expires_at > now())
      `.compile(trx),
    ),
    takeover: effectOf(
      sql`
        insert into takeovers (user_id) values (${userId})
        on conflict (user_id) do update set created_at = excluded.created_at
      `.compile(trx),
    ),
    log: logAllRevoked(trx),
    owner: effectOf(account.set({ since_revision: currentRevision(trx) }).compile()),
  })
}

/** @returns when the owner moved into the account; undefined once everything from before is deleted */
export async function findTakeover(tenant: Tenant): Promise<Date | undefined> {
  const found = await tenant
    .selectFrom('takeovers')
    .select('created_at')
    .where('user_id', '=', tenant.userId)
    .executeTakeFirst()
  return found?.created_at
}

/** Notes that everything from before that time is deleted. */
export async function deleteTakeover(tenant: Tenant, at: Date): Promise<void> {
  await tenant.deleteFrom('takeovers').where('user_id', '=', tenant.userId).where('created_at', '=', at).execute()
}

/** @returns a few of the accounts in which data from before the owner has to be deleted */
export async function listTakeovers(database: Database): Promise<string[]> {
  const found = await database
    .errands()
    .selectFrom('takeovers')
    .select('user_id')
    .orderBy('user_id')
    .limit(10)
    .execute()
  return found.map(({ user_id }) => user_id)
}
