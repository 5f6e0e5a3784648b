import { CompiledQuery } from 'kysely'
import { type Step, stepOf } from '../../../db/step.js'

/** One run of one tenant. */
export interface Chat {
  readonly userId: string
  readonly instanceId: string
}

/** @returns the chats of messages, each once, in the order in which they first occur */
export function chatsOf(messages: readonly Chat[]): Chat[] {
  return [...new Map(messages.map((message) => [nameOfChat(message), message])).values()]
}

/** @returns a key that is unique to the chat */
export function nameOfChat({ userId, instanceId }: Chat): string {
  return `${userId}:${instanceId}`
}

/**
 * Locks a chat against other writers until the end of the transaction. It waits for a transaction that holds it; one
 * chat only, see docs/architecture.md, "Lock order".
 *
 * @returns a step that says whether the chat exists, and is locked
 */
export function lockChat(chat: Chat): Step<boolean> {
  return stepOf(query<Locked>(LOCK_CHATS, chatsAsJson([chat])), isAny)
}

/** Locks a chat as `lockChat` does, unless part of it is on its way to the agent: that has to be settled first. */
export function lockSettledChat(chat: Chat): Step<boolean> {
  return stepOf(query<Locked>(LOCK_SETTLED_CHATS, chatsAsJson([chat])), isAny)
}

/**
 * Locks chats and the clocks of their accounts without waiting. It skips chats that another transaction holds, or whose
 * clock it holds; chats whose queues are too large to be handed out along with others; and chats of which something is
 * on its way, or claimed by an API key: the scope of several tenants cannot see whether that key still exists.
 *
 * @returns a step that gives how many it has locked
 */
export function lockFreeChats(chats: readonly Chat[]): Step<number> {
  return stepOf(query<Locked>(LOCK_FREE_CHATS, chatsAsJson(chats)), ([locked]) => locked?.count ?? 0)
}

interface Locked {
  readonly count: number
}

function isAny([locked]: Locked[]): boolean {
  return locked !== undefined && locked.count > 0
}

/** @returns the parameter of statements about chats, see `CHATS` */
export function chatsAsJson(chats: readonly Chat[]): string {
  return JSON.stringify(chats.map(({ userId, instanceId }, n) => ({ n, user_id: userId, instance_id: instanceId })))
}

/** The row type is what the statement's last line selects; only the tests check it. */
export function query<Row>(sql: string, ...parameters: (string | null)[]): CompiledQuery<Row> {
  return CompiledQuery.raw(sql, parameters) as CompiledQuery<Row>
}

/** The rows of a statement's parameter made by `chatsAsJson`. */
export const CHATS = 'json_to_recordset($1::json) as c (n integer, user_id uuid, instance_id uuid)'

/**
 * `lateral` with the run's whole key, and `offset 0` where the planner would join in another way: one index look-up a
 * chat, whatever the planner estimates for the JSON.
 *
 * The numbers of the locked chats are noted for the statements behind this one, in a setting of the transaction.
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

/**
 * Whether the transaction has locked the chat of a number. The list is parsed once, in a subquery, not for each chat
 * that is compared with it.
 */
export function isLocked(n: string): string {
  return `${n} = any ((select string_to_array(current_setting('app.locked', true), ','))::integer[])`
}
