import { type ExpressionBuilder, sql } from 'kysely'
import type { DB } from '../../../db/generated/types.js'
import type { SeveralTenantsScope, Tenant } from '../../../db/tenant.js'
import { endOf } from '../../credentials/key-status.js'
import { ownerSince } from '../../credentials/owner.js'

/** The account's revision when a reader subscribes, and the state of its credential. */
export interface CredentialStatus {
  readonly revision: number
  /** The credential was revoked. A later revocation has a later revision. */
  readonly isRevoked: boolean
}

/**
 * @param credentialId the session of the subscriber
 * @returns undefined when the account is gone
 */
export function findCredentialStatus(
  tenant: Tenant,
  credentialId: string | undefined,
): Promise<CredentialStatus | undefined> {
  return credentialStatus(tenant, credentialId).executeTakeFirst()
}

/** The revisions of several accounts, without deleted ones: what the reconcile pass compares. */
export function listRevisions(scope: SeveralTenantsScope, userIds: readonly string[]) {
  return scope
    .selectFrom('account_clocks')
    .select(['user_id', 'revision'])
    .where(sql<boolean>`user_id = any(${userIds}::uuid[])`)
    .execute()
}

/** @returns undefined when the account has no such run, or is gone */
export function findCredentialStatusForInstance(
  tenant: Tenant,
  instanceId: string,
  credentialId: string | undefined,
): Promise<CredentialStatus | undefined> {
  return credentialStatus(tenant, credentialId)
    .innerJoin('agent_instances as i', 'i.user_id', 'c.user_id')
    .where('i.id', '=', instanceId)
    .executeTakeFirst()
}

/** The account's revision for a long poll, and the state of its API key. */
export interface KeyStatus extends CredentialStatus {
  /** Milliseconds until the secret ends; null when it does not. */
  readonly remaining: number | null
}

/**
 * The log does not say which secret of a key is good, nor until when: the key does.
 *
 * @returns undefined when the account or its key is gone, or the secret is none of the key's
 */
export function findKeyStatus(
  tenant: Tenant,
  { keyId, secretHash }: { readonly keyId: string; readonly secretHash: string },
): Promise<KeyStatus | undefined> {
  return tenant
    .selectFrom('account_clocks as c')
    .innerJoin('api_keys as k', 'k.user_id', 'c.user_id')
    .select(['c.revision', isEnded(tenant).as('isRevoked')])
    .select(
      sql<number | null>`(extract(epoch from ${endOf(secretHash)} - now()) * 1000)::double precision`.as('remaining'),
    )
    .where('c.user_id', '=', tenant.userId)
    .where('k.id', '=', keyId)
    .where((eb) => eb.or([eb('k.key_hash', '=', secretHash), eb('k.previous_key_hash', '=', secretHash)]))
    .executeTakeFirst()
}

/** Keys that the account's earlier holder created may not be revoked yet. */
function isEnded(tenant: Tenant) {
  return sql<boolean>`(k.revoked_at is not null or k.since_revision < ${ownerSince(tenant)})`
}

/** A revoked session stays revoked, so the log says whether it is. */
function credentialStatus(tenant: Tenant, credentialId: string | undefined) {
  return tenant
    .selectFrom('account_clocks as c')
    .select(['c.revision', (eb) => revoked(eb, credentialId ?? null).as('isRevoked')])
    .where('c.user_id', '=', tenant.userId)
}

/** The events without a run are adjacent in the index. */
function revoked({ exists, selectFrom }: ExpressionBuilder<DB & { c: DB['account_clocks'] }, 'c'>, id: string | null) {
  return exists(
    selectFrom('account_events as e')
      .select('e.revision')
      .whereRef('e.user_id', '=', 'c.user_id')
      .where('e.agent_instance_id', 'is', null)
      .where('e.credential_id', '=', id),
  ).$castTo<boolean>()
}
