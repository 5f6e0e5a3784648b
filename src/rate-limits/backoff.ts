import type { Database } from '../../db/client.js'
import { BoundedMap } from '../collections/bounded-map.js'

/** Guesses that cost no backoff. */
export const FREE_GUESSES = 10

/** Milliseconds of the first backoff; each further guess doubles it, up to the longest one. */
const FIRST_BACKOFF_MS = 5_000
/** The longest pause after wrong passwords, in milliseconds: 15 minutes. */
export const MAX_BACKOFF_MS = 15 * 60_000

/** Milliseconds that guesses are remembered after the last one: without a backoff, and with one. */
const LIFETIME = 60 * 60_000
const LONG_LIFETIME = 24 * 60 * 60_000

/** The most subjects remembered in memory, about 20 MB, and in the database. Beyond it, the least suspicious are evicted. */
const CAPACITY = 100_000
const STORED = 1_000_000

/** Rows that one statement of a sweep deletes, so that it ends long before its time limit. */
const SWEEP_BATCH = 10_000

/** Counts guesses at a secret, and imposes a growing backoff on the guesser. */
export interface Backoff {
  /**
   * Counts a guess, unless a backoff is running: of concurrent guesses, only as many as are allowed count.
   *
   * @returns 0 if the guess may be made, otherwise the milliseconds until the backoff ends
   */
  attempt(subject: string): Promise<number>
  /** Resets the count after a correct guess. */
  forgive(subject: string): Promise<void>
}

/** @returns milliseconds of the backoff after a number of guesses */
export function backoffAfter(count: number): number {
  if (count < FREE_GUESSES) return 0
  return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(count - FREE_GUESSES, 20))
}

interface Guesses {
  readonly count: number
  readonly freeAt: number
  readonly endsAt: number
}

/** Counts within this process. */
export class MemoryBackoff implements Backoff {
  readonly #guesses = new BoundedMap<Guesses>(CAPACITY)
  readonly #now: () => number

  /** @param now a clock in milliseconds that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  get size(): number {
    return this.#guesses.size
  }

  async attempt(subject: string): Promise<number> {
    const now = this.#now()
    const known = this.#guesses.get(subject)
    if (known && known.freeAt > now) return known.freeAt - now
    const count = known && known.endsAt > now ? known.count + 1 : 1
    const lifetime = count < FREE_GUESSES ? LIFETIME : LONG_LIFETIME
    this.#guesses.set(subject, { count, freeAt: now + backoffAfter(count), endsAt: now + lifetime })
    return 0
  }

  async forgive(subject: string): Promise<void> {
    this.#guesses.delete(subject)
  }
}

/** The number of guesses, including the current one. */
const COUNT = '(case when p.ends_at > now() then p.count else 0 end + 1)'

/** A concurrent guess that waits for the row finds the backoff that this one began. */
const ATTEMPT = `
  insert into login_pauses as p (subject, count, free_at, ends_at)
  values ($1, 1, now(), now() + ${LIFETIME} * interval '1 ms')
  on conflict (subject) do update set count = ${COUNT},
    free_at = now() + interval '1 ms' * case when ${COUNT} < ${FREE_GUESSES} then 0
      else least(${MAX_BACKOFF_MS}, ${FIRST_BACKOFF_MS} * 2 ^ least(${COUNT} - ${FREE_GUESSES}, 20)) end,
    ends_at = now() + interval '1 ms' * case when ${COUNT} < ${FREE_GUESSES} then ${LIFETIME} else ${LONG_LIFETIME} end
  where p.free_at <= now()
  returning subject`

const REMAINING = `
  select (extract(epoch from free_at - now()) * 1000)::float8 as remaining from login_pauses where subject = $1`

const SWEEP = `
  delete from login_pauses where subject in (
    (select subject from login_pauses where ends_at <= now() limit ${SWEEP_BATCH})
    union all
    (select subject from login_pauses order by ends_at desc offset ${STORED} limit ${SWEEP_BATCH}))`

/** Counts in the database, together with every other process of the service. */
export class PostgresBackoff implements Backoff {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** @throws {DatabaseUnavailableError} */
  async attempt(subject: string): Promise<number> {
    const [counted, found] = await this.#database.errands().run([
      { sql: ATTEMPT, parameters: [subject] },
      { sql: REMAINING, parameters: [subject] },
    ])
    if (counted && counted.rows.length > 0) return 0
    return Math.max(1, Number(found?.rows[0]?.['remaining'] ?? 0))
  }

  /** @throws {DatabaseUnavailableError} */
  async forgive(subject: string): Promise<void> {
    await this.#database.errands().run([{ sql: 'delete from login_pauses where subject = $1', parameters: [subject] }])
  }

  /** Deletes old guesses, and the least suspicious ones when there are too many. */
  async sweep(): Promise<void> {
    for (let deleted = SWEEP_BATCH; deleted >= SWEEP_BATCH; ) {
      const [result] = await this.#database.errands().run([{ sql: SWEEP, parameters: [] }])
      deleted = result?.affected ?? 0
    }
  }
}
