import { sql } from 'kysely'
import type { TestService, TestUser } from './app.js'

/** Gives a user with messages a row in each table that ordinary use would not fill. */
export async function fillRareTables({ database }: Pick<TestService, 'database'>, user: TestUser): Promise<void> {
  await user.call('POST', '/user-agents', { name: 'x' }, { headers: { 'idempotency-key': 'x' } })
  const webhook = await user.call('POST', '/webhooks', { url: 'https://receiver.example/', events: ['ping'] })
  await user.call('POST', `/webhooks/${webhook.body.id}/test`)
  await sql`
    insert into answer_callbacks (user_id, id, agent_instance_id, seq, url)
    select user_id, id, agent_instance_id, seq, 'sealed' from messages where user_id = ${user.id} limit 1
  `.execute(database.tenant(user.id))
  await database.tenant(user.id).insertInto('takeovers').values({ user_id: user.id }).execute()
  await database
    .tenant(user.id)
    .insertInto('external_identities')
    .values({ user_id: user.id, identity_hash: user.id, issuer: 'https://id.example.com', subject: user.email })
    .execute()
}
