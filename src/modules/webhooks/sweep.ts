import type { Database } from '../../../db/client.js'
import type { Log } from '../../logging.js'

/** How long deliveries are kept. The migration's policies for sweeping say the same. */
const KEPT = '30 days'

/** Deliveries that one statement deletes at most: it has seconds, and others want the table. */
const BATCH = 5_000

const INTERVAL = 10 * 60_000

/** Deletes old deliveries from now on. @returns a function that ends that */
export function startSweeping(database: Database, log: Log): () => void {
  const timer = setInterval(() => {
    sweep(database).catch((error) => log.warn({ err: error }, 'old deliveries could not be deleted; trying again'))
  }, INTERVAL)
  timer.unref()
  return () => clearInterval(timer)
}

/** Deletes deliveries that are too old, whosever they are. Row-level security shows nobody else. */
export async function sweep(database: Database): Promise<void> {
  for (let deleted = BATCH; deleted === BATCH; ) {
    const [result] = await database.run([
      {
        sql: `delete from webhook_deliveries where (user_id, id) in (
          select user_id, id from webhook_deliveries where created_at < now() - interval '${KEPT}' limit ${BATCH})`,
        parameters: [],
      },
    ])
    deleted = result?.affected ?? 0
  }
}
