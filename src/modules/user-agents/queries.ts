import { type SqlBool, sql } from 'kysely'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import type { ActivityPosition, Page } from '../../paging.js'

const columns = [
  'id',
  'name',
  'is_active',
  'created_at',
  'updated_at',
  'webhook_type',
  'webhook_config',
  'webhook_secrets',
] as const

export type UserAgentRow = NonNullable<Awaited<ReturnType<typeof find>>>

/** Newest activity first: the last activity of its latest run, or when it was made if it never ran. */
export function list(tenant: Tenant, { limit, after }: Page<ActivityPosition>) {
  let query = tenant
    .selectFrom((eb) =>
      eb
        .selectFrom('user_agents as a')
        .select((a) => [
          ...columns.map((column) => `a.${column}` as const),
          sql<Date>`coalesce(${a
            .selectFrom('agent_instances as i')
            .select('i.last_activity_at')
            .whereRef('i.user_id', '=', 'a.user_id')
            .whereRef('i.user_agent_id', '=', 'a.id')
            .orderBy('i.last_activity_at', 'desc')
            .orderBy('i.id', 'desc')
            .limit(1)}, a.created_at)`.as('last_activity_at'),
        ])
        .where('a.user_id', '=', tenant.userId)
        .as('agents'),
    )
    .selectAll()
  if (after) query = query.where(sql<SqlBool>`(last_activity_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`)
  return query.orderBy('last_activity_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** Every kind of agent, by name. */
export function listNames(tenant: Tenant) {
  return tenant
    .selectFrom('user_agents')
    .select(['id', 'name'])
    .where('user_id', '=', tenant.userId)
    .orderBy('name')
    .execute()
}

export function find(tenant: Tenant, id: string) {
  return tenant
    .selectFrom('user_agents')
    .select(columns)
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The same; until the transaction ends nobody else changes it. */
export function findLocked(trx: TenantTransaction, id: string) {
  return trx
    .selectFrom('user_agents')
    .select(columns)
    .where('user_id', '=', trx.userId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** Until the transaction ends the account is not deleted. */
export async function lockAccount(trx: TenantTransaction): Promise<void> {
  await trx.selectFrom('users').select('id').where('id', '=', trx.userId).forNoKeyUpdate().execute()
}

/** A webhook as it is stored. */
export interface WebhookColumns {
  readonly webhook_type: string | null
  /** JSON. */
  readonly webhook_config: string | null
  readonly webhook_secrets: string | null
}

export interface NewUserAgent extends WebhookColumns {
  readonly id: string
  readonly name: string
  readonly is_active: boolean
}

/** @returns undefined when the name is taken */
export function insert(tenant: Tenant, agent: NewUserAgent) {
  return tenant
    .insertInto('user_agents')
    .values({ user_id: tenant.userId, ...agent })
    .onConflict((conflict) => conflict.columns(['user_id', 'name']).doNothing())
    .returning(columns)
    .executeTakeFirst()
}

export interface UserAgentChanges extends Partial<WebhookColumns> {
  readonly name?: string
  readonly is_active?: boolean
}

/** @throws {pg.DatabaseError} 23505 when the name is taken */
export function update(tenant: Tenant, id: string, changes: UserAgentChanges) {
  return tenant
    .updateTable('user_agents')
    .set({ ...changes, updated_at: sql<Date>`now()` })
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
}

/** Takes its runs and their messages along. @returns whether there was one */
export async function remove(tenant: Tenant, id: string): Promise<boolean> {
  const { numDeletedRows } = await tenant
    .deleteFrom('user_agents')
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Takes every webhook away. */
export async function removeWebhooks(tenant: Tenant): Promise<void> {
  await tenant
    .updateTable('user_agents')
    .set({ webhook_type: null, webhook_config: null, webhook_secrets: null })
    .where('user_id', '=', tenant.userId)
    .where('webhook_type', 'is not', null)
    .execute()
}
