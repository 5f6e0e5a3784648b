import { type SqlBool, sql } from 'kysely'
import type { JsonValue } from '../../../db/generated/types.js'
import { firstRowOf } from '../../../db/step.js'
import type { Tenant, TenantTransaction } from '../../../db/tenant.js'
import { currentRevision, ownerSince } from '../../credentials/owner.js'
import { type ActivityPosition, type Page, untilFull } from '../../paging.js'
import { USER_AGENT_BYTES } from '../../storage/sizes.js'
import { countBytes } from '../account-log/clock.js'

/** Agent types named in the summary: as many as fit into one answer, however long their names are. */
const MAX_NAMES = 1000

/** A webhook set up by the account's earlier holder is hidden, although it may not be deleted yet. */
function columns(tenant: Tenant) {
  const isOwners = sql`webhook_since_revision >= ${ownerSince(tenant)}`
  return [
    'id',
    'name',
    'is_active',
    'created_at',
    'updated_at',
    sql<string | null>`case when ${isOwners} then webhook_type end`.as('webhook_type'),
    sql<JsonValue | null>`case when ${isOwners} then webhook_config end`.as('webhook_config'),
    sql<string | null>`case when ${isOwners} then webhook_secrets end`.as('webhook_secrets'),
  ] as const
}

/** An agent type as it is stored, its webhook sealed. */
export type UserAgentRow = NonNullable<Awaited<ReturnType<typeof find>>>

type ListedRow = Awaited<ReturnType<ReturnType<typeof page>['execute']>>[number]

/** Newest activity first: the last activity of its latest run, or its creation if it never ran. */
export async function list(tenant: Tenant, at: Page<ActivityPosition>) {
  const size = sql`octet_length(concat(webhook_config, webhook_secrets))`
  const { rows } = await untilFull<ListedRow>(page(tenant, at), size, sql`last_activity_at desc, id desc`).execute(
    tenant,
  )
  return rows
}

function page(tenant: Tenant, { limit, after }: Page<ActivityPosition>) {
  let query = tenant
    .selectFrom((eb) =>
      eb
        .selectFrom('user_agents as a')
        .select((a) => [
          ...columns(tenant),
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
  return query.orderBy('last_activity_at', 'desc').orderBy('id', 'desc').limit(limit)
}

/** The first agent types by name. */
export function listNames(tenant: Tenant) {
  return tenant
    .selectFrom('user_agents')
    .select(['id', 'name'])
    .where('user_id', '=', tenant.userId)
    .orderBy('name')
    .limit(MAX_NAMES)
    .execute()
}

/** @returns the agent type with this UUID; undefined when there is none */
export function find(tenant: Tenant, id: string) {
  return tenant
    .selectFrom('user_agents')
    .select(columns(tenant))
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The same, locked until the transaction ends. */
export function findLocked(trx: TenantTransaction, id: string) {
  return trx
    .selectFrom('user_agents')
    .select(columns(trx))
    .where('user_id', '=', trx.userId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** A webhook as it is stored. */
export interface WebhookColumns {
  readonly webhook_type: string | null
  /** JSON. */
  readonly webhook_config: string | null
  readonly webhook_secrets: string | null
}

/** An agent type to be stored, its webhook sealed. */
export interface NewUserAgent extends WebhookColumns {
  readonly id: string
  readonly name: string
  readonly is_active: boolean
}

/** @returns undefined when the name is taken */
export async function insert(tenant: Tenant, agent: NewUserAgent) {
  const insertion = tenant
    .insertInto('user_agents')
    .values({ user_id: tenant.userId, webhook_since_revision: currentRevision(tenant), ...agent })
    .onConflict((conflict) => conflict.columns(['user_id', 'name']).doNothing())
    .returning(columns(tenant))
  const { inserted } = await tenant.pipeline({
    inserted: firstRowOf(insertion.compile()),
    counted: countBytes(tenant, USER_AGENT_BYTES),
  })
  return inserted
}

/** A patch of an agent type; absent fields stay. */
export interface UserAgentChanges extends Partial<WebhookColumns> {
  readonly name?: string
  readonly is_active?: boolean
}

/**
 * The name is checked first: the server would write each violation of the unique key into its log.
 *
 * @returns undefined when the name is taken
 * @throws {pg.DatabaseError} a unique violation, when a concurrent request takes it
 */
export function update(tenant: Tenant, id: string, changes: UserAgentChanges) {
  const { name } = changes
  return tenant
    .updateTable('user_agents')
    .set({ ...changes, updated_at: sql<Date>`now()` })
    .$if(changes.webhook_type !== undefined, (query) => query.set({ webhook_since_revision: currentRevision(tenant) }))
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .$if(name !== undefined, (query) =>
      query.where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('user_agents as other')
              .select('other.id')
              .where('other.user_id', '=', tenant.userId)
              .where('other.name', '=', name ?? '')
              .where('other.id', '<>', id),
          ),
        ),
      ),
    )
    .returning(columns(tenant))
    .executeTakeFirst()
}

/** Deletes it with its runs and their messages. @returns whether it existed */
export async function remove(tenant: Tenant, id: string): Promise<boolean> {
  const { numDeletedRows } = await tenant
    .deleteFrom('user_agents')
    .where('user_id', '=', tenant.userId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Removes webhooks set up by the account's earlier holder. @returns how many, `limit` at most */
export async function removeOthersWebhooks(tenant: Tenant, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update user_agents set webhook_type = null, webhook_config = null, webhook_secrets = null
    where user_id = ${tenant.userId} and id = any(array(
      select id from user_agents
      where user_id = ${tenant.userId} and webhook_type is not null and webhook_since_revision < ${ownerSince(tenant)}
      limit ${limit}))
  `.execute(tenant)
  return Number(numAffectedRows ?? 0)
}
