import type { DB } from './generated/types.js'
import { QUEUE_SCHEMA } from './queue.js'

/**
 * What each scope reaches. Every scope is a database role; this file says which tables, commands and columns
 * are granted to it, and which rows its one policy per table shows it. Anything not listed here does not exist for a scope.
 * db/roles.ts brings the database in line with it, and test/db/catalog.test.ts checks the result.
 *
 * It guards against mistakes of ours, such as a query that forgets its tenant. It does not guard against SQL injection:
 * injected SQL could enter another role.
 *
 * A new scope, such as one for search, which row-level security's leakproof rule stands in the way of, begins with an entry here.
 */
export type ScopeName = 'tenant' | 'run' | 'guest' | 'several' | 'lookup' | 'errands' | 'queue'

/** The queue's tables are pg-boss's, and no part of the generated types. */
type QueueTable = `${typeof QUEUE_SCHEMA}.${'job' | 'archive' | 'queue' | 'version'}`

/** A table with rows, as SQL names it. */
export type Table = keyof DB | QueueTable

/** All columns, or those named. */
type Columns = true | readonly string[]

/** What a scope may do with a table. SELECT … FOR UPDATE and the like take the right to update some column. */
export interface Reach {
  /** A condition in SQL: the rows that the scope sees, and the only ones that it can write. */
  readonly rows: string
  /** The rows that it can write, where these are fewer. */
  readonly writes?: string
  readonly select?: Columns
  readonly insert?: true
  readonly update?: Columns
  readonly delete?: true
}

/** What a scope reaches; a table that is not named is unreachable. */
export type Access = { readonly [T in Table]?: Reach }

const MINE = 'user_id = (select current_user_id())'
/** `is true` keeps the planner from walking all rows of these tenants where a statement asks for a few of them. */
const THEIRS = '(user_id = any ((select current_user_ids())::uuid[])) is true'
const ALL = 'true'

const OF_MY_RUN = `${MINE} and agent_instance_id = (select current_instance_id())`
/** Found once a statement, then by the primary key. */
const TYPE_OF_MY_RUN = `${MINE} and id = (
  select user_agent_id from agent_instances
  where user_id = (select current_user_id()) and id = (select current_instance_id()))`
const MY_JOBS = "(data ->> 'user_id')::uuid = (select current_user_id())"

/** Of a run: what it is, to whom it belongs and when it began stay. */
const CHANGES_OF_RUNS = [
  'name',
  'status',
  'status_before_stale',
  'instance_metadata',
  'git_diff',
  'ended_at',
  'last_activity_at',
  'silent_since',
  'was_heard',
  'sends_heartbeats',
  'message_count',
  'step_count',
  'stored_bytes',
  'posting_keys',
  'has_large_queue',
  'last_read_message_id',
  'last_read_seq',
  'offered_message_id',
  'offered_from_message_id',
  'offered_from_seq',
  'offered_until',
  'claim_cursor_id',
  'claim_key_id',
  'claim_last_id',
  'claim_last_seq',
  'claim_turn',
]

/** Of a message: what was said, and by whom, stays. The key of a launch's prompt is noted when the agent claims it. */
const CHANGES_OF_MESSAGES = ['requires_user_input', 'answer_seq', 'revision', 'sender_key_id', 'for_agent']

const everything = { select: true, insert: true, update: true, delete: true } as const

/** An account: everything of one user. The actor is the owner, one of the owner's keys, or the service on their behalf. */
const tenant: Access = {
  users: {
    rows: 'id = (select current_user_id())',
    ...everything,
    update: ['display_name', 'password_hash', 'since_revision'],
  },
  account_clocks: { rows: MINE, select: true, insert: true, update: ['revision', 'stored_bytes'] },
  account_events: { rows: MINE, select: true, insert: true, delete: true },
  sessions: { rows: MINE, ...everything },
  refresh_tokens: { rows: MINE, ...everything },
  // Rows are locked, which takes the right to update something; nothing updates them.
  external_identities: { rows: MINE, select: true, insert: true, update: ['created_at'] },
  takeovers: { rows: MINE, ...everything, update: ['created_at'] },
  api_keys: {
    rows: MINE,
    ...everything,
    update: ['key_prefix', 'key_hash', 'previous_key_hash', 'previous_expires_at', 'last_used_at', 'revoked_at'],
  },
  user_agents: { rows: MINE, ...everything },
  agent_instances: { rows: MINE, ...everything, update: CHANGES_OF_RUNS },
  messages: { rows: MINE, select: true, insert: true, update: CHANGES_OF_MESSAGES },
  // Updated when secrets are sealed anew.
  answer_callbacks: { rows: MINE, select: true, insert: true, update: ['url'], delete: true },
  idempotency_keys: { rows: MINE, ...everything },
  webhooks: { rows: MINE, ...everything },
  webhook_cursors: { rows: MINE, ...everything },
  // Locked, and never updated.
  webhook_events: { rows: MINE, ...everything, update: ['created_at'] },
  webhook_deliveries: { rows: MINE, ...everything },
  [`${QUEUE_SCHEMA}.job`]: { rows: MY_JOBS, ...everything },
}

