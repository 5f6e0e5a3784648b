import pg from 'pg'
import t from 'tap'
import { cloneDatabase } from '../helpers/database.js'

/** What the schema promises, read from PostgreSQL's own catalog: it holds for tables that nobody has written yet. */
t.test('the catalog keeps the promises of the schema', async (t) => {
  const database = await cloneDatabase()
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  t.teardown(async () => {
    await owner.end()
    await database.drop()
  })
  const role = new URL(database.serviceUrl).searchParams.get('user')
  const rows = async (sql: string, ...values: unknown[]) => (await owner.query(sql, values)).rows

  t.test(
    'every table is a tenant table, the account itself, or bookkeeping in which no tenant can be read',
    async (t) => {
      const tables = await rows(`
      select c.relname as name, exists (
        select from pg_attribute a where a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped) as tenant
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`)
      const others = tables.filter(({ tenant }) => !tenant).map(({ name }) => name)
      t.strictSame(others.sort(), ['kysely_migration', 'kysely_migration_lock', 'login_pauses', 'rate_limits', 'users'])
    },
  )

  t.test('row-level security is enabled and forced, with a policy for reading and for writing', async (t) => {
    const tables = await rows(`
      select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
        array_agg(p.polcmd::text order by p.polcmd)
          filter (where p.polqual is not null and p.polname not like 'several%') as commands,
        bool_or(p.polcmd = '*' and p.polqual is not null and p.polwithcheck is not null) as writing
      from pg_class c left join pg_policy p on p.polrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'kysely%'
        -- counts callers whom nobody knows yet, by keyed hash
        and c.relname not in ('rate_limits', 'login_pauses')
      group by c.oid`)
    t.ok(tables.length >= 6)
    for (const { name, enabled, forced, commands, writing } of tables) {
      t.ok(enabled && forced, `${name}: row-level security is enabled and forced`)
      t.ok(commands?.includes('*') && writing, `${name}: one policy holds for reading and for writing`)
      const rest = (commands ?? []).filter((command: string) => command !== '*')
      t.ok(
        rest.every((command: string) => command === 'r' || command === 'd'),
        `${name}: further policies only read or sweep`,
      )
    }
    const several = await rows(`
      select c.relname || ' ' || p.polcmd::text as what from pg_policy p join pg_class c on c.oid = p.polrelid
      where p.polname like 'several%' order by 1`)
    t.strictSame(
      several.map(({ what }) => what),
      [
        'account_clocks r',
        'account_clocks w',
        'account_events a',
        'agent_instances r',
        'agent_instances w',
        'messages a',
        'messages r',
      ],
      'on behalf of several tenants at once, chats are read and appended to, and nothing else',
    )
  })

  t.test('primary keys of tenant tables start with user_id; unique and foreign keys include it', async (t) => {
    const keys = await rows(`
      select c.conrelid::regclass::text as "table", c.conname as name, c.contype as type,
        (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k (attnum, place)
          join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns
      from pg_constraint c
      join pg_attribute u on u.attrelid = c.conrelid and u.attname = 'user_id'
      where c.connamespace = 'public'::regnamespace and c.contype in ('p', 'u', 'f')`)
    t.ok(keys.length >= 12)
    for (const { table, name, type, columns } of keys) {
      if (type === 'p' || type === 'f') t.equal(columns[0], 'user_id', `${table}.${name} starts with user_id`)
      t.ok(columns.includes('user_id'), `${table}.${name} includes user_id`)
    }
  })

  t.test('the service role owns nothing and can bypass nothing', async (t) => {
    const [power] = await rows(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
         (select count(*)::int from pg_auth_members m where m.member = r.oid) as memberships,
         (select count(*)::int from pg_class c where c.relowner = r.oid) as tables,
         (select count(*)::int from pg_database d where d.datdba = r.oid) as databases,
         (select count(*)::int from pg_proc p where p.proowner = r.oid) as functions
       from pg_roles r where rolname = $1`,
      role,
    )
    t.strictSame(power, {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      memberships: 0,
      tables: 0,
      databases: 0,
      functions: 0,
    })
    const [schema] = await rows(`select has_schema_privilege($1, 'public', 'create') as create`, role)
    t.equal(schema?.create, false, 'it cannot create tables')
    const definers = await rows(`select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace`)
    t.strictSame(definers, [], 'no function lends it the rights of its owner')
    const truncatable = await rows(
      `select relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
         and has_table_privilege($1, c.oid, 'truncate, references, trigger')`,
      role,
    )
    t.strictSame(truncatable, [], 'it cannot truncate, which row-level security does not watch')
  })

  t.test('every time is kept with a time zone and in milliseconds, as the contract shows it', async (t) => {
    const times = await rows(`
      select a.attrelid::regclass::text || '.' || a.attname as column, format_type(a.atttypid, a.atttypmod) as type
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'
        and format_type(a.atttypid, a.atttypmod) ~ 'timestamp'`)
    t.ok(times.length > 10)
    for (const { column, type } of times) t.equal(type, 'timestamp(3) with time zone', column)
  })
})
