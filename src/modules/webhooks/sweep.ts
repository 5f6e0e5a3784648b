import type { Database } from '../../../db/client.js'
import type { Log } from '../../logging/log.js'

/** How long events are kept, and with them their deliveries. db/access.ts says the same. */
const KEPT = '30 days'

/**
 * Events deleted per statement at most, with their deliveries: it has seconds, and other transactions want the tables.
 */
const BATCH = 1_000

const INTERVAL = 10 * 60_000

/** Deletes old deliveries periodically. @returns a function that ends that */
export function startSweeping(database: Database, log: Log): () => void {
  const timer = setInterval(() => {
    sweep(database).catch((error) => log.warn({ err: error }, 'old deliveries could not be deleted; trying again'))
  }, INTERVAL)
  timer.unref()
  return () => clearInterval(timer)
}

/** Deletes events that are too old with their deliveries, of all accounts. Row-level security hides all other rows. */
export async function sweep(database: Database): Promise<void> {
  for (let deleted = BATCH; deleted === BATCH; ) {
    const [result] = await database.errands().run([
      {
        sql: `delete from webhook_events where (user_id, id) in (
          select user_id, id from webhook_events where created_at < now() - interval '${KEPT}' limit ${BATCH})`,
        parameters: [],
      },
    ])
    deleted = result?.affected ?? 0
  }
}
