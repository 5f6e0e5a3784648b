import type pg from 'pg'

/** About as long as what agents report. */
export const CONTENT = 'Ran the tests after the change: 212 passed, 3 skipped, none failed. '.repeat(2).trim()

/** Chats of one account, written to the tables directly. */
export interface Filling {
  readonly userId: string
  readonly instances: number
  readonly messages: number
  /** The first instances, which have the latest activity, have at least `page` messages each, whatever the total. */
  readonly full: number
  readonly page: number
  /** Whether to run ANALYZE, as autovacuum would in time. */
  readonly analyzes?: boolean
}

/** @returns the id of the nth seeded instance, from 1 on: the same in every account */
export function seededId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

/** The same in SQL. @param n an expression that gives text */
export function seededIdSql(n: string): string {
  return `('00000000-0000-4000-8000-' || lpad(${n}, 12, '0'))::uuid`
}

/**
 * Fills an account's tables as the service would have: all of its counters are right. Messages are stored in the order of
 * arrival, so those of one chat lie between those of all others.
 *
 * @param client a superuser's, which bypasses row-level security
 */
export async function fill(client: pg.Client, filling: Filling): Promise<void> {
  const { userId, instances, messages, full, page, analyzes = true } = filling
  const rest = messages - full * page
  if (rest < 0) throw new RangeError(`${full} chats of ${page} messages are more than ${messages}`)
  // Autovacuum stays off, during and after the load: it would run at random times.
  for (const table of analyzes ? [] : FILLED) await client.query(`alter table ${table} set (autovacuum_enabled = off)`)
  await client.query(`insert into user_agents (user_id, id, name) values ($1, gen_random_uuid(), 'benchmark')`, [
    userId,
  ])
  await client.query(SEED_INSTANCES, [userId, instances, Math.floor(rest / instances), rest % instances, full, page])
  await client.query(SEED_MESSAGES, [userId, CONTENT])
  await client.query(RAISE_REVISIONS, [userId])
  // Also does what the first reads would do later: hint bits and the visibility map.
  if (analyzes) await client.query('vacuum (analyze)')
  // The written pages must not be flushed during a measurement.
  await client.query('checkpoint')
}

const FILLED = ['users', 'account_clocks', 'user_agents', 'agent_instances', 'messages', 'account_events']

/** The agents have read everything, as they do with each message that they post. */
const SEED_INSTANCES = `
  insert into agent_instances (user_id, id, user_agent_id, message_count, last_read_seq, started_at, last_activity_at)
  select a.user_id, ${seededIdSql('n::text')}, a.id, length, length,
    now() - interval '1 day', now() - n * interval '1 second'
  from user_agents a, generate_series(1, $2::integer) n,
    lateral (select $3::integer + (n <= $4::integer)::integer + (n <= $5::integer)::integer * $6::integer as length) as l
  where a.user_id = $1 and a.name = 'benchmark'`

const SEED_MESSAGES = `
  insert into messages
    (user_id, agent_instance_id, seq, id, sender_type, content, created_at, created_revision, revision)
  select user_id, id, seq, gen_random_uuid(), 'AGENT', $2, now() - interval '1 day', revision, revision
  from (
    select i.user_id, i.id, seq, row_number() over (order by seq, i.last_activity_at desc) as revision
    from agent_instances i, generate_series(1, i.message_count) seq where i.user_id = $1
  ) m
  order by revision`

/** No message has a higher revision than its counter. */
const RAISE_REVISIONS = `
  update account_clocks set revision = (select coalesce(max(revision), 0) from messages where user_id = $1) where user_id = $1`
