import { sql } from 'kysely'
import { firstRowOf, rowsOf } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'
import { lockChat } from '../account-log/chats.js'
import { beginningOfQueue, isClaimed, QUEUED_COLUMNS, type QueuedMessage } from '../account-log/queue.js'

/** A poll whose messages stay in the queue until the agent goes on. */
export interface Claimant {
  /** The message that the agent read last. */
  readonly readCursor: string
  /** UUID of the API key that polls. */
  readonly keyId: string
  /** The turn that it was given before; null for a new one. */
  readonly turn: number | null
  /** It waits if the queue is empty: from now on older polls of the same key give way to it. */
  readonly waits: boolean
}

/** The messages given to a poll; none, if the queue is empty. */
export interface Claimed {
  readonly turn: number
  readonly messages: QueuedMessage[]
}

/**
 * Gives the queue, or the beginning of a large one, to a poll from the read cursor; the same messages again if they
 * were given to the same key. One round trip and one transaction: lock, claim, read.
 *
 * @returns undefined when another key has claimed it, a later poll of the same key has, or the agent has read on
 */
export async function claim(tenant: Tenant, instanceId: string, claimant: Claimant): Promise<Claimed | undefined> {
  const { readCursor, keyId, turn, waits } = claimant
  const ofRun = { userId: 'a.user_id', instanceId: 'a.id', after: 'a.last_read_seq' }
  const claimed = { userId: 'i.user_id', instanceId: 'i.id', after: 'i.last_read_seq', upTo: 'i.claim_last_seq' }
  const { state, messages } = await tenant.pipeline({
    locked: lockChat({ userId: tenant.userId, instanceId }),
    state: firstRowOf(
      sql<{ turn: number; is_given: boolean }>`
      with run as (
        select user_id, id, last_read_seq, claim_turn, claim_last_id, claim_last_seq,
          ${sql.raw(isClaimed('agent_instances'))} as is_claimed,
          coalesce(claim_cursor_id = last_read_message_id and claim_key_id = ${keyId}, false) as is_own
        from agent_instances
        where user_id = ${tenant.userId} and id = ${instanceId} and last_read_message_id = ${readCursor}
      ), allowed as (
        select * from run
        where case when is_own then ${turn}::integer is null or claim_turn = ${turn} else not is_claimed end
      ), given as (
        select a.user_id, a.id, case when a.is_claimed then a.claim_last_id else q.id end as last_id,
          case when a.is_claimed then a.claim_last_seq else q.seq end as last_seq,
          a.claim_turn + (not a.is_own or ${turn}::integer is null)::integer as turn
        from allowed a left join lateral (
          select id, seq from (${sql.raw(beginningOfQueue(ofRun))}) as b where fits order by seq desc limit 1) as q on true
      ), claimed as (
        update agent_instances i set claim_cursor_id = ${readCursor}, claim_key_id = ${keyId}, claim_last_id = g.last_id,
          claim_last_seq = g.last_seq, claim_turn = g.turn, offered_message_id = null
        from given g where i.user_id = g.user_id and i.id = g.id and (${waits}::boolean or g.last_id is not null)
      )
      select turn, last_id is not null as is_given from given`.compile(tenant),
    ),
    messages: rowsOf(
      sql<QueuedMessage>`
      select ${sql.raw(QUEUED_COLUMNS)}
      from agent_instances i cross join lateral (${sql.raw(beginningOfQueue(claimed))}) as m
      where i.user_id = ${tenant.userId} and i.id = ${instanceId} and i.last_read_message_id = ${readCursor}
        and i.claim_cursor_id = ${readCursor} and i.claim_last_id is not null and m.fits
      order by m.seq`.compile(tenant),
    ),
  })
  return state && { turn: state.turn, messages: state.is_given ? messages : [] }
}

/**
 * Notes that the agent has the claimed messages: the read cursor moves there. Does nothing unless `lastId` is the last
 * one.
 */
export async function confirm(tenant: Tenant, instanceId: string, lastId: string): Promise<void> {
  await sql`
    update agent_instances set last_read_message_id = claim_last_id, last_read_seq = claim_last_seq, claim_cursor_id = null,
      offered_message_id = null
    where user_id = ${tenant.userId} and id = ${instanceId} and claim_cursor_id = last_read_message_id
      and claim_last_id = ${lastId}
  `.execute(tenant)
}

/**
 * Notes that the agent has gone on from the claimed messages, whichever they were. Those still on their way are given
 * back if they are lost.
 */
export async function confirmAll(tenant: Tenant, instanceId: string): Promise<void> {
  await sql`
    update agent_instances i set last_read_message_id = claim_last_id, last_read_seq = claim_last_seq, claim_cursor_id = null
    where user_id = ${tenant.userId} and id = ${instanceId} and ${sql.raw(isClaimed('i'))}
  `.execute(tenant)
}
