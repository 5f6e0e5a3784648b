import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { Database } from '../../db/client.js'
import * as messages from '../../src/modules/messages/queries.js'
import { asOwner, median, withDatabase } from './database.js'

/**
 * What row-level security costs: a page of 20 messages through the tenant's scope, against the same SQL by bare
 * node-postgres on a connection that no policy applies to. Both prepared, both one at a time, in turns.
 */
const ROUNDS = 15
const READS_PER_ROUND = 1_500
const PAGE = 20

await withDatabase(async ({ ownerUrl, serviceUrl }) => {
  const userId = randomUUID()
  const instanceId = randomUUID()
  await fill(ownerUrl, userId, instanceId)

  const database = new Database({ url: serviceUrl, poolMax: 2 })
  const tenant = database.tenant(userId)
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 })
  const { sql, parameters } = messages.pageQuery(tenant, instanceId, PAGE).compile()
  const bare = async () => (await owner.query({ name: 'page', text: sql, values: [...parameters] })).rows.length
  const scoped = async () => (await messages.page(tenant, instanceId, PAGE)).length
  if ((await bare()) !== PAGE || (await scoped()) !== PAGE) throw new Error('the two do not read the same page')

  const rates: { bare: number; scoped: number }[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const measured = { bare: await rate(bare), scoped: await rate(scoped) }
    // The first round warms up.
    if (round > 0) rates.push(measured)
  }
  const medians = { bare: median(rates.map((r) => r.bare)), scoped: median(rates.map((r) => r.scoped)) }
  const ratio = median(rates.map((r) => r.scoped / r.bare))
  console.table({
    'without row-level security': { 'pages/s': Math.round(medians.bare), ratio: 1 },
    'through the tenant scope': { 'pages/s': Math.round(medians.scoped), ratio: Number(ratio.toFixed(3)) },
  })
  await database.close()
  await owner.end()
})

/** @returns calls a second */
async function rate(read: () => Promise<number>): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < READS_PER_ROUND; i++) await read()
  return (READS_PER_ROUND * 1000) / (performance.now() - start)
}

async function fill(ownerUrl: string, userId: string, instanceId: string): Promise<void> {
  await asOwner(
    ownerUrl,
    ...['users', 'user_agents', 'agent_instances', 'messages'].map(
      (table) => `alter table ${table} no force row level security`,
    ),
    `insert into users (id, email, password_hash) values ('${userId}', 'bench@example.com', 'x')`,
    `insert into user_agents (user_id, id, name) values ('${userId}', gen_random_uuid(), 'bench')`,
    `insert into agent_instances (user_id, id, user_agent_id, message_count, revision)
       select user_id, '${instanceId}', id, 1000, 1000 from user_agents`,
    `insert into messages (user_id, agent_instance_id, seq, id, sender_type, content, created_revision, revision)
       select '${userId}', '${instanceId}', n, gen_random_uuid(), 'AGENT', repeat('text ', 40), n, n
       from generate_series(1, 1000) n`,
    'analyze',
  )
}
