import { CompiledQuery } from 'kysely'
import { senderOf } from '../../../db/actor.js'
import type { AgentInstanceStatus, SenderType } from '../../../db/generated/types.js'
import type { Tenant } from '../../../db/tenant.js'
import { newId } from '../../ids.js'
import { EVENT_BYTES, MESSAGE_BYTES } from '../../storage/sizes.js'
import { FINAL } from '../agent-instances/status.js'
import { titleOf } from '../agent-instances/title.js'
import { beginningOfQueue, cutOfQueue, readByPosting } from './queue.js'

/**
 * The statements that append messages to chats, to be sent in this order in one pipeline: `lockChats`, `readQueues`,
 * `appendMessages`. They serve one message as well as the messages of many requests, in a tenant's scope or in that of
 * several tenants: every row is found by the `userId` of its own request.
 *
 * Under READ COMMITTED each statement sees what was committed before it began, so those that follow the first one see
 * everything that was written to the chats before they were locked. Chats that it did not lock, because they are not
 * there or because somebody else holds them or their account's clock, are left alone by all of them.
 */

/** A message to be appended to a run's chat, and what it does to the run. */
export interface NewMessage {
  readonly userId: string
  readonly instanceId: string
  readonly id: string
  readonly content: string
  readonly senderType: SenderType
  readonly requiresUserInput: boolean
  /** UUID of the person whose own words these are; null for what an agent sends or reports. */
  readonly senderUserId: string | null
  /** UUID of the API key that sent or reported it; null for a person's own words. */
  readonly senderKeyId: string | null
  /** An agent says that a person wrote this. */
  readonly reportedByAgent: boolean
  /** It is to be handed to the agent. */
  readonly forAgent: boolean
  /** Words of somebody who does not speak for the run: they are part of the chat, and leave the run as it is. */
  readonly isAside: boolean
  readonly metadata: Record<string, unknown> | null
  /** Backfilled: it changes nothing but the chat, and nobody is notified. */
  readonly isHistory: boolean
  /** The agent's read cursor moves to it. */
  readonly movesReadCursor: boolean
  /** Everything before it counts as handed out. */
  readonly drainsQueue: boolean
  /** What it is answered with is noted as being on its way. */
  readonly offersQueue: boolean
  /** What the run's diff becomes; undefined leaves it. */
  readonly gitDiff?: string | null | undefined
}

/** A person's message that nothing has been said about yet, and that nobody is handed. */
export function blankMessage({ userId, actor }: Pick<Tenant, 'userId' | 'actor'>, instanceId: string) {
  return {
    userId,
    senderUserId: senderOf(actor),
    instanceId: instanceId.toLowerCase(),
    id: newId(),
    senderType: 'USER',
    requiresUserInput: false,
    senderKeyId: null,
    reportedByAgent: false,
    forAgent: false,
    isAside: false,
    metadata: null,
    isHistory: false,
    movesReadCursor: false,
    drainsQueue: false,
    offersQueue: false,
  } as const satisfies Partial<NewMessage>
}

/** One run of one tenant. */
export interface Chat {
  readonly userId: string
  readonly instanceId: string
}

/** What people wrote since an agent last read, as it is handed to it. */
export interface QueuedMessage {
  readonly id: string
  readonly content: string
  readonly sender_type: SenderType
  readonly created_at: Date
  readonly requires_user_input: boolean
}

/** A queued message with the account and the run that it belongs to. */
export interface QueuedRow extends QueuedMessage {
  readonly user_id: string
  readonly agent_instance_id: string
}

/** A message that was appended, and the changes that came with it; each with its revision of the account's clock. */
export interface Appended {
  readonly id: string
  readonly created_at: Date
  readonly revision: number
  /** The run's status, if the message changed it. */
  readonly status: AgentInstanceStatus | null
  readonly status_revision: number | null
  readonly git_diff_revision: number | null
  /** The run's status with it, or with the last of those that were appended to its chat together. */
  readonly instance_status: AgentInstanceStatus
  /** How many steps the run has with it: messages of the agent that are not questions. */
  readonly step_count: number
}

