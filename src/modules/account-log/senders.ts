import { sql } from 'kysely'

/**
 * The author of a message, in every view of messages: the person, or null for a message of an agent. A message reported
 * by an agent is attributed to the account's owner. The id is the stored one; e-mail address and name are those of people
 * whom the scope sees. A statement that selects these columns calls the message `m` and joins `JOIN_SENDER`.
 */
export const SENDER_COLUMNS = sql`
  case when m.sender_type = 'USER' then coalesce(m.sender_user_id, m.user_id) end as sender_user_id,
  u.email as sender_user_email, u.display_name as sender_user_display_name`

/** Joins the user whose name and address `SENDER_COLUMNS` selects. */
export const JOIN_SENDER = sql`left join users u
  on u.id = coalesce(m.sender_user_id, m.user_id) and m.sender_type = 'USER'`
