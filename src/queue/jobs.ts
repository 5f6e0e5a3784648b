import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import { DELIVERIES, JOB_EXPIRY, QUEUE_SCHEMA } from '../../db/queue.js'
import type { Tenant } from '../../db/tenant.js'

const JOBS = sql.raw(`${QUEUE_SCHEMA}.job`)
const QUEUE = sql.lit(DELIVERIES)

/** Times that a job is given out again after its worker was killed, or could not reach the database. */
const RETRIES = 1000

/**
 * Has deliveries looked at, at once or later; those that have a job already at the new time. A job has the id of its
 * delivery, so there is never more than one of it. One that is being worked on stays as it is.
 *
 * pg-boss documents the table for SQL of one's own; these are the columns that its own INSERT fills.
 *
 * @param ids a query for `id`s of the tenant's deliveries, or an array
 * @param delay milliseconds from now
 */
export function schedule(tenant: Tenant, ids: RawBuilder<unknown>, delay = 0): RawBuilder<unknown> {
  const due = sql`now() + ${delay} * interval '1 ms'`
  return sql`
    insert into ${JOBS} as job (name, id, data, start_after, keep_until, expire_in, retry_limit, retry_delay, policy)
    select ${QUEUE}, d.id, jsonb_build_object('user_id', ${tenant.userId}::uuid, 'delivery_id', d.id), ${due},
      ${due} + interval '30 days', ${sql.lit(`${JOB_EXPIRY} seconds`)}::interval, ${sql.lit(RETRIES)}, 1, 'standard'
    from (${ids}) as d
    on conflict (name, id) do update
      set state = 'created', start_after = excluded.start_after, started_on = null, retry_count = 0
      where job.state <> 'active'
  `
}

/** Puts a job that is being worked on back, for later. */
export function putBack(tenant: Tenant, id: string, delay: number): CompiledQuery {
  return sql`
    update ${JOBS} set state = 'created', start_after = now() + ${delay} * interval '1 ms', started_on = null, retry_count = 0
    where name = ${QUEUE} and id = ${id}
  `.compile(tenant)
}

/** There is nothing more to do about it. */
export function finish(tenant: Tenant, id: string): CompiledQuery {
  return sql`delete from ${JOBS} where name = ${QUEUE} and id = ${id}`.compile(tenant)
}