/**
 * Locks chats: until the end of the transaction nobody else writes to them.
 *
 * @param skipLocked locks the clocks of their accounts as well, and leaves out chats that somebody else holds, or whose
 * clock somebody holds: it waits for nobody. It leaves out those too whose queues are too large to be handed out along with
 * others, of which something is on its way, or was given to an API key: whether that still is one is not seen by those who
 * serve several tenants. Without it this waits, and must be given one chat only: two who wait for
 * each other's chats would never end.
 * @returns a query for one row: how many it has locked
 */
export function lockChats(chats: readonly Chat[], skipLocked: boolean) {
  return query<{ count: number }>(skipLocked ? LOCK_FREE_CHATS : LOCK_CHATS, chatsAsJson(chats))
}

/** Locks a chat as `lockChats` does, unless something of it is on its way to the agent: what becomes of that comes first. */
export function lockSettledChat(chat: Chat) {
  return query<{ count: number }>(LOCK_SETTLED_CHATS, chatsAsJson([chat]))
}

/** What agents are handed now of what people wrote in locked chats since they last read, oldest first. */
export function readQueues(chats: readonly Chat[], company: Company = 'alone') {
  return query<QueuedRow>(READ_QUEUES[company], chatsAsJson(chats))
}

/**
 * Appends messages to locked chats, in the order given.
 *
 * @param messages those of the chats that were locked, which are numbered as `chatsOf` does
 * @returns a row for each that was appended, in that order
 */
export function appendMessages(messages: readonly NewMessage[], company: Company = 'alone') {
  const numbers = new Map(chatsOf(messages).map((chat, number) => [nameOfChat(chat), number]))
  const large = largeTexts(messages)
  const rows = messages.map((message, n) => ({
    n,
    chat: numbers.get(nameOfChat(message)),
    user_id: message.userId,
    instance_id: message.instanceId,
    id: message.id,
    sender_type: message.senderType,
    content: large ? '' : message.content,
    // What is left out is false or null, which most of it is: there is less to write and to read.
    asks: message.requiresUserInput || undefined,
    sender: message.senderUserId ?? undefined,
    key: message.senderKeyId ?? undefined,
    reported: message.reportedByAgent || undefined,
    for_agent: message.forAgent || undefined,
    aside: message.isAside || undefined,
    metadata: message.metadata ?? undefined,
    history: message.isHistory || undefined,
    moves: message.movesReadCursor || undefined,
    drains: message.drainsQueue || undefined,
    offers: message.offersQueue || undefined,
    has_diff: message.gitDiff !== undefined || undefined,
    git_diff: large ? undefined : (message.gitDiff ?? undefined),
    title: titleFrom(message),
  }))
  return query<Appended>(APPEND[company], JSON.stringify(rows), ...(large ?? [null, null]))
}

/** Characters of a message that are sent as they are: in JSON they would be written and read several times. */
const MAX_IN_JSON = 64 * 1024

/** @returns content and diff of a large message that is appended alone */
function largeTexts([message, ...others]: readonly NewMessage[]): [content: string, diff: string | null] | undefined {
  if (!message || others.length > 0) return undefined
  const { content, gitDiff = null } = message
  return content.length + (gitDiff?.length ?? 0) > MAX_IN_JSON ? [content, gitDiff] : undefined
}

/** What the run is called from then on if it has no name. Asides and what is past leave it as it is. */
function titleFrom({ senderType, isAside, isHistory, content }: NewMessage): string | undefined {
  return senderType === 'USER' && !isAside && !isHistory ? titleOf(content) : undefined
}

/** @returns the chats of messages, each once, in the order in which they first come */
export function chatsOf(messages: readonly Chat[]): Chat[] {
  return [...new Map(messages.map((message) => [nameOfChat(message), message])).values()]
}

/** @returns what tells a chat from all others */
export function nameOfChat({ userId, instanceId }: Chat): string {
  return `${userId}:${instanceId}`
}

function chatsAsJson(chats: readonly Chat[]): string {
  return JSON.stringify(chats.map(({ userId, instanceId }, n) => ({ n, user_id: userId, instance_id: instanceId })))
}

