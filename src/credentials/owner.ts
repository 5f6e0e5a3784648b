import { type RawBuilder, sql } from 'kysely'
import type { Tenant } from '../../db/tenant.js'

/**
 * The current end of the account's log, in a statement: what is set up now belongs to the owner of the account at this
 * revision.
 */
export function currentRevision(tenant: Tenant): RawBuilder<number> {
  return sql<number>`(select revision from account_clocks where user_id = ${tenant.userId})`
}

/**
 * The revision at which the account's current owner moved in, in a statement; 0 if the account had no earlier owner. Anything
 * set up at a lower revision belongs to the previous owner: it grants no access and calls no URL, even before it is cleared
 * away.
 */
export function ownerSince(tenant: Tenant): RawBuilder<number> {
  return sql<number>`(select since_revision from users where id = ${tenant.userId})`
}
