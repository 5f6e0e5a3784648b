import { sql } from 'kysely'
import type { LookupScope, Tenant, TenantTransaction } from '../../../db/tenant.js'
import { revokeCredentials } from '../account-log/revocations.js'

/** How the refresh token of a session travels: in an HttpOnly cookie, or in bodies for legacy clients. */
export type Carrier = 'cookie' | 'body'

/** The client of a request, as the list of sessions shows it. */
export interface Client {
  /** An IP address, as far as it can be determined. */
  readonly address: string
  readonly userAgent: string | undefined
  readonly carrier: Carrier
}

/** Characters kept of the client's User-Agent. */
const MAX_USER_AGENT = 256

/** Used refresh tokens that a session remembers, to detect a reuse. */
const KEPT_TOKENS = 32

/** Seconds in which an exchanged refresh token gets the same answer again, in sessions that allow it. */
const REPEAT_GRACE = 10

/** Whether a session can be refreshed: its last token is neither used nor expired. */
const isGood = sql<boolean>`exists (
  select from refresh_tokens t
  where t.user_id = sessions.user_id and t.session_id = sessions.id and t.used_at is null and t.expires_at > now())`

/**
 * Serializes transactions that change an account's sessions. Without it, ending a session would miss the token that a
 * concurrent refresh adds to it: DELETE does not see rows that were inserted after it began.
 *
 * @returns whether the account exists
 */
export async function lockSessions(trx: TenantTransaction): Promise<boolean> {
  const found = await trx
    .selectFrom('users')
    .select('id')
    .where('id', '=', trx.userId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return found !== undefined
}

/** Begins a session. @param id UUID of the session @param client how the person signed in, and from where */
export async function insertSession(trx: TenantTransaction, id: string, client: Client): Promise<void> {
  await trx
    .insertInto('sessions')
    .values({ user_id: trx.userId, id, carrier: client.carrier, ...shown(client) })
    .execute()
}

/** Notes a use of a session, and its client. */
export async function touchSession(trx: TenantTransaction, id: string, client: Client): Promise<void> {
  await trx
    .updateTable('sessions')
    .set({ last_used_at: sql<Date>`now()`, ...shown(client) })
    .where('user_id', '=', trx.userId)
    .where('id', '=', id)
    .execute()
}

function shown({ address, userAgent }: Client) {
  return { address, user_agent: userAgent?.slice(0, MAX_USER_AGENT) ?? null }
}

/** Notes the use of an access token of the session, at most once a minute whatever the number of replicas. */
export async function noteUse(tenant: Tenant, id: string): Promise<void> {
  await tenant
    .updateTable('sessions')
    .set({ last_used_at: sql<Date>`now()` })
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .where('last_used_at', '<', sql<Date>`now() - interval '1 minute'`)
    .execute()
}

/** @returns the session with this UUID, good or not; undefined when there is none */
export function findSession(tenant: Tenant, id: string) {
  return tenant
    .selectFrom('sessions')
    .select(['user_id', 'created_at', 'last_used_at', 'carrier'])
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Most recently used first. */
export function listSessions(tenant: Tenant) {
  return tenant
    .selectFrom('sessions')
    .select(['id', 'created_at', 'last_used_at', 'address', 'user_agent'])
    .where('user_id', '=', tenant.userId)
    .where(isGood)
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** The addresses that an account was recently signed in from. */
export async function listAddresses(tenant: Tenant): Promise<string[]> {
  const rows = await tenant
    .selectFrom('sessions')
    .select('address')
    .distinct()
    .where('user_id', '=', tenant.userId)
    .execute()
  return rows.flatMap(({ address }) => address ?? [])
}

/**
 * Which sessions to end: one, if its refresh token travels that way, all, all but one, or those that cannot be
 * refreshed any more and those beyond the `keep` most recently used.
 */
export type Ending =
  | { readonly id: string; readonly carrier?: Carrier }
  | 'all'
  | { readonly allBut: string }
  | { readonly keep: number }

/**
 * Ends sessions, with their refresh tokens, and logs the revocation for their subscribers. Lock them first. @returns
 * how many
 */
export async function deleteSessions(trx: TenantTransaction, ending: Ending): Promise<number> {
  const ended = sql`delete from sessions where user_id = ${trx.userId} and ${condition(trx, ending)} returning user_id, id`
  const { rows } = await revokeCredentials(ended, sql`id`).execute(trx)
  return rows.length
}

function condition(trx: TenantTransaction, ending: Ending) {
  if (ending === 'all') return sql`true`
  if ('id' in ending) {
    return ending.carrier ? sql`id = ${ending.id} and carrier = ${ending.carrier}` : sql`id = ${ending.id}`
  }
  if ('allBut' in ending) return sql`id <> ${ending.allBut}`
  return sql`(not ${isGood} or id = any(array(
    select id from sessions where user_id = ${trx.userId} order by last_used_at desc, id desc offset ${ending.keep})))`
}

/** A refresh token to be added to a session. Only its SHA-256 is stored. */
export interface NewRefreshToken {
  readonly id: string
  readonly sessionId: string
  readonly tokenHash: string
  readonly expiresAt: Date
}

/** Adds a token to a session, and deletes old used ones. */
export async function insertRefreshToken(trx: TenantTransaction, token: NewRefreshToken): Promise<void> {
  await trx.pipeline(
    trx
      .insertInto('refresh_tokens')
      .values({
        user_id: trx.userId,
        id: token.id,
        session_id: token.sessionId,
        token_hash: token.tokenHash,
        expires_at: token.expiresAt,
      })
      .compile(),
    sql`
      delete from refresh_tokens where user_id = ${trx.userId} and used_at is not null and id = any(array(
        select id from refresh_tokens where user_id = ${trx.userId} and session_id = ${token.sessionId}
        order by id desc offset ${sql.lit(KEPT_TOKENS)}))
    `.compile(trx),
  )
}

/** Reads a refresh token by its hash, before the account is known. */
export function findRefreshToken(lookup: LookupScope, tokenHash: string) {
  return lookup
    .selectFrom('refresh_tokens')
    .select(['user_id', 'id', 'session_id', 'expires_at'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
}

/** Of concurrent requests with the same token, exactly one gets true. */
export async function useRefreshToken(trx: TenantTransaction, id: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('refresh_tokens')
    .set({ used_at: sql`now()` })
    .where('user_id', '=', trx.userId)
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** @returns whether a token was exchanged so recently that its client may not have received the answer */
export async function wasUsedLately(trx: TenantTransaction, id: string): Promise<boolean> {
  const found = await trx
    .selectFrom('refresh_tokens')
    .select('id')
    .where('user_id', '=', trx.userId)
    .where('id', '=', id)
    .where('used_at', '>', sql<Date>`now() - make_interval(secs => ${sql.lit(REPEAT_GRACE)})`)
    .executeTakeFirst()
  return found !== undefined
}

/** @returns which of these hashes belongs to a token of the session */
export async function findTokenHash(
  trx: TenantTransaction,
  sessionId: string,
  hashes: readonly string[],
): Promise<string | undefined> {
  const found = await trx
    .selectFrom('refresh_tokens')
    .select('token_hash')
    .where('user_id', '=', trx.userId)
    .where('session_id', '=', sessionId)
    .where('token_hash', 'in', hashes)
    .executeTakeFirst()
  return found?.token_hash
}
