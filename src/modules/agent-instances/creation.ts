import { type CompiledQuery, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Tenant } from '../../../db/tenant.js'

/** A run that may not exist yet. */
export interface NewInstance {
  /** UUID, chosen by the agent or made here. */
  readonly id: string
  /** Normalized, see `normalizeAgentType`. */
  readonly agentType: string
  readonly name?: string | null
  readonly metadata?: Record<string, unknown> | null
}

/** Kinds of agents have one name whatever the case it is written in. @returns undefined for a blank one */
export function normalizeAgentType(name: string | null | undefined): string | undefined {
  return name?.trim().toLowerCase() || undefined
}

/**
 * The statements that make a run, and its kind if that is new; nothing happens if the run is there. To be sent in one
 * pipeline with whatever needs the run, so that both happen or neither does.
 *
 * A kind that exists is updated to what it is, for the lock: DO NOTHING would let it be deleted before the run refers to it.
 *
 * @returns two queries; the second one gives a row if the run was made
 */
export function creationQueries(tenant: Tenant, instance: NewInstance): [CompiledQuery, CompiledQuery<{ id: string }>] {
  const { id, agentType, name = null, metadata = null } = instance
  return [
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
          ),
      )
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'name']).doUpdateSet((eb) => ({ name: eb.ref('excluded.name') })),
      )
      .compile(),
    tenant
      .insertInto('agent_instances')
      .columns(['user_id', 'id', 'user_agent_id', 'name', 'instance_metadata'])
      .expression((eb) =>
        eb
          .selectFrom('user_agents')
          .select([
            'user_id',
            sql<string>`${id}::uuid`.as('id'),
            'id as user_agent_id',
            sql<string | null>`${name}::text`.as('name'),
            sql<string | null>`${metadata && JSON.stringify(metadata)}::jsonb`.as('instance_metadata'),
          ])
          .where('user_id', '=', tenant.userId)
          .where('name', '=', agentType),
      )
      .onConflict((conflict) => conflict.columns(['user_id', 'id']).doNothing())
      .returning('id')
      .compile(),
  ]
}
