import type { Database } from '../../db/client.js'
import { type RateLimitStore, type Tally, WINDOW } from './store.js'

/** Rows that one statement of a sweep deletes, so that it ends long before its time limit. */
const SWEEP_BATCH = 10_000

/**
 * One statement for any number of subjects. Sorted, so that two such statements never deadlock. The clock is the database's:
 * replicas agree on when a window ends.
 */
const HIT = `
  insert into rate_limits (subject, count, resets_at)
  select subject, 1, now() + $2 * interval '1 millisecond' from unnest($1::text[]) as subjects (subject) order by subject
  on conflict (subject) do update set
    count = case when rate_limits.resets_at > now() then rate_limits.count + 1 else 1 end,
    resets_at = case when rate_limits.resets_at > now() then rate_limits.resets_at else excluded.resets_at end
  returning subject, count, (extract(epoch from resets_at - now()) * 1000)::float8 as ends_in`

/** A row that is being counted in right now has not ended for good: it is left for the next sweep. */
const SWEEP = `
  delete from rate_limits where subject in
    (select subject from rate_limits where resets_at <= now() limit ${SWEEP_BATCH} for update skip locked)`

/**
 * Counts in the database, together with every other process of the service. Without the database nothing is counted, and the
 * request fails: all limited requests need the database anyway.
 */
export class PostgresStore implements RateLimitStore {
  readonly #database: Database
  readonly #window: number

  /** @param window milliseconds; stores with different windows need different subjects */
  constructor(database: Database, window = WINDOW) {
    this.#database = database
    this.#window = window
  }

  /** @throws {DatabaseUnavailableError} */
  async hit(subjects: readonly string[]): Promise<Tally[]> {
    const [result] = await this.#database
      .errands('rate limits')
      .run([{ sql: HIT, parameters: [subjects, this.#window] }])
    const tallies = new Map(result?.rows.map((row) => [row['subject'], tallyOf(row)]))
    return subjects.map((subject) => tallies.get(subject) ?? { count: 1, endsIn: this.#window })
  }

  /** Deletes windows that have ended. */
  async sweep(): Promise<void> {
    for (let deleted = SWEEP_BATCH; deleted === SWEEP_BATCH; ) {
      const [result] = await this.#database.errands().run([{ sql: SWEEP, parameters: [] }])
      deleted = result?.affected ?? 0
    }
  }
}

function tallyOf(row: Record<string, unknown>): Tally {
  return { count: Number(row['count']), endsIn: Number(row['ends_in']) }
}
