import type pg from 'pg'

/** About as long as what agents report. */
export const CONTENT = 'Ran the tests after the change: 212 passed, 3 skipped, none failed. '.repeat(2).trim()

/** Chats of one account, written to the tables directly. */
export interface Filling {
  readonly userId: string
  readonly instances: number
  readonly messages: number
  /** The first instances, which have the latest activity, have at least `page` messages each, whatever there is in all. */
  readonly full: number
  readonly page: number
  /** Whether the planner is told what there is, as autovacuum would in time. */
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
 * Fills an account's tables as the service would have: every count and number that it keeps is right. The messages lie
 * in the table as they would have come, those of one chat between those of all others.
 *
 * @param client as superuser, whom no policy binds
 */
export async function fill(client: pg.Client, filling: Filling): Promise<void> {
  const { userId, instances, messages, full, page, analyzes = true } = filling
  const rest = messages - full * page
  if (rest < 0) throw new RangeError(`${full} chats of ${page} messages are more than ${messages}`)
  // Neither while it is filled nor later: when that would happen is chance.
  for (const table of analyzes ? [] : FILLED) await client.query(`alter table ${table} set (autovacuum_enabled = off)`)
  await client.query(`insert into user_agents (user_id, id, name) values ($1, gen_random_uuid(), 'benchmark')`, [
    userId,
  ])
  await client.query(SEED_INSTANCES, [userId, instances, Math.floor(rest / instances), rest % instances, full, page])
  await client.query(SEED_MESSAGES, [userId, CONTENT])
  await client.query(RAISE_REVISIONS, [userId])
  // Also what reading for the first time would do later: hint bits and the visibility map.
  if (analyzes) await client.query('vacuum (analyze)')
  // What was written here is not to be written out while something is measured.
  await client.query('checkpoint')
}

const FILLED = ['users', 'account_clocks', 'user_agents', 'agent_instances', 'messages', 'account_events']

/** Their agents have read everything, as they do with each message that they post. */
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

/** No message has a higher revision than what counts them. */
const RAISE_REVISIONS = `
  update account_clocks set revision = (select coalesce(max(revision), 0) from messages where user_id = $1) where user_id = $1`
