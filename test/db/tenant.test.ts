import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import t, { type Test } from 'tap'
import type { TenantScope } from '../../db/tenant.js'
import { startService, type TestService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { fillRareTables } from '../helpers/everything.js'
import { superuser } from '../helpers/superuser.js'

/** Two people who have a row in every table. */
async function twoTenants(t: Test) {
  const service = await startService(t)
  const mine = await service.newUser()
  const theirs = await service.newUser()
  const chats = { mine: await startChat(mine), theirs: await startChat(theirs) }
  for (const user of [mine, theirs]) await fillRareTables(service, user)
  for (const { id, agent } of Object.values(chats)) {
    const body = { agent_instance_id: id, content: 'with a key' }
    await agent('POST', '/messages/agent', body, { headers: { 'idempotency-key': 'same-for-both' } })
  }
  return { ...service, mine, theirs, chats, scope: service.database.tenant(mine.id) }
}

interface TenantTable {
  readonly name: string
  /** The column that says whose row it is. */
  readonly owner: string
  readonly columns: string[]
}

/** Every table with rows of tenants, from the catalog: those of later migrations too. */
async function tenantTables(t: Test, service: TestService): Promise<TenantTable[]> {
  const admin = await superuser(t, service.testDatabase)
  const { rows } = await admin.query(`
    select c.relname as name, case when c.relname = 'users' then 'id' else 'user_id' end as owner,
      (select array_agg(attname::text) from pg_attribute
       where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname !~ '^(kysely|rate_limits|login_pauses)'
    order by c.relname`)
  return rows
}

async function rowsOf(scope: TenantScope, query: string): Promise<unknown[]> {
  return (await sql.raw(query).execute(scope)).rows
}

t.test(
  'every table but the list of migrations and the counters of calls belongs to tenants, and forces row-level security',
  async (t) => {
    const service = await startService(t)
    const admin = await superuser(t, service.testDatabase)
    const tables = await tenantTables(t, service)
    t.ok(tables.length >= 6)
    for (const { name, owner, columns } of tables) {
      const { rows } = await admin.query(
        'select relrowsecurity, relforcerowsecurity from pg_class where oid = $1::regclass',
        [name],
      )
      t.strictSame(rows, [{ relrowsecurity: true, relforcerowsecurity: true }], name)
      t.ok(columns.includes(owner), `${name} says whose its rows are`)
    }
  },
)

t.test('the service role owns nothing, and is neither superuser nor exempt from row-level security', async (t) => {
  const service = await startService(t)
  const admin = await superuser(t, service.testDatabase)
  const [asked] = await service.database.run([{ sql: 'select current_user as role', parameters: [] }])
  const role = asked?.rows[0]?.['role']
  const { rows } = await admin.query(
    'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = $1',
    [role],
  )
  t.strictSame(rows, [{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }])
  const owned = await admin.query(
    'select relname from pg_class c join pg_roles r on r.oid = c.relowner where rolname = $1',
    [role],
  )
  t.strictSame(owned.rows, [])
})

t.test('without a scope there are no rows, and nothing can be added', async (t) => {
  const { testDatabase, theirs, ...service } = await twoTenants(t)
  const client = new pg.Client({ connectionString: testDatabase.serviceUrl })
  await client.connect()
  t.teardown(() => client.end())
  for (const { name, owner } of await tenantTables(t, { ...service, testDatabase })) {
    t.strictSame((await client.query(`select * from ${name}`)).rows, [], name)
    t.equal((await client.query(`update ${name} set ${owner} = ${owner}`)).rowCount, 0, name)
    t.equal((await client.query(`delete from ${name}`)).rowCount, 0, name)
  }
  const insert = 'insert into user_agents (user_id, id, name) values ($1, $2, $3)'
  await t.rejects(client.query(insert, [theirs.id, randomUUID(), 'x']), { code: '42501' })
})

t.test('a scope reaches its own rows and no others, in every table, even by explicit id', async (t) => {
  const { scope, mine, theirs, database, ...service } = await twoTenants(t)
  for (const { name, owner } of await tenantTables(t, { ...service, database })) {
    t.ok((await rowsOf(database.tenant(theirs.id), `select * from ${name}`)).length > 0, `${name} has a row of theirs`)
    const owners = await rowsOf(scope, `select distinct ${owner}::text as owner from ${name}`)
    t.strictSame(owners, [{ owner: mine.id }], name)
    const where = `where ${owner} = '${theirs.id}'`
    t.strictSame(await rowsOf(scope, `select * from ${name} ${where}`), [], name)
    t.strictSame(await rowsOf(scope, `update ${name} set ${owner} = ${owner} ${where} returning *`), [], name)
    t.strictSame(await rowsOf(scope, `delete from ${name} ${where} returning *`), [], name)
  }
})

t.test('a scope can neither give its rows away nor copy them to another tenant', async (t) => {
  const { scope, theirs, database, ...service } = await twoTenants(t)
  for (const { name, owner, columns } of await tenantTables(t, { ...service, database })) {
    const given = columns.map((column) => (column === owner ? `'${theirs.id}'` : column)).join(', ')
    const copy = `insert into ${name} (${columns.join(', ')}) select ${given} from ${name}`
    await t.rejects(rowsOf(scope, copy), { code: '42501' }, `copy in ${name}`)
    await t.rejects(rowsOf(scope, `update ${name} set ${owner} = '${theirs.id}'`), { code: '42501' }, `give in ${name}`)
  }
})

t.test("a message cannot be attached to another tenant's run", async (t) => {
  const { scope, mine, chats } = await twoTenants(t)
  const insert = scope.insertInto('messages').values({
    user_id: mine.id,
    agent_instance_id: chats.theirs.id,
    seq: 3,
    id: randomUUID(),
    sender_type: 'AGENT',
    content: 'x',
    created_revision: 9,
    revision: 9,
  })
  await t.rejects(insert.execute(), { code: '23503' })
})

t.test('the scope of one query is gone from the connection before the next one runs on it', async (t) => {
  const { database, mine, theirs } = await twoTenants(t)
  const settings = {
    sql: `select coalesce(current_setting('app.user_id', true), '') as id, current_user_id() as user`,
    parameters: [],
  }
  for (const scope of [database.tenant(mine.id), database.tenant(theirs.id), database.lookup(mine.email)]) {
    await sql`select 1`.execute(scope)
    await t.rejects(sql`select 1 / 0`.execute(scope))
    const lent = await Promise.all(Array.from({ length: 8 }, () => database.run([settings])))
    for (const [result] of lent) t.strictSame(result?.rows, [{ id: '', user: null }])
  }
})

t.test('a scope changed by SQL inside a query does not outlive it', async (t) => {
  const { database, scope, theirs } = await twoTenants(t)
  await sql`select set_config('app.user_id', ${theirs.id}, true)`.execute(scope)
  const lent = await Promise.all(
    Array.from({ length: 8 }, () => database.run([{ sql: 'select current_user_id() as user', parameters: [] }])),
  )
  for (const [result] of lent) t.strictSame(result?.rows, [{ user: null }])
})

t.test('a transaction is committed when its work returns', async (t) => {
  const { scope, mine, chats } = await twoTenants(t)
  const result = await scope.transaction(async (trx) => {
    await trx.updateTable('agent_instances').set({ name: 'new' }).where('user_id', '=', mine.id).execute()
    return 'done'
  })
  t.equal(result, 'done')
  const row = await scope
    .selectFrom('agent_instances')
    .select('name')
    .where('id', '=', chats.mine.id)
    .executeTakeFirst()
  t.strictSame(row, { name: 'new' })
})

t.test('a transaction is rolled back when its work throws, and the connection stays usable', async (t) => {
  const { scope, mine, database } = await twoTenants(t)
  const rename = scope.transaction(async (trx) => {
    await trx.updateTable('agent_instances').set({ name: 'lost' }).where('user_id', '=', mine.id).execute()
    throw new Error('changed my mind')
  })
  await t.rejects(rename, /changed my mind/)
  await t.rejects(
    scope.transaction((trx) => sql`select 1 / 0`.execute(trx)),
    { code: '22012' },
  )
  t.strictSame(await scope.selectFrom('agent_instances').select('name').execute(), [{ name: null }])
  const [state] = await database.run([{ sql: 'select current_user_id() as user', parameters: [] }])
  t.strictSame(state?.rows, [{ user: null }])
})

t.test('a transaction that swallowed an error does not pass for committed', async (t) => {
  const { scope, mine } = await twoTenants(t)
  const work = scope.transaction(async (trx) => {
    await trx.updateTable('agent_instances').set({ name: 'lost' }).where('user_id', '=', mine.id).execute()
    await sql`select 1 / 0`.execute(trx).catch(() => {})
  })
  await t.rejects(work, /rolled back/)
  t.strictSame(await scope.selectFrom('agent_instances').select('name').execute(), [{ name: null }])
})

t.test('a transaction reaches only the rows of its tenant', async (t) => {
  const { scope, theirs, mine } = await twoTenants(t)
  const seen = await scope.transaction((trx) => trx.selectFrom('users').select('id').execute())
  t.strictSame(seen, [{ id: mine.id }])
  const stolen = scope.transaction((trx) =>
    trx.insertInto('user_agents').values({ user_id: theirs.id, id: randomUUID(), name: 'x' }).execute(),
  )
  await t.rejects(stolen, { code: '42501' })
})

t.test('a pipeline of compiled queries is one transaction', async (t) => {
  const { scope, mine } = await twoTenants(t)
  const rename = scope.updateTable('agent_instances').set({ name: 'lost' }).where('user_id', '=', mine.id).compile()
  await t.rejects(scope.pipeline(rename, sql`select 1 / 0`.compile(scope)), { code: '22012' })
  t.strictSame(await scope.selectFrom('agent_instances').select('name').execute(), [{ name: null }])
})

t.test('the lookup scope reads the one row of its credential', async (t) => {
  const { database, mine, ...service } = await twoTenants(t)
  const byEmail = database.lookup(mine.email)
  t.strictSame(await byEmail.selectFrom('users').select('id').execute(), [{ id: mine.id }])
  const key = await database.tenant(mine.id).selectFrom('api_keys').select('key_hash').executeTakeFirstOrThrow()
  const byKey = database.lookup(key.key_hash)
  t.strictSame(await byKey.selectFrom('api_keys').select('user_id').execute(), [{ user_id: mine.id }])
  for (const { name } of await tenantTables(t, { ...service, database })) {
    const viaEmail = await sql.raw(`select * from ${name}`).execute(byEmail)
    t.equal(viaEmail.rows.length, name === 'users' ? 1 : 0, `${name} by e-mail address`)
    const viaKey = await sql.raw(`select * from ${name}`).execute(byKey)
    t.equal(viaKey.rows.length, name === 'api_keys' ? 1 : 0, `${name} by key`)
  }
})

t.test('the lookup scope sees nothing with a blank or unknown credential', async (t) => {
  const { database } = await twoTenants(t)
  for (const credential of ['', ' ', '%', 'nobody@example.com']) {
    t.strictSame(await database.lookup(credential).selectFrom('users').select('id').execute(), [], `"${credential}"`)
    t.strictSame(await database.lookup(credential).selectFrom('api_keys').select('id').execute(), [], `"${credential}"`)
  }
})

t.test('the lookup scope writes nothing', async (t) => {
  const { database, mine, ...service } = await twoTenants(t)
  const lookup = database.lookup(mine.email)
  for (const { name, owner, columns } of await tenantTables(t, { ...service, database })) {
    t.strictSame((await sql.raw(`update ${name} set ${owner} = ${owner} returning *`).execute(lookup)).rows, [], name)
    t.strictSame((await sql.raw(`delete from ${name} returning *`).execute(lookup)).rows, [], name)
    if (name !== 'users') continue
    const given = columns.map((column) => (column === 'id' ? `'${randomUUID()}'` : column)).join(', ')
    const copy = sql.raw(`insert into users (${columns.join(', ')}) select ${given} from users`)
    await t.rejects(copy.execute(lookup), { code: '42501' })
  }
})
