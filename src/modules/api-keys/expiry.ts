import { sql } from 'kysely'

/**
 * When a secret of a key ends, in SQL. One that was replaced ends with its grace period, if the key itself does not end
 * before.
 */
export function endOf(secretHash: string) {
  return sql<Date | null>`
    case when key_hash = ${secretHash} then expires_at else least(previous_expires_at, expires_at) end`
}
