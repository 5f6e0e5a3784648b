import type { CompiledQuery } from 'kysely'
import type { PersonActing } from '../../db/actor.js'
import type { TenantTransaction } from '../../db/tenant.js'
import { accountGone, sessionEnded } from './errors.js'

/**
 * Checks that the caller's credential is still valid, and keeps it valid until the transaction ends. Transactions that create
 * persistent access or outgoing calls (keys, webhooks, identities, passwords) have to call it before they take any other lock.
 * Then a revocation that commits first prevents the creation, and a later one finds, and ends, what the credential created.
 *
 * It locks the account and then the credential: docs/architecture.md, "Lock order". Transactions that persist access to one
 * account take turns, so that they can count what exists.
 *
 * @throws {ProblemError} 401 when the account is gone, or the session or identity
 * @throws {Error} for a key: no key creates what outlives it
 */
export async function lockCredential(trx: TenantTransaction): Promise<void> {
  const account = trx.selectFrom('users').select('id').where('id', '=', trx.userId).forNoKeyUpdate().compile()
  const { actor } = trx
  if (actor.kind === 'key') throw new Error('an API key creates no persistent access')
  if (actor.kind === 'service') {
    const [accounts] = await trx.pipeline(account)
    if (accounts.length === 0) throw accountGone()
    return
  }
  const [accounts, found] = await trx.pipeline(account, lock(trx, actor))
  if (accounts.length === 0) throw accountGone()
  if (found.length === 0) throw actor.credential.kind === 'session' ? sessionEnded() : accountGone()
}

/** Sessions and identities end by deletion, which KEY SHARE blocks. */
function lock(trx: TenantTransaction, { credential }: PersonActing): CompiledQuery<unknown> {
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
