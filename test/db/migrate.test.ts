import t from 'tap'
import { ACCESS, type ScopeName } from '../../db/access.js'
import { DatabaseSetupError, prepareDatabase, refuseOldServer } from '../../db/migrate.js'
import { migrations } from '../../db/migrations/index.js'
import { scopeRole, serviceRole } from '../../db/roles.js'
import { emptyDatabase, query } from '../helpers/database.js'

t.test('an empty database gets every migration, once, however many processes start', async (t) => {
  const { url } = await emptyDatabase(t)
  const urls = await Promise.all(Array.from({ length: 5 }, () => prepareDatabase(url, 'secret')))
  t.equal(new Set(urls).size, 1, 'all arrive at the same connection URL')
  const applied = await query(url, 'select name from kysely_migration order by name')
  t.strictSame(
    applied.map(({ name }) => name),
    Object.keys(migrations).sort(),
  )
  t.equal(await prepareDatabase(url, 'secret'), urls[0], 'and so does a later start')
})

t.test('the service role can read and write rows and nothing else', async (t) => {
  const { url, name } = await emptyDatabase(t)
  const serviceUrl = await prepareDatabase(url, 'secret')
  const role = `${name}_service`
  t.strictSame(await query(serviceUrl, 'select session_user as role'), [{ role }])
  for (const scope of Object.keys(ACCESS)) {
    const asScope = `begin; set local role ${name}_${scope}; select current_user as role; commit`
    await t.resolves(query(serviceUrl, asScope), scope)
  }
  t.strictSame(
    await query(
      url,
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles
      where rolname = '${role}'`,
    ),
    [{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false }],
  )
  t.strictSame(
    await query(url, `select relname from pg_class where relowner = '${role}'::regrole`),
    [],
    'it owns nothing',
  )
  const forbidden = [
    'create table public.mine ()',
    'alter table agent_instances disable row level security',
    'truncate messages',
    'select from agent_instances',
    'drop table messages',
    'insert into kysely_migration values ($$9999_mine$$, $$now$$)',
    'delete from kysely_migration',
    'update kysely_migration_lock set is_locked = 1',
    'create role somebody',
    `alter role ${role} createdb`,
    'set session authorization signalbox_owner',
    'set role signalbox_owner',
  ]
  for (const statement of forbidden) await t.rejects(query(serviceUrl, statement), { code: '42501' }, statement)
})

t.test('runaway statements and forgotten transactions of the service end by themselves', async (t) => {
  const { url } = await emptyDatabase(t)
  const serviceUrl = await prepareDatabase(url, 'secret')
  t.strictSame(
    await query(
      serviceUrl,
      `select name, setting from pg_settings
       where name in ('statement_timeout', 'idle_in_transaction_session_timeout') order by name`,
    ),
    [
      { name: 'idle_in_transaction_session_timeout', setting: '30000' },
      { name: 'statement_timeout', setting: '4000' },
    ],
  )
})

t.test('a service role whose password is another one is given the right one', async (t) => {
  const { url, name } = await emptyDatabase(t)
  const serviceUrl = await prepareDatabase(url, 'secret')
  await query(url, `alter role ${name}_service password 'other'`)
  await t.rejects(query(serviceUrl, 'select'), { code: '28P01' })
  t.equal(await prepareDatabase(url, 'secret'), serviceUrl)
  t.strictSame(await query(serviceUrl, 'select 1 as one'), [{ one: 1 }])
})

t.test('the service password tells nothing of the password it is derived from', async (t) => {
  const { url } = await emptyDatabase(t)
  const serviceUrl = new URL(await prepareDatabase(url, 'secret'))
  const { password } = new URL(url)
  t.ok(password)
  t.notMatch(serviceUrl.href, password)
  t.equal(serviceUrl.username, '')
  t.match(serviceUrl.searchParams.get('password'), /^[\w-]{43}$/)
})

t.test('a database that a newer build has migrated is left alone', async (t) => {
  const { url } = await emptyDatabase(t)
  await prepareDatabase(url, 'secret')
  await query(url, "insert into kysely_migration values ('9999_from_the_future', now()::text)")
  await t.rejects(prepareDatabase(url, 'secret'), {
    name: 'DatabaseSetupError',
    message: /^the database cannot be migrated: .*9999_from_the_future/,
  })
})

t.test('a database from before the first release is refused, in words that say what to do', async (t) => {
  const { url } = await emptyDatabase(t)
  await query(
    url,
    `create table kysely_migration (name text primary key, timestamp text not null);
     insert into kysely_migration values ('0001_initial', now()::text), ('0002_idempotency', now()::text)`,
  )
  await t.rejects(prepareDatabase(url, 'secret'), {
    name: 'DatabaseSetupError',
    message: /from before the first release, and cannot be upgraded.*empty database/,
  })
})

t.test('what the roles reach is brought in line when it was changed, and is otherwise left alone', async (t) => {
  const { url, name } = await emptyDatabase(t)
  await prepareDatabase(url, 'secret')
  const policies = () => query(url, 'select oid::int from pg_policy order by oid')
  const before = await policies()
  t.ok(before.length > 30)
  await prepareDatabase(url, 'secret')
  t.strictSame(await policies(), before, 'a further replica makes none anew')
  await query(url, `grant select on messages to ${name}_lookup`)
  await query(url, 'drop policy tenant on messages')
  await query(url, `revoke ${name}_errands from ${name}_service; alter role ${name}_service reset enable_seqscan`)
  await prepareDatabase(url, 'secret')
  const after = await policies()
  t.equal(after.length, before.length)
  t.notSame(after, before)
  const [service] = await query(
    url,
    `select pg_has_role('${name}_service', '${name}_errands', 'member') as may,
    rolconfig @> '{enable_seqscan=off}' as is_set from pg_roles where rolname = '${name}_service'`,
  )
  t.strictSame(service, { may: true, is_set: true })
  t.strictSame(await query(url, `select has_table_privilege('${name}_lookup', 'messages', 'select') as may`), [
    { may: false },
  ])
})

t.test('roles have names of their own however long that of the database is', async (t) => {
  const roles = ['x'.repeat(63), `${'x'.repeat(62)}y`, 'ü'.repeat(31), 'short'].map(serviceRole)
  t.equal(new Set(roles).size, 4)
  for (const role of roles) {
    for (const scope of Object.keys(ACCESS)) t.ok(Buffer.byteLength(scopeRole(role, scope as ScopeName)) <= 63, role)
  }
  t.equal(roles.at(-1), 'short_service')
  t.throws(() => scopeRole('postgres', 'tenant'), /not the role of a service/)
})

t.test('a migration that fails is named, and leaves nothing', async (t) => {
  const { url } = await emptyDatabase(t)
  await query(url, 'create table messages ()')
  const first = Object.keys(migrations).sort()[0]
  await t.rejects(prepareDatabase(url, 'secret'), {
    name: 'DatabaseSetupError',
    message: new RegExp(`^the migration ${first} failed: .*"messages" already exists`),
  })
  const tables = await query(
    url,
    "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname !~ '^kysely'",
  )
  t.strictSame(tables, [{ relname: 'messages' }])
  await query(url, 'drop table messages')
  t.match(await prepareDatabase(url, 'secret'), /^postgres:/, 'and can be done again')
})

t.test('who cannot log in is told where and why, without the password', async (t) => {
  const { url, name } = await emptyDatabase(t)
  const wrong = new URL(url)
  wrong.password = 'hunter2'
  const { hostname, port, username } = wrong
  await t.rejects(prepareDatabase(wrong.href, 'secret'), {
    name: 'DatabaseSetupError',
    message: `cannot connect to the database ${name} on ${hostname}:${port} as ${username}: password authentication failed for user "${username}"`,
  })
  const missing = new URL(url)
  missing.pathname = '/not_there'
  await t.rejects(prepareDatabase(missing.href, 'secret'), { message: /"not_there" does not exist$/ })
})

t.test('PostgreSQL 15 is the oldest that is taken', async (t) => {
  for (const [number, version] of [
    [149_999, '14.99'],
    [130_004, '13.4 (Debian 13.4-1)'],
    [90_624, '9.6.24'],
  ] as const) {
    t.throws(
      () => refuseOldServer(number, version),
      new DatabaseSetupError(`PostgreSQL 15 or newer is needed; the server of DATABASE_URL is ${version}`),
    )
  }
  for (const number of [150_000, 150_013, 180_004, 200_000]) t.doesNotThrow(() => refuseOldServer(number, 'new'))
})
