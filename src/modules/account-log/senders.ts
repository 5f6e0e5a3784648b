import { sql } from 'kysely'

/**
 * Who wrote a message, for everybody who reads messages: the person, or null for what an agent sent. What an agent reports
 * is taken for the words of the account's owner. A statement that selects these columns calls the message `m` and joins
 * `JOIN_SENDER`.
 */
export const SENDER_COLUMNS = sql`u.id as sender_user_id, u.email as sender_user_email,
  u.display_name as sender_user_display_name`

/** Joins the person whose name and address `SENDER_COLUMNS` gives. */
export const JOIN_SENDER = sql`left join users u
  on u.id = coalesce(m.sender_user_id, m.user_id) and m.sender_type = 'USER'`
