import type pg from 'pg'
import PgBoss from 'pg-boss'

/** The schema that pg-boss keeps its tables in. */
export const QUEUE_SCHEMA = 'signalbox_queue'

/** The one queue: a job in it is a delivery that is due, or will be. */
export const DELIVERIES = 'deliveries'

/** The space of the advisory locks that show which workers are alive. An otherwise unused constant. */
export const WORKER_LOCK = 5_316_022

/**
 * Seconds after which a job that was taken and not completed is handed out again, whatever happened to its worker. More than a
 * delivery can take. A dead worker is usually noticed earlier: see `WorkerLock` (src/queue/worker-lock.ts).
 */
export const JOB_EXPIRY = 55

/**
 * Installs or migrates pg-boss and its one queue. Runs as the owner: pg-boss creates a partition per queue, which the service's
 * role may not.
 *
 * **Why pg-boss 10**, and not graphile-worker 0.16, both of which run on Node 20 (the next versions of either want Node 22):
 * - After a worker is killed, its job is handed out again after the job's own time limit at the latest. graphile-worker waits
 *   four hours, as a constant in its SQL.
 * - It takes any connection to run its statements on: it shares the service's pool, its role and its row-level security.
 *   graphile-worker wants a pool and a LISTEN connection of its own, and to install itself with its owner's rights.
 * - Neither can retry at given times with jitter; jobs of both can be given the time at which they are due.
 *
 * Two replicas that start at once take turns: the caller holds a lock, and so does pg-boss.
 *
 * @param pool connections of a role that owns the database
 */
export async function installQueue(pool: pg.Pool): Promise<void> {
  const db = { executeSql: (text: string, values?: unknown[]) => pool.query(text, values) }
  const boss = new PgBoss({ db, schema: QUEUE_SCHEMA, supervise: false, schedule: false })
  boss.on('error', () => {})
  await boss.start()
  await boss.createQueue(DELIVERIES, { name: DELIVERIES })
  await pool.query(WALLS)
  await pool.query(WORKERS)
}

/** db/access.ts says which scope reaches which jobs. Done once, so that a further replica takes no lock when it starts. */
const WALLS = `
do $$ begin
  if not (select relrowsecurity from pg_class where oid = '${QUEUE_SCHEMA}.job'::regclass) then
    alter table ${QUEUE_SCHEMA}.job enable row level security;
  end if;
end $$`

/** A column of our own, which pg-boss ignores: the worker of a job. pg-boss empties it when it hands a job out again. */
const WORKERS = `
do $$ begin
  if to_regclass('${QUEUE_SCHEMA}.job_worker') is null then
    alter table ${QUEUE_SCHEMA}.job add column worker integer;
    create index job_worker on ${QUEUE_SCHEMA}.job (worker) where state = 'active';
  end if;
end $$`