/** The row type is what the statement's last line says; nothing checks it but the tests. */
function query<Row>(sql: string, ...parameters: unknown[]): CompiledQuery<Row> {
  return CompiledQuery.raw(sql, parameters) as CompiledQuery<Row>
}

const CHATS = 'json_to_recordset($1::json) as c (n integer, user_id uuid, instance_id uuid)'

/**
 * `lateral` with the run's whole key, and `offset 0` where the planner would join in another way: one index look-up a
 * chat, whatever it thinks of the JSON's size.
 *
 * The numbers of the chats that were locked are noted for the statements behind this one, in a setting of the transaction.
 */
function lockStatement(conditionAndLocking: string, writable: string, more = ''): string {
  return `
with locked as materialized (
  select c.n, i.user_id from ${CHATS} cross join lateral (
    select user_id from agent_instances
    where user_id = c.user_id and id = c.instance_id ${conditionAndLocking}) as i)${more}
select count(*)::integer as count, length(set_config('app.locked', coalesce(string_agg(n::text, ','), ''), true)) as noted
from ${writable}`
}

const LOCK_CHATS = lockStatement('for no key update', 'locked')
const LOCK_SETTLED_CHATS = lockStatement('and offered_message_id is null for no key update', 'locked')
const LOCK_FREE_CHATS = lockStatement(
  `and not has_large_queue and offered_message_id is null
      and (claim_last_id is null or claim_cursor_id is distinct from last_read_message_id) for no key update skip locked`,
  'locked join free_accounts using (user_id)',
  `, free_accounts as materialized (
  select k.user_id from (select distinct user_id from locked) as l cross join lateral (
    select user_id from account_clocks where user_id = l.user_id for no key update skip locked) as k)`,
)

/** The list is taken apart once, in a query of its own, not for each chat that is compared with it. */
function isLocked(n: string): string {
  return `${n} = any ((select string_to_array(current_setting('app.locked', true), ','))::integer[])`
}

/** What the agent of a run has not read: of the run that a row of this name says, and \`i\` is. */
function queueRangeOf(name: string) {
  return { userId: `${name}.user_id`, instanceId: `${name}.instance_id`, after: 'i.last_read_seq' }
}

/**
 * Whether a statement serves one chat in its tenant's scope, or several together. Chats with claims, which only their
 * tenant's scope can judge, are never among those that are locked together.
 */
type Company = 'alone' | 'together'

function inCompany(statement: (lastReadSeq: string) => string): Readonly<Record<Company, string>> {
  return { alone: statement(readByPosting('agent_instances')), together: statement('last_read_seq') }
}

const READ_QUEUES = inCompany(
  (lastReadSeq) => `
select m.user_id, m.agent_instance_id, m.id, m.content, m.sender_type, m.created_at, m.requires_user_input
from ${CHATS}
cross join lateral (
  select ${lastReadSeq} as last_read_seq from agent_instances
  where user_id = c.user_id and id = c.instance_id offset 0) as i
cross join lateral (
  select * from (${beginningOfQueue(queueRangeOf('c'))}) as b
  where fits offset 0) as m
where ${isLocked('c.n')}
order by m.user_id, m.agent_instance_id, m.seq`,
)

/** Keys that a run remembers as its own. Those of a kind that posts with a new key each time are remembered no longer. */
const MAX_POSTING_KEYS = 100

const FINAL_STATUSES = FINAL.map((status) => `'${status}'`).join(', ')

/** In bytes; a long text is not read for it. */
function lengthOf(text: string): string {
  return `coalesce(octet_length(${text}), 0)`
}

/**
 * A large message that is appended alone has its content in `$2` and its diff in `$3`: neither stands in the tables in
 * between, of which PostgreSQL would write each to its disk.
 *
 * The first message of a chat takes the queue, so it is with that one that the queue is on its way. Of a queue that is cut,
 * the rest is left for the next time.
 *
 * A key is noted as one that speaks for the run when it posts for the first time, under the last of the numbers that are
 * given here: what was asked in the same moment was not asked after that.
 *
 * Several messages to one chat leave one change of its status and one of its diff, as nobody can have seen those in
 * between; they are numbered just before the last of the messages.
 *
 * The runs are updated where they were found: they are locked, so they are still there.
 *
 * What is said in a completed run opens it again: that is the only end it can have here.
 *
 * A run that has no name is called after a person's words: nobody has to remember which names were given so.
 *
 * A person's words do not wake a run that has fallen silent: only a sign of the agent does, and then the run is what those
 * words have made it. The past and asides make it nothing.
 */