/**
 * One run, for a key that is bound to it: the run, its type and its chat. Of the account it sees the owner, which keys still are
 * good, how many calls are to be made, and the clock, which it ticks. It reaches all idempotency keys, as these do not say
 * which run they are of; it may insert webhook events, and jobs of which it sees the ids.
 */
const run: Access = {
  users: {
    rows: 'id = (select current_user_id())',
    select: ['id', 'email', 'display_name', 'created_at', 'since_revision'],
  },
  // Whether a claim's key still is one, whichever key of the account it is.
  api_keys: { rows: MINE, select: ['user_id', 'id', 'expires_at', 'revoked_at'] },
  user_agents: { rows: TYPE_OF_MY_RUN, select: ['user_id', 'id', 'name'] },
  agent_instances: { rows: `${MINE} and id = (select current_instance_id())`, select: true, update: CHANGES_OF_RUNS },
  messages: { rows: OF_MY_RUN, select: true, insert: true, update: CHANGES_OF_MESSAGES },
  account_clocks: { rows: MINE, select: true, update: ['revision', 'stored_bytes'] },
  account_events: { rows: OF_MY_RUN, select: true, insert: true },
  idempotency_keys: { rows: MINE, select: true, insert: true, update: true },
  answer_callbacks: { rows: OF_MY_RUN, select: true, insert: true, delete: true },
  webhook_events: { rows: MINE, insert: true },
  // The calls of an account are counted, whichever run they are of; those that are added are of the run.
  webhook_deliveries: { rows: MINE, writes: OF_MY_RUN, select: ['user_id', 'id', 'webhook_id'], insert: true },
  [`${QUEUE_SCHEMA}.job`]: { rows: MY_JOBS, select: ['id'], insert: true },
}

/** Data shared by another account. Nothing is shared so far. */
const guest: Access = {}

/** Requests of several tenants that one statement serves together: it reads their chats and appends to them. */
const several: Access = {
  agent_instances: { rows: THEIRS, select: true, update: CHANGES_OF_RUNS },
  messages: { rows: THEIRS, select: true, insert: true },
  account_clocks: { rows: THEIRS, select: true, update: ['revision', 'stored_bytes'] },
  account_events: { rows: THEIRS, insert: true },
}

/** The one row that carries the credential a caller has shown, before its account is known. */
const lookup: Access = {
  users: {
    rows: 'email = (select current_credential())',
    select: ['id', 'email', 'display_name', 'created_at', 'password_hash'],
  },
  refresh_tokens: { rows: 'token_hash = (select current_credential())', select: true },
  external_identities: { rows: 'identity_hash = (select current_credential())', select: ['user_id', 'identity_hash'] },
  api_keys: {
    rows: 'key_hash = (select current_credential()) or previous_key_hash = (select current_credential())',
    select: true,
  },
}

/** What the service does on behalf of no account: it finds tenants with work due, sweeps expired rows, counts calls. */
const errands: Access = {
  agent_instances: {
    rows: "status in ('ACTIVE', 'AWAITING_INPUT', 'PAUSED')",
    select: ['user_id', 'id', 'status', 'sends_heartbeats', 'silent_since'],
  },
  takeovers: { rows: ALL, select: ['user_id'] },
  idempotency_keys: { rows: "created_at < now() - interval '24 hours'", select: ['user_id', 'created_at'] },
  webhook_events: {
    rows: "created_at < now() - interval '30 days'",
    select: ['user_id', 'id', 'created_at'],
    delete: true,
  },
  webhook_cursors: { rows: ALL, select: ['user_id', 'revision'] },
  account_clocks: {
    rows: 'exists (select from webhook_cursors c where c.user_id = account_clocks.user_id)',
    select: ['user_id', 'revision'],
  },
  rate_limits: { rows: ALL, ...everything },
  login_pauses: { rows: ALL, ...everything },
}

/** The worker of the queue: jobs of all accounts, which hold ids and nothing else. */
const queue: Access = {
  [`${QUEUE_SCHEMA}.job`]: { rows: ALL, ...everything },
  [`${QUEUE_SCHEMA}.archive`]: { rows: ALL, select: true, insert: true, delete: true },
  [`${QUEUE_SCHEMA}.queue`]: { rows: ALL, select: true },
  [`${QUEUE_SCHEMA}.version`]: { rows: ALL, select: true, update: true },
}

/** By scope. */
export const ACCESS: Readonly<Record<ScopeName, Access>> = { tenant, run, guest, several, lookup, errands, queue }

/**
 * What triggers see of the account that a statement is about. From PostgreSQL 18 on they run as the role that was active when
 * the row was changed, and rows that a foreign key cascades to are changed by the owner of the tables.
 */
export const OWNER_ACCESS: Readonly<Record<string, string>> = {
  users: 'id = (select current_user_id())',
  account_clocks: MINE,
  account_events: MINE,
}

/** Tables without tenant rows: grants alone decide, there is no policy. */
export const UNWALLED: readonly Table[] = [
  'rate_limits',
  'login_pauses',
  `${QUEUE_SCHEMA}.archive`,
  `${QUEUE_SCHEMA}.queue`,
  `${QUEUE_SCHEMA}.version`,
]
