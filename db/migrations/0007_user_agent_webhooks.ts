import { type Kysely, sql } from 'kysely'

/**
 * How a kind of agent is launched. The fields of the configuration that are secret stand apart, all of one kind of agent
 * sealed together (see src/secrets/cipher.ts).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
alter table user_agents
  add column webhook_type    text,
  add column webhook_config  jsonb,
  add column webhook_secrets text,
  add constraint user_agents_webhook_complete check
    ((webhook_type is null) = (webhook_config is null) and (webhook_secrets is null or webhook_type is not null));
`)
    .execute(db)
}
