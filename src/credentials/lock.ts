import { type CompiledQuery, sql } from 'kysely'
import type { KeyActing, PersonActing } from '../../db/actor.js'
import type { TenantTransaction } from '../../db/tenant.js'
import { accountGone, sessionEnded } from './errors.js'
import { endOf, refusedKey } from './key-status.js'

/**
 * Checks that what the caller has shown is still good, and keeps it so until the transaction ends. To be called, before
 * any other lock is taken, by whatever leaves behind a way in or a way out: keys, webhooks, identities, passwords. Then
 * who ends the credential first wins, and who ends it later finds, and ends, what was made by it.
 *
 * It locks the account and then the credential: docs/architecture.md, "Lock order". Those who persist access to one account
 * take turns, so that they can count what there is.
 *
 * @throws {ProblemError} 401 when the account is gone, or the session, key or identity
 */
export async function lockCredential(trx: TenantTransaction): Promise<void> {
  const account = trx.selectFrom('users').select('id').where('id', '=', trx.userId).forNoKeyUpdate().compile()
  const { actor } = trx
  if (actor.kind === 'service') {
    const [accounts] = await trx.pipeline(account)
    if (accounts.length === 0) throw accountGone()
    return
  }
  const [accounts, found] = await trx.pipeline(account, lock(trx, actor))
  if (accounts.length === 0) throw accountGone()
  if (found.length > 0) return
  if (actor.kind === 'key') throw refusedKey('invalid_api_key')
  throw actor.credential.kind === 'session' ? sessionEnded() : accountGone()
}

/** Sessions and identities end by being deleted, which KEY SHARE keeps off; keys by an update. */
function lock(trx: TenantTransaction, actor: PersonActing | KeyActing): CompiledQuery<unknown> {
  if (actor.kind === 'key') {
    return sql`
      select id from api_keys
      where user_id = ${trx.userId} and id = ${actor.keyId} and revoked_at is null
        and since_revision >= (select since_revision from users where id = ${trx.userId})
        and (key_hash = ${actor.secretHash} or previous_key_hash = ${actor.secretHash})
        and coalesce(${endOf(actor.secretHash)} > now(), true)
      for share
    `.compile(trx)
  }
  const { credential } = actor
  if (credential.kind === 'session') {
    return trx
      .selectFrom('sessions')
      .select('id')
      .where('user_id', '=', trx.userId)
      .where('id', '=', credential.id)
      .forKeyShare()
      .compile()
  }
  return trx
    .selectFrom('external_identities')
    .select('user_id')
    .where('user_id', '=', trx.userId)
    .where('identity_hash', '=', credential.hash)
    .forKeyShare()
    .compile()
}