const APPEND = inCompany(
  (lastReadSeq) => `
with items as materialized (
  select n, chat, user_id, instance_id, id, sender_type, content, coalesce(asks, false) as asks, sender, key,
    coalesce(reported, false) as reported, coalesce(for_agent, false) as for_agent, metadata,
    coalesce(history, false) as history, coalesce(history, aside, false) as is_quiet, coalesce(moves, false) as moves,
    coalesce(drains, false) as drains, offers, coalesce(has_diff, false) as has_diff, git_diff, title
  from json_to_recordset($1::json) as t (n integer, chat integer, user_id uuid, instance_id uuid, id uuid,
    sender_type sender_type, content text, asks boolean, sender uuid, key uuid, reported boolean, for_agent boolean, aside boolean,
    metadata jsonb, history boolean, moves boolean, drains boolean, offers boolean, has_diff boolean, git_diff text,
    title text)
  where ${isLocked('chat')}
), wishes as (
  select user_id, instance_id, count(*)::integer as added,
    sum(${MESSAGE_BYTES} + octet_length(coalesce($2::text, content)) + coalesce(pg_column_size(metadata), 0))::bigint as bytes, max(n) as last, bool_or(drains) as drains,
    bool_or(has_diff) as has_diff, bool_or((sender_type = 'AGENT' or reported) and not is_quiet) as by_agent,
    array_agg(key::text) filter (where sender_type = 'AGENT' and key is not null) as keys,
    (array_agg(id order by n desc) filter (where moves))[1] as read_cursor,
    (array_agg(case when offers then id end order by n))[1] as offer,
    (array_agg(git_diff order by n desc) filter (where has_diff))[1] as git_diff,
    (array_agg(title order by n) filter (where title is not null))[1] as title,
    count(*) filter (where sender_type = 'AGENT' and not asks) as steps,
    (array_agg(case when asks then 'AWAITING_INPUT' else 'ACTIVE' end::agent_instance_status order by n desc)
      filter (where not is_quiet))[1] as status
  from items group by user_id, instance_id
), chats as materialized (
  select w.user_id, w.instance_id, i.row_ctid, w.added, w.last, w.drains, w.by_agent,
    w.status is not null and not w.by_agent as by_person, w.read_cursor, w.git_diff, w.title,
    w.steps,
    case when w.offer is not null and i.message_count > i.last_read_seq and exists (
      select from messages where user_id = w.user_id and agent_instance_id = w.instance_id and seq > i.last_read_seq
        and for_agent) then w.offer end as offer, i.last_read_seq, i.message_count, i.step_count, n.status, n.status <> i.status as status_changes,
    case when w.drains and i.message_count > i.last_read_seq then ${cutOfQueue(queueRangeOf('w'))} end as cut,
    case when not i.posting_keys ?& w.keys and (select count(*) from jsonb_object_keys(i.posting_keys)) < ${MAX_POSTING_KEYS}
      then (select jsonb_object_agg(key, i.message_count + w.added) from unnest(w.keys) as key) end as new_keys,
    w.has_diff and i.git_diff is distinct from coalesce($3::text, w.git_diff) as diff_changes, w.bytes
      + case when n.status <> i.status then ${EVENT_BYTES} else 0 end
      + case when w.has_diff then ${EVENT_BYTES} + ${lengthOf('coalesce($3::text, w.git_diff)')} - ${lengthOf('i.git_diff')} else 0 end
      + case when i.name is null then ${lengthOf('w.title')} else 0 end as bytes
  from wishes w
  cross join lateral (
    select ctid as row_ctid, status, message_count, step_count, ${lastReadSeq} as last_read_seq, git_diff, posting_keys,
      name
    from agent_instances
    where user_id = w.user_id and id = w.instance_id offset 0) as i
  cross join lateral (
    select case when w.status is null or i.status in (${FINAL_STATUSES}) or (i.status = 'STALE' and not w.by_agent)
      then i.status else w.status end as status) as n
), numbered as materialized (
  select t.*, c.message_count + row_number() over (partition by t.user_id, t.instance_id order by t.n) as seq,
    c.step_count + count(*) filter (where t.sender_type = 'AGENT' and not t.asks)
      over (partition by t.user_id, t.instance_id order by t.n) as step_count,
    t.n = c.last and c.status_changes as status_changes, t.n = c.last and c.diff_changes as diff_changes, c.status,
    case when t.n = c.last then c.bytes else 0 end as bytes,
    sum(1 + (t.n = c.last and c.status_changes)::integer + (t.n = c.last and c.diff_changes)::integer)
      over (partition by t.user_id order by t.n) as ticks
  from items t join chats c on c.user_id = t.user_id and c.instance_id = t.instance_id
), ticked as materialized (
  update account_clocks k set revision = k.revision + u.ticks, stored_bytes = k.stored_bytes + u.bytes
  from (select user_id, max(ticks) as ticks, sum(bytes) as bytes from numbered group by user_id) as u
  where k.user_id = u.user_id
  returning k.user_id, k.revision - u.ticks as base
), moment as materialized (
  select clock_timestamp()::timestamptz(3) as now
), changed as (
  update agent_instances i set
    message_count = i.message_count + c.added,
    step_count = i.step_count + c.steps,
    stored_bytes = i.stored_bytes + c.bytes,
    name = coalesce(i.name, c.title),
    last_activity_at = moment.now,
    status = c.status,
    ended_at = case when c.status_changes then null else i.ended_at end,
    status_before_stale = case when i.status = 'STALE' and c.by_person then 'ACTIVE' else i.status_before_stale end,
    silent_since = case when c.by_agent then moment.now else i.silent_since end,
    was_heard = i.was_heard or c.by_agent,
    last_read_message_id = coalesce(c.read_cursor, i.last_read_message_id),
    last_read_seq = case when c.drains then coalesce(c.cut, i.message_count + c.added)
      when c.read_cursor is not null then c.last_read_seq else i.last_read_seq end,
    has_large_queue = case when c.drains then c.cut is not null else i.has_large_queue end,
    posting_keys = case when c.new_keys is null then i.posting_keys else c.new_keys || i.posting_keys end,
    offered_message_id = coalesce(c.offer, i.offered_message_id),
    offered_from_seq = case when c.offer is null then i.offered_from_seq else c.last_read_seq end,
    claim_cursor_id = case when c.read_cursor is null then i.claim_cursor_id end,
    offered_from_message_id = case when c.offer is not null then i.last_read_message_id
      when c.read_cursor is null then i.offered_from_message_id end,
    git_diff = case when c.diff_changes then coalesce($3::text, c.git_diff) else i.git_diff end
  from chats c, moment
  where i.ctid = c.row_ctid
), appended as materialized (
  select n.*, t.base + n.ticks as revision,
    case when n.diff_changes then t.base + n.ticks - 1 end as git_diff_revision,
    case when n.status_changes then t.base + n.ticks - 1 - n.diff_changes::integer end as status_revision
  from numbered n join ticked t on t.user_id = n.user_id
), inserted as (
  insert into messages (user_id, agent_instance_id, seq, id, sender_type, sender_user_id, sender_key_id, content, requires_user_input,
    reported_by_agent, for_agent, is_history, message_metadata, created_at, created_revision, revision)
  select user_id, instance_id, seq, id, sender_type, sender, key, coalesce($2::text, content), asks, reported, for_agent, history, metadata,
    moment.now, revision, revision
  from appended, moment
), logged as (
  insert into account_events (user_id, revision, kind, agent_instance_id, status, created_at)
  select user_id, status_revision, 'status_changed'::account_event_kind, instance_id, status, moment.now
    from appended, moment where status_changes
  union all
  select user_id, git_diff_revision, 'git_diff_changed'::account_event_kind, instance_id, null, moment.now
    from appended, moment where diff_changes
)
select id, moment.now as created_at, revision, case when status_changes then status end as status, status_revision,
  git_diff_revision, status as instance_status, step_count::integer as step_count
from appended, moment order by n`,
)
