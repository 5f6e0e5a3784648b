import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { effectOf, firstRowOf, type Step } from '../../../db/step.js'
import type { Tenant } from '../../../db/tenant.js'
import { EVENT_BYTES, INSTANCE_BYTES, USER_AGENT_BYTES } from '../../storage/sizes.js'
import type { Change } from './changes.js'
import { logChanged } from './clock.js'
import { wasDeleted } from './deleted-instances.js'

/** A run that may not exist yet. */
export interface NewInstance {
  /** UUID, chosen by the agent or made here. */
  readonly id: string
  /** Normalized, see `normalizeAgentType`. */
  readonly agentType: string
  readonly name?: string | null
  readonly metadata?: Record<string, unknown> | null
  /** UUID of the API key that creates it, and speaks for it; null for a person. */
  readonly keyId: string | null
}

/** A created run, and the account's revision of its creation. */
export interface CreatedInstance {
  readonly id: string
  readonly agent_type_id: string
  readonly agent_type_name: string
  readonly name: string | null
  readonly started_at: Date
  /** The time in the log. */
  readonly at: Date
  readonly revision: number
}

/**
 * The bytes of an agent type that this transaction created, told by its time, which is the transaction's. Deleting it
 * gives nothing back.
 */
const bytesOfNewAgentType = sql`case when created_at = now()::timestamptz(3) then ${sql.lit(USER_AGENT_BYTES)} else 0 end`

/**
 * Creates a run, and its agent type if that is new; does nothing if the run exists, or was deleted. A run that is
 * deleted meanwhile is refused (`isOfDeletedInstance`). Send it in one pipeline with what needs the run, so that both
 * happen or neither does.
 *
 * An existing agent type is updated to itself, for the lock: DO NOTHING would allow it to be deleted before the run
 * refers to it. Not its name: setting a column of a unique key would block transactions that insert references to the
 * row, and they hold the clock.
 *
 * @returns a step that gives the run if it was created
 */
export function createInstance(tenant: Tenant, instance: NewInstance): Step<CreatedInstance | undefined> {
  const { id, agentType, name = null, metadata = null, keyId } = instance
  const metadataText = metadata && JSON.stringify(metadata)
  const bytes = INSTANCE_BYTES + Buffer.byteLength(name ?? '') + Buffer.byteLength(metadataText ?? '')
  // The id may be that of a run deleted long ago: the event of that deletion is removed, as it is not about this run.
  const added = sql`${bytes}::bigint + (select ${bytesOfNewAgentType} from kind)
    - ${sql.lit(EVENT_BYTES)} * (select count(*) from forgotten)`
  const postingKeys = JSON.stringify(keyId === null ? {} : { [keyId]: 0 })
  const kind = effectOf(
    tenant
      .insertInto('user_agents')
      .columns(['user_id', 'id', 'name'])
      .expression(
        tenant
          .selectNoFrom([
            sql<string>`${tenant.userId}::uuid`.as('user_id'),
            sql<string>`${uuidv7()}::uuid`.as('id'),
            sql<string>`${agentType}::text`.as('name'),
          ])
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('agent_instances').select('id').where('user_id', '=', tenant.userId).where('id', '=', id),
              ),
            ),
          )
          .where(({ not }) => not(wasDeleted(tenant, id))),
      )
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'name']).doUpdateSet((eb) => ({ created_at: eb.ref('user_agents.created_at') })),
      )
      .compile(),
  )
  const run = firstRowOf(
    sql<CreatedInstance>`
      with kind as (
        select user_id, id, name, created_at from user_agents where user_id = ${tenant.userId} and name = ${agentType}
      ), changed as (
        insert into agent_instances (user_id, id, user_agent_id, name, instance_metadata, posting_keys, stored_bytes)
        select user_id, ${id}::uuid, id, ${name}::text, ${metadataText}::jsonb, ${postingKeys}::jsonb, ${bytes}::bigint
        from kind where not ${wasDeleted(tenant, id)}
        on conflict (user_id, id) do nothing
        returning user_id, id, name, status, started_at
      ), forgotten as (
        delete from account_events
        where user_id = ${tenant.userId} and agent_instance_id = ${id}::uuid and kind = 'instance_deleted'
          and exists (select from changed)
        returning revision
      ), ${logChanged('instance_created', added)}
      select c.id, k.id as agent_type_id, k.name as agent_type_name, c.name, c.started_at, l.at, t.revision
      from changed c, kind k, ticked t, logged l
    `.compile(tenant),
  )
  return { statements: [...kind.statements, ...run.statements], read: ([, ...rows]) => run.read(rows) }
}

/**
 * Locks agent types as creating runs of them does, for transactions that create several: after the first one they hold
 * the clock.
 *
 * @param agentTypes normalized
 */
export function lockAgentTypes(tenant: Tenant, agentTypes: readonly string[]): Step<void> {
  return effectOf(
    tenant
      .selectFrom('user_agents')
      .where('user_id', '=', tenant.userId)
      .where(sql<boolean>`name = any(${agentTypes}::text[])`)
      .orderBy('id')
      .forNoKeyUpdate()
      .compile(),
  )
}

/** A new run as a change. */
export function creationChange({ id, revision, at, ...made }: CreatedInstance): Change {
  const { agent_type_id, agent_type_name, name, started_at } = made
  const instance = { agent_type_id, agent_type_name, name, status: 'ACTIVE', started_at } as const
  return { kind: 'instance_created', revision, at, instanceId: id, instance }
}
