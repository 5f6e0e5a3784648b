import { sql } from 'kysely'
import type { TenantTransaction } from '../../../db/tenant.js'
import type { NewMessage } from './new-message.js'
import { readByPosting } from './queue.js'

/** White space that is ignored around a prompt; terminals and launchers leave different amounts of it. */
const SPACE = sql.lit(' \t\n\v\f\r')

/**
 * Treats a reported message as the prompt that its run was launched with, if the texts are the same: it is in the chat
 * already. That happens once: the key that reported it is noted with the prompt. The chat must be locked.
 *
 * @param promptId a prompt that has not been reported yet
 * @returns whether it is the prompt; false if the message is to be handed to an agent that has read on
 */
export async function claimPrompt(trx: TenantTransaction, message: NewMessage, promptId: string): Promise<boolean> {
  const { instanceId, senderKeyId, content, forAgent } = message
  const movesReadCursor = message.readCursor !== 'stays'
  const { rows } = await sql`
    with claimed as (
      update messages m set sender_key_id = ${senderKeyId}, for_agent = ${forAgent}
      from agent_instances i
      where i.user_id = ${trx.userId} and i.id = ${instanceId} and m.user_id = i.user_id and m.agent_instance_id = i.id
        and m.id = ${promptId} and btrim(m.content, ${SPACE}) = btrim(${content}, ${SPACE})
        and not (${forAgent} and i.last_read_seq >= m.seq)
      returning m.user_id, m.agent_instance_id, m.id
    ), moved as (
      update agent_instances i set last_read_message_id = c.id, last_read_seq = ${sql.raw(readByPosting('i'))},
        claim_cursor_id = null, offered_from_message_id = null
      from claimed c where i.user_id = c.user_id and i.id = c.agent_instance_id and ${movesReadCursor}
    )
    select id from claimed
  `.execute(trx)
  return rows.length > 0
}
