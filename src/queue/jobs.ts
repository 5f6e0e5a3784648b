import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Statement } from '../../db/pipeline.js'
import { DELIVERIES, JOB_EXPIRY, QUEUE_SCHEMA, WORKER_LOCK } from '../../db/queue.js'
import type { Tenant } from '../../db/tenant.js'

const TABLE = `${QUEUE_SCHEMA}.job`
const JOBS = sql.raw(TABLE)
const QUEUE = sql.lit(DELIVERIES)

/** How often a job is handed out again after its worker was killed, or could not reach the database. */
const RETRIES = 1000

/** A delivery that is due. */
export interface Job {
  readonly userId: string
  readonly deliveryId: string
  /** Its worker. A job that belongs to another worker by now must not be touched. */
  readonly worker: number
}

/**
 * Makes the jobs of deliveries that are due now; an existing job is moved to now. A job has the id of its delivery, so a
 * delivery never has two. A job in progress stays as it is.
 *
 * pg-boss documents the table for custom SQL; these are the columns that its own INSERT fills.
 *
 * @param ids a query for `id`s of the tenant's deliveries
 */
export function schedule(tenant: Tenant, ids: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    ${scheduleNew(tenant, ids)}
    on conflict (name, id) do update
      set state = 'created', start_after = excluded.start_after, started_on = null, retry_count = 0
      where job.state <> 'active'
  `
}

/** Makes the jobs of new deliveries, which have none: this needs no right to change jobs. @param ids as above */
export function scheduleNew(tenant: Tenant, ids: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    insert into ${JOBS} as job (name, id, data, start_after, keep_until, expire_in, retry_limit, retry_delay, policy)
    select ${QUEUE}, d.id, jsonb_build_object('user_id', ${tenant.userId}::uuid, 'delivery_id', d.id), now(),
      now() + interval '30 days', ${sql.lit(`${JOB_EXPIRY} seconds`)}::interval, ${sql.lit(RETRIES)}, 1, 'standard'
    from (${ids}) as d
  `
}

/** Reschedules a job in progress. @param delay milliseconds */
export function putBack(tenant: Tenant, job: Job, delay: number): CompiledQuery {
  return sql`
    update ${JOBS} set state = 'created', start_after = now() + ${delay} * interval '1 ms', started_on = null,
      retry_count = 0, worker = null
    where name = ${QUEUE} and id = ${job.deliveryId} and worker = ${job.worker}
  `.compile(tenant)
}

/** Completes a job. */
export function finish(tenant: Tenant, job: Job): CompiledQuery {
  return sql`
    delete from ${JOBS} where name = ${QUEUE} and id = ${job.deliveryId} and worker = ${job.worker}`.compile(tenant)
}

/**
 * Releases the jobs of dead workers, whose locks are free. Of several processes that notice it at once, one gets the lock. Runs
 * in the scope of the queue.
 */
export const GIVE_BACK: Statement = {
  sql: `
    with gone as materialized (
      select worker from (select distinct worker from ${TABLE} where state = 'active' and worker is not null) as w
      where pg_try_advisory_xact_lock(${WORKER_LOCK}, worker))
    update ${TABLE} as job set state = 'retry', start_after = now(), worker = null
    from gone where job.name = '${DELIVERIES}' and job.state = 'active' and job.worker = gone.worker`,
  parameters: [],
}

/** The jobs that a worker has in progress, and its limits. */
export interface Load {
  /** The account of each job in progress: an account with several jobs occurs several times. */
  readonly underWay: readonly string[]
  /** Jobs of one account at once. */
  readonly perAccount: number
}

/**
 * Takes due jobs, as pg-boss does, and records their worker. Runs in the scope of the queue.
 *
 * The jobs that became due first come first. Accounts with a full share are skipped, and no more jobs of an account are taken
 * than it has room for: skipped jobs are not written to, however often they are skipped. Of every eligible account at least one
 * job is taken, so an empty result means that there are none.
 *
 * @param count jobs at most
 */
export function take(worker: number, count: number, { underWay, perAccount }: Load): Statement {
  return {
    sql: `
      with due as materialized (
        select id, start_after, data ->> 'user_id' as account from ${TABLE}
        where name = '${DELIVERIES}' and state < 'active' and start_after < now() and data ->> 'user_id' <> all(array(
          select account from unnest($3::text[]) as account group by account having count(*) >= $4::integer))
        order by start_after limit $2 for update skip locked
      ), numbered as (
        select id, cardinality(array_positions($3::text[], account))
          + row_number() over (partition by account order by start_after, id) as number from due)
      update ${TABLE} as job set state = 'active', started_on = now(), worker = $1,
        retry_count = case when started_on is not null then retry_count + 1 else retry_count end
      where job.name = '${DELIVERIES}' and job.id = any(array(select id from numbered where number <= $4::integer))
      returning job.data ->> 'user_id' as user_id, job.id as delivery_id`,
    parameters: [worker, count, underWay, perAccount],
  }
}
