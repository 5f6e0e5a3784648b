import type { AgentInstanceStatus } from '../../../db/generated/types.js'
import { rowsOf, type Step, stepOf } from '../../../db/step.js'
import { EVENT_BYTES, MESSAGE_BYTES } from '../../storage/sizes.js'
import type { Change, Sender } from './changes.js'
import { chatsOf, isLocked, nameOfChat, query } from './chats.js'
import type { NewMessage } from './new-message.js'
import { cutOfQueue, inCompany, queueRangeOf } from './queue.js'
import { FINAL } from './status.js'
import { titleOf } from './title.js'

/**
 * The steps that append messages to chats are sent in this order in one pipeline: a lock of chats.ts, `readQueue` or
 * `readQueues`, `appendMessages` or `appendTogether`. They serve one message or the messages of many requests, in the
 * scope of one tenant or of several: every row is found by the `userId` of its own request.
 *
 * Under READ COMMITTED each statement sees what was committed before it began, so the statements after the lock see
 * everything that was written to the chats before they were locked. All of them skip the chats that it did not lock,
 * because they do not exist or because another transaction holds them or their account's clock.
 */

/** An appended message and the changes that it caused, each with its revision of the account's clock. */
export interface Appended {
  readonly id: string
  readonly created_at: Date
  readonly revision: number
  /** The run's status, if the message changed it. */
  readonly status: AgentInstanceStatus | null
  readonly status_revision: number | null
  readonly git_diff_revision: number | null
  /** The run's status after it, or after the last message appended to its chat in the same statement. */
  readonly instance_status: AgentInstanceStatus
  /** The run's number of steps, this one included: messages of the agent that are not questions. */
  readonly step_count: number
}

/**
 * Appends messages to a locked chat of a tenant, in the order given.
 *
 * @returns a step that gives a row for each appended message, in that order
 */
export function appendMessages(messages: readonly NewMessage[]): Step<Appended[]> {
  return rowsOf(query<Appended>(APPEND.alone, ...parametersOf(messages)))
}

/**
 * Appends messages to locked chats of several tenants, in the order given.
 *
 * @param messages of the chats that were to be locked, numbered as `chatsOf` does
 * @returns a step that gives the appended messages by id
 */
export function appendTogether(messages: readonly NewMessage[]): Step<Map<string, Appended>> {
  const appended = query<Appended>(APPEND.together, ...parametersOf(messages))
  return stepOf(appended, (rows) => new Map(rows.map((row) => [row.id, row])))
}

/** The parameters of the statement `APPEND`. */
function parametersOf(messages: readonly NewMessage[]): [rows: string, content: string | null, diff: string | null] {
  const large = largeTexts(messages)
  const numbers = new Map(chatsOf(messages).map((chat, number) => [nameOfChat(chat), number]))
  const rows = messages.map((message, n) => ({
    n,
    chat: numbers.get(nameOfChat(message)),
    user_id: message.userId,
    instance_id: message.instanceId,
    id: message.id,
    sender_type: message.senderType,
    content: large ? '' : message.content,
    // False and null fields are omitted, which most are: less to write and to read.
    asks: message.requiresUserInput || undefined,
    sender: message.senderUserId ?? undefined,
    key: message.senderKeyId ?? undefined,
    reported: message.reportedByAgent || undefined,
    for_agent: message.forAgent || undefined,
    aside: message.effect === 'aside' || undefined,
    metadata: message.metadata ?? undefined,
    history: message.effect === 'history' || undefined,
    moves: message.readCursor !== 'stays' || undefined,
    drains: message.readCursor === 'drains' || message.readCursor === 'offers' || undefined,
    offers: message.readCursor === 'offers' || undefined,
    has_diff: message.gitDiff !== undefined || undefined,
    git_diff: large ? undefined : (message.gitDiff ?? undefined),
    title: titleFrom(message),
  }))
  return [JSON.stringify(rows), ...(large ?? ([null, null] as const))]
}

/**
 * Characters up to which a message is sent in JSON. A longer one is a parameter of its own: JSON would write and read
 * it several times.
 */
const MAX_IN_JSON = 64 * 1024

/** @returns content and diff of a large message that is appended alone */
function largeTexts([message, ...others]: readonly NewMessage[]): [content: string, diff: string | null] | undefined {
  if (!message || others.length > 0) return undefined
  const { content, gitDiff = null } = message
  return content.length + (gitDiff?.length ?? 0) > MAX_IN_JSON ? [content, gitDiff] : undefined
}

/** The title that an unnamed run gets. Asides and backfilled messages give none. */
function titleFrom({ senderType, effect, content }: NewMessage): string | undefined {
  return senderType === 'USER' && effect === 'full' ? titleOf(content) : undefined
}

const AGENT: Sender = { sender_user_id: null, sender_user_email: null, sender_user_display_name: null }

/**
 * The changes that an appended message caused, in the order of their revisions.
 *
 * @param sender the person who wrote it
 */
export function changesOf(message: NewMessage, appended: Appended, sender: Sender = AGENT): Change[] {
  const { instanceId, gitDiff = null } = message
  const { created_at: at, revision, status, status_revision, git_diff_revision } = appended
  const shown = {
    id: message.id,
    content: message.content,
    sender_type: message.senderType,
    sender_user_id: sender.sender_user_id,
    sender_user_email: sender.sender_user_email,
    sender_user_display_name: sender.sender_user_display_name,
    reported_by_agent: message.reportedByAgent,
    created_at: at,
    requires_user_input: message.requiresUserInput,
    message_metadata: message.metadata,
  }
  return [
    ...(status && status_revision !== null
      ? [{ kind: 'status_changed', revision: status_revision, at, instanceId, status } as const]
      : []),
    ...(git_diff_revision === null
      ? []
      : [{ kind: 'git_diff_changed', revision: git_diff_revision, at, instanceId, gitDiff } as const]),
    { kind: 'message_inserted', revision, at, instanceId, message: shown },
  ]
}

/**
 * Keys that a run remembers as its own. Further ones, of an agent that posts with a new key each time, are not noted.
 */
const MAX_POSTING_KEYS = 100

const FINAL_STATUSES = FINAL.map((status) => `'${status}'`).join(', ')

/** The length in bytes; a long text is not detoasted for it. */
function lengthOf(text: string): string {
  return `coalesce(octet_length(${text}), 0)`
}

/**
 * A large message that is appended alone has its content in `$2` and its diff in `$3`: neither is part of the
 * intermediate tables, which PostgreSQL would write to disk.
 *
 * The first message of a chat takes the queue, so the offer is noted under it. The rest of a queue that is cut waits
 * for the next post.
 *
 * A key's first post notes it as speaking for the run, under the last of the numbers given here: it counts as not
 * having posted before questions of the same statement.
 *
 * Several messages to one chat cause one change of its status and one of its diff, as no reader can have seen those in
 * between; these are numbered just before the last of the messages.
 *
 * The runs are updated where they were found: they are locked, so they still exist.
 *
 * A message in a completed run reopens it: the other ends are final, so a changed status means that the run has not
 * ended.
 *
 * A run without a name is titled after a person's words; which titles were generated is not stored.
 *
 * A person's message does not wake a stale run: only a sign of life of the agent does, and then the run has the status
 * that the message gave it. Backfilled messages and asides give it none.
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
