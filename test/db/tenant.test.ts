import { randomUUID } from 'node:crypto'
import { type QueryExecutorProvider, sql } from 'kysely'
import pg from 'pg'
import t, { type Test } from 'tap'
import type { Database } from '../../db/client.js'
import * as step from '../../db/step.js'
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
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname !~ '^(kysely|rate_limits|login_pauses|access_digests)'
    order by c.relname`)
  return rows
}

async function rowsOf(scope: QueryExecutorProvider, query: string): Promise<unknown[]> {
  return (await sql.raw(query).execute(scope)).rows
}

/** @returns the rows; none where the scope has no right to such a statement at all */
async function refusedOrNothing(scope: QueryExecutorProvider, query: string): Promise<unknown[]> {
  return rowsOf(scope, query).catch((error) => {
    if (error.code === '42501') return []
    throw error
  })
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
  const role = new URL(service.testDatabase.serviceUrl).searchParams.get('user')
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

t.test('without a scope no table is reached, and nothing can be added', async (t) => {
  const { testDatabase, theirs, ...service } = await twoTenants(t)
  const client = new pg.Client({ connectionString: testDatabase.serviceUrl })
  await client.connect()
  t.teardown(() => client.end())
  for (const { name, owner } of await tenantTables(t, { ...service, testDatabase })) {
    for (const statement of [
      `select * from ${name}`,
      `update ${name} set ${owner} = ${owner}`,
      `delete from ${name}`,
      `insert into ${name} default values`,
    ]) {
      await t.rejects(client.query(statement), { code: '42501' }, statement)
    }
  }
  await client.query(`select set_config('app.user_id', $1, false)`, [theirs.id])
  await t.rejects(client.query('select * from messages'), { code: '42501' }, 'not even by the setting')
})

t.test('a scope reaches its own rows and no others, in every table, even by explicit id', async (t) => {
  const { scope, mine, theirs, database, ...service } = await twoTenants(t)
  for (const { name, owner } of await tenantTables(t, { ...service, database })) {
    t.ok((await rowsOf(database.tenant(theirs.id), `select * from ${name}`)).length > 0, `${name} has a row of theirs`)
    const owners = await rowsOf(scope, `select distinct ${owner}::text as owner from ${name}`)
    t.strictSame(owners, [{ owner: mine.id }], name)
    const where = `where ${owner} = '${theirs.id}'`
    t.strictSame(await rowsOf(scope, `select * from ${name} ${where}`), [], name)
    for (const change of [`update ${name} set ${owner} = ${owner} ${where}`, `delete from ${name} ${where}`]) {
      t.strictSame(await refusedOrNothing(scope, `${change} returning *`), [], change)
    }
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

/** What a query gives outside of every scope, on each of the pool's connections. */
function onEachConnection(database: Database, query: string): Promise<unknown[][]> {
  const ask = () => database.withClient('errands', async (client) => (await client.query(query)).rows)
  return Promise.all(Array.from({ length: 8 }, ask))
}

t.test('the scope of one query is gone from the connection before the next one runs on it', async (t) => {
  const { database, mine, theirs } = await twoTenants(t)
  const outside = `select coalesce(current_setting('app.user_id', true), '') as id, current_user_id() as user,
    current_user = session_user as left`
  for (const scope of [database.tenant(mine.id), database.tenant(theirs.id), database.lookup(mine.email)]) {
    await sql`select 1`.execute(scope)
    await t.rejects(sql`select 1 / 0`.execute(scope))
    for (const rows of await onEachConnection(database, outside)) {
      t.strictSame(rows, [{ id: '', user: null, left: true }])
    }
  }
})

t.test('a scope changed by SQL inside a query does not outlive it', async (t) => {
  const { database, scope, theirs } = await twoTenants(t)
  await sql`select set_config('app.user_id', ${theirs.id}, true)`.execute(scope)
  for (const rows of await onEachConnection(database, 'select current_user_id() as user')) {
    t.strictSame(rows, [{ user: null }])
  }
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
  for (const rows of await onEachConnection(database, 'select current_user_id() as user')) {
    t.strictSame(rows, [{ user: null }])
  }
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

t.test('steps are one transaction, run in their order, and give by name what their rows mean', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const scope = service.database.tenant(user.id)
  const count = sql<{ n: number }>`select count(*)::integer as n from user_agents`.compile(scope)
  const insert = (name: string) =>
    scope.insertInto('user_agents').values({ user_id: user.id, id: randomUUID(), name }).compile()
  const results = await scope.pipeline({
    before: step.stepOf(count, ([row]) => row?.n),
    made: step.effectOf(insert('one'), insert('two')),
    names: step.rowsOf(scope.selectFrom('user_agents').select('name').orderBy('name').compile()),
    nothing: step.allOf([]),
    first: step.firstRowOf(scope.selectFrom('user_agents').select('name').orderBy('name').compile()),
    missing: step.firstRowOf(scope.selectFrom('webhooks').select('id').compile()),
    after: step.stepOf(count, ([row]) => row?.n),
  })
  t.strictSame(results, {
    before: 0,
    made: undefined,
    names: [{ name: 'one' }, { name: 'two' }],
    nothing: undefined,
    first: { name: 'one' },
    missing: undefined,
    after: 2,
  })
  const fails = { made: step.effectOf(insert('three')), failed: step.effectOf(sql`select 1 / 0`.compile(scope)) }
  await t.rejects(scope.pipeline(fails), { code: '22012' })
  t.equal((await scope.pipeline({ count: step.stepOf(count, ([row]) => row?.n) })).count, 2)
})

t.test('the lookup scope reads the one row of its credential', async (t) => {
  const { database, mine, ...service } = await twoTenants(t)
  const byEmail = database.lookup(mine.email)
  t.strictSame(await byEmail.selectFrom('users').select('id').execute(), [{ id: mine.id }])
  const key = await database.tenant(mine.id).selectFrom('api_keys').select('key_hash').executeTakeFirstOrThrow()
  const byKey = database.lookup(key.key_hash)
  t.strictSame(await byKey.selectFrom('api_keys').select('user_id').execute(), [{ user_id: mine.id }])
  for (const { name } of await tenantTables(t, { ...service, database })) {
    const count = `select count(*)::int as rows from ${name}`
    const viaEmail = await refusedOrNothing(byEmail, count)
    t.match(viaEmail, name === 'users' ? [{ rows: 1 }] : NOTHING.get(viaEmail.length), `${name} by e-mail address`)
    const viaKey = await refusedOrNothing(byKey, count)
    t.match(viaKey, name === 'api_keys' ? [{ rows: 1 }] : NOTHING.get(viaKey.length), `${name} by key`)
  }
})

/** No right to read the table, or no row in it. */
const NOTHING = new Map<number, unknown[]>([
  [0, []],
  [1, [{ rows: 0 }]],
])

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
  for (const { name, owner } of await tenantTables(t, { ...service, database })) {
    for (const statement of [
      `update ${name} set ${owner} = ${owner}`,
      `delete from ${name}`,
      `insert into ${name} (${owner}) select ${owner} from ${name}`,
    ]) {
      await t.rejects(rowsOf(lookup, statement), { code: '42501' }, statement)
    }
  }
})

t.test('a transaction looks up a credential of anybody, and is its tenant again after that', async (t) => {
  const { scope, mine, theirs } = await twoTenants(t)
  await scope.transaction(async (trx) => {
    const found = await trx.lookup(theirs.email).selectFrom('users').select('id').execute()
    t.strictSame(found, [{ id: theirs.id }])
    t.strictSame(await trx.selectFrom('users').select('id').execute(), [{ id: mine.id }])
  })
})

t.test("the scope of a key that is bound to a run reaches that run's rows, and of the account little", async (t) => {
  const { database, mine, theirs, chats, ...service } = await twoTenants(t)
  const other = await startChat(mine)
  const key = { kind: 'key', userId: mine.id, keyId: randomUUID(), keyPrefix: 'sbx_', secretHash: 'x' } as const
  const run = database.tenant(mine.id, { ...key, instanceId: chats.mine.id })
  for (const { name } of await tenantTables(t, { ...service, database })) {
    const whole = `select to_jsonb(t)::text as row from ${name} as t`
    for (const row of await refusedOrNothing(run, whole)) {
      t.notMatch(row, { row: new RegExp(theirs.id) }, name)
      t.notMatch(row, { row: new RegExp(other.id) }, name)
    }
  }
  t.strictSame(await run.selectFrom('agent_instances').select('id').execute(), [{ id: chats.mine.id }])
  const unused = { user_id: mine.id, id: randomUUID(), name: 'of no run' }
  await database.tenant(mine.id).insertInto('user_agents').values(unused).execute()
  t.equal((await run.selectFrom('user_agents').select('id').execute()).length, 1, "the run's own type")
  for (const statement of [
    'select password_hash from users',
    'update users set email = null',
    'select webhook_config from user_agents',
    'insert into api_keys select * from api_keys',
    'update api_keys set revoked_at = null',
    'select from sessions',
    'select from webhooks',
    'select id from webhook_events',
    'select data from signalbox_queue.job',
    'update signalbox_queue.job set state = state',
    'insert into agent_instances select * from agent_instances',
    'delete from agent_instances',
    'delete from messages',
    'delete from account_events',
    'update account_clocks set user_id = user_id',
  ]) {
    await t.rejects(rowsOf(run, statement), { code: '42501' }, statement)
  }
})
