import { type RawBuilder, sql } from 'kysely'
import type { Tenant } from '../../db/tenant.js'

/** Where the account's log ends, in a statement: what is set up now belongs to whoever owns the account at this revision. */
export function currentRevision(tenant: Tenant): RawBuilder<number> {
  return sql<number>`(select revision from account_clocks where user_id = ${tenant.userId})`
}

/**
 * The revision at which the account's owner moved in, in a statement; 0 if nobody had it before. What was set up at a
 * lower revision is somebody else's: it lets nobody in and calls nobody, although it may not be cleared away yet.
 */
export function ownerSince(tenant: Tenant): RawBuilder<number> {
  return sql<number>`(select since_revision from users where id = ${tenant.userId})`
}
