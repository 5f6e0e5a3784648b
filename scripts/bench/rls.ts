import pg from 'pg'
import { Database } from '../../db/client.js'
import { prepareDatabase } from '../../db/migrate.js'
import * as messages from '../../src/modules/messages/queries.js'
import { atEnd, benchmark } from './benchmark.js'
import { startDatabases } from './database.js'
import { readOptions } from './options.js'
import { fill, seededId } from './seed.js'
import { connectAs } from './service.js'
import { median, rounded } from './statistics.js'

/**
 * What row-level security costs: a page of 20 messages through the tenant's scope, against the same SQL by bare node-postgres
 * on a connection without row-level security. Both prepared, both one at a time, in turns.
 *
 *     node dist/scripts/bench/rls.js [--rounds 15] [--reads 1500] [--small]
 */
const option = readOptions({ rounds: 15, reads: 1500 }, { rounds: 1, reads: 50 })

const PAGE = 20
const USER_ID = '00000000-0000-4000-8000-00000000ffff'

await benchmark('Row-level security', 15, async () => {
  const [server] = await startDatabases(['bench'])
  if (!server) throw new Error('there is no database')
  const database = new Database({ url: await prepareDatabase(server.ownerUrl, 'bench'), poolMax: 2 })
  atEnd(() => database.close())
  const client = await connectAs(server.superuser)
  await client.query(`insert into users (id, email, password_hash) values ($1, 'bench@example.com', 'x')`, [USER_ID])
  await fill(client, { userId: USER_ID, instances: 1, messages: 1000, full: 0, page: 0 })

  const tenant = database.tenant(USER_ID)
  const bypassing = new pg.Pool({ ...server.superuser, max: 2 })
  bypassing.on('error', () => {})
  atEnd(() => bypassing.end())
  const { sql, parameters } = messages.lastPage(tenant, seededId(1), PAGE)
  const bare = async () => (await bypassing.query({ name: 'page', text: sql, values: [...parameters] })).rows.length
  const scoped = async () => (await messages.page(tenant, seededId(1), PAGE)).length
  if ((await bare()) !== PAGE || (await scoped()) !== PAGE) throw new Error('the two do not read the same page')

  const rates: { bare: number; scoped: number }[] = []
  // The first round warms up.
  for (let round = 0; round <= option('rounds'); round++) {
    const measured = { bare: await rate(bare), scoped: await rate(scoped) }
    if (round > 0) rates.push(measured)
  }
  console.table({
    'without row-level security': { 'pages/s': Math.round(median(rates.map((r) => r.bare))), ratio: 1 },
    'through the tenant scope': {
      'pages/s': Math.round(median(rates.map((r) => r.scoped))),
      ratio: rounded(median(rates.map((r) => r.scoped / r.bare)), 3),
    },
  })
})

/** @returns calls a second */
async function rate(read: () => Promise<number>): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < option('reads'); i++) await read()
  return (option('reads') * 1000) / (performance.now() - start)
}
