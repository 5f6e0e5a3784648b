import pg from 'pg'
import t from 'tap'
import { cloneDatabase } from '../helpers/database.js'

/** Tables of which a key that is bound to a run reaches rows that are not its run's. */
const SHARED_WITH_RUNS = [
  'users',
  'account_clocks',
  'api_keys',
  'idempotency_keys',
  'webhook_events',
  'webhook_deliveries',
  'job',
]

/** By role and table: commands, with columns where they are not all. */
const REACH = `
errands | account_clocks | select (revision, user_id)
errands | agent_instances | select (id, sends_heartbeats, silent_since, status, user_id)
errands | idempotency_keys | select (created_at, user_id)
errands | login_pauses | delete, insert, select, update
errands | rate_limits | delete, insert, select, update
errands | takeovers | select (user_id)
errands | webhook_cursors | select (revision, user_id)
errands | webhook_events | delete, select (created_at, id, user_id)
lookup | api_keys | select
lookup | external_identities | select (identity_hash, user_id)
lookup | refresh_tokens | select
lookup | users | select (created_at, display_name, email, id, password_hash)
queue | signalbox_queue.archive | delete, insert, select
queue | signalbox_queue.job | delete, insert, select, update
queue | signalbox_queue.queue | select
queue | signalbox_queue.version | select, update
run | account_clocks | select, update (revision, stored_bytes)
run | account_events | insert, select
run | agent_instances | select, update (claim_cursor_id, claim_key_id, claim_last_id, claim_last_seq, claim_turn, ended_at, git_diff, has_large_queue, instance_metadata, last_activity_at, last_read_message_id, last_read_seq, message_count, name, offered_from_message_id, offered_from_seq, offered_message_id, offered_until, posting_keys, sends_heartbeats, silent_since, status, status_before_stale, step_count, stored_bytes, was_heard)
run | answer_callbacks | delete, insert, select
run | api_keys | select (expires_at, id, revoked_at, user_id)
run | idempotency_keys | insert, select, update
run | messages | insert, select, update (answer_seq, for_agent, requires_user_input, revision, sender_key_id)
run | signalbox_queue.job | insert, select (id)
run | user_agents | select (id, name, user_id)
run | users | select (created_at, display_name, email, id, since_revision)
run | webhook_deliveries | insert, select (id, user_id, webhook_id)
run | webhook_events | insert
service | kysely_migration | select
several | account_clocks | select, update (revision, stored_bytes)
several | account_events | insert
several | agent_instances | select, update (claim_cursor_id, claim_key_id, claim_last_id, claim_last_seq, claim_turn, ended_at, git_diff, has_large_queue, instance_metadata, last_activity_at, last_read_message_id, last_read_seq, message_count, name, offered_from_message_id, offered_from_seq, offered_message_id, offered_until, posting_keys, sends_heartbeats, silent_since, status, status_before_stale, step_count, stored_bytes, was_heard)
several | messages | insert, select
tenant | account_clocks | insert, select, update (revision, stored_bytes)
tenant | account_events | delete, insert, select
tenant | agent_instances | delete, insert, select, update (claim_cursor_id, claim_key_id, claim_last_id, claim_last_seq, claim_turn, ended_at, git_diff, has_large_queue, instance_metadata, last_activity_at, last_read_message_id, last_read_seq, message_count, name, offered_from_message_id, offered_from_seq, offered_message_id, offered_until, posting_keys, sends_heartbeats, silent_since, status, status_before_stale, step_count, stored_bytes, was_heard)
tenant | answer_callbacks | delete, insert, select, update (url)
tenant | api_keys | delete, insert, select, update (key_hash, key_prefix, last_used_at, previous_expires_at, previous_key_hash, revoked_at)
tenant | external_identities | insert, select, update (created_at)
tenant | idempotency_keys | delete, insert, select, update
tenant | messages | insert, select, update (answer_seq, for_agent, requires_user_input, revision, sender_key_id)
tenant | refresh_tokens | delete, insert, select, update
tenant | sessions | delete, insert, select, update
tenant | signalbox_queue.job | delete, insert, select, update
tenant | takeovers | delete, insert, select, update (created_at)
tenant | user_agents | delete, insert, select, update
tenant | users | delete, insert, select, update (display_name, password_hash, since_revision)
tenant | webhook_cursors | delete, insert, select, update
tenant | webhook_deliveries | delete, insert, select, update
tenant | webhook_events | delete, insert, select, update (created_at)
tenant | webhooks | delete, insert, select, update
`

/** Tables that no role reaches: the owner's bookkeeping, and what pg-boss keeps for itself. */
const NOT_REACHED = [
  'access_digests',
  'kysely_migration_lock',
  'signalbox_queue.schedule',
  'signalbox_queue.subscription',
]

/** What the schema promises, read from PostgreSQL's own catalog: it holds for tables that nobody has written yet. */
t.test('the catalog keeps the promises of the schema', async (t) => {
  const database = await cloneDatabase()
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  t.teardown(async () => {
    await owner.end()
    await database.drop()
  })
  const role = new URL(database.serviceUrl).searchParams.get('user') ?? ''
  const prefix = role.replace(/_service$/, '')
  const ownerRole = decodeURIComponent(new URL(database.ownerUrl).username)
  const rows = async (sql: string, ...values: unknown[]) => (await owner.query(sql, values)).rows

  t.test(
    'every table is a tenant table, the account itself, or bookkeeping in which no tenant can be read',
    async (t) => {
      const tables = await rows(`
      select c.relname as name, exists (
        select from pg_attribute a where a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped) as tenant
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`)
      const others = tables.filter(({ tenant }) => !tenant).map(({ name }) => name)
      t.strictSame(others.sort(), [
        'access_digests',
        'kysely_migration',
        'kysely_migration_lock',
        'login_pauses',
        'rate_limits',
        'users',
      ])
    },
  )

  t.test('row-level security is enabled and forced', async (t) => {
    const tables = await rows(`
      select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'kysely%'
        -- counts callers whom nobody knows yet, by keyed hash; and digests of this very schema
        and c.relname not in ('rate_limits', 'login_pauses', 'access_digests')`)
    t.ok(tables.length >= 6)
    for (const { name, enabled, forced } of tables) t.ok(enabled && forced, name)
  })

  t.test('every role reaches exactly this', async (t) => {
    const granted = await rows(
      `
      with acls as (
        select oid as relation, null::text as column, relacl as acl from pg_class
        union all
        select attrelid, attname::text, attacl from pg_attribute where attacl is not null
      ), grants as (
        select pg_get_userbyid(a.grantee)::text as role, acls.relation, lower(a.privilege_type) as command,
          string_agg(acls.column, ', ' order by acls.column) as columns
        from acls, aclexplode(acls.acl) as a
        where a.grantee <> 0 group by 1, 2, 3
      )
      select role, relation::regclass::text as "table",
        string_agg(command || coalesce(' (' || columns || ')', ''), ', ' order by command) as commands
      from grants where starts_with(role, $1) group by role, relation`,
      `${prefix}_`,
    )
    const found = granted.map(
      ({ role, table, commands }) => `${role.slice(prefix.length + 1)} | ${table} | ${commands}`,
    )
    t.strictSame(found.sort(), REACH.trim().split('\n').sort())
  })

  t.test('every table is spoken of, and none is open to everybody', async (t) => {
    const tables = await rows(`
      select c.oid::regclass::text as name,
        exists (select from aclexplode(c.relacl) as a where a.grantee = 0) as open
      from pg_class c
      where c.relnamespace::regnamespace::text in ('public', 'signalbox_queue') and c.relkind in ('r', 'p') and not c.relispartition`)
    const reached = REACH.trim()
      .split('\n')
      .map((line) => line.split(' | ')[1])
    t.strictSame(tables.map(({ name }) => name).sort(), [...new Set([...reached, ...NOT_REACHED])].sort())
    for (const { name, open } of tables) t.notOk(open, name)
  })

  t.test('a role has one policy a table that it reaches, and none elsewhere', async (t) => {
    const policies = await rows(`
      select tablename as "table", policyname as name, permissive, roles::text[] as roles, cmd, qual, with_check
      from pg_policies`)
    const walled = REACH.trim()
      .split('\n')
      .map((line) => line.split(' | '))
      .filter(([role, table]) => role !== 'service' && !/^rate_limits|^login_pauses|queue\.(?!job)/.test(table ?? ''))
      .map(([role, table]) => `${role} ${table?.replace(/^.*\./, '')}`)
    const owners = ['owner account_clocks', 'owner account_events', 'owner users']
    t.strictSame(policies.map(({ name, table }) => `${name} ${table}`).sort(), [...walled, ...owners].sort())
    for (const { name, table, permissive, roles, cmd } of policies) {
      const role = name === 'owner' ? ownerRole : `${prefix}_${name}`
      t.strictSame(
        { permissive, roles, cmd },
        { permissive: 'PERMISSIVE', roles: [role], cmd: 'ALL' },
        `${name} ${table}`,
      )
    }
    t.match(
      policies.find(({ name, table }) => name === 'run' && table === 'webhook_deliveries')?.with_check,
      /current_instance_id\(\)/,
    )
    for (const { name, table, qual } of policies.filter(({ name }) => name === 'tenant' || name === 'run')) {
      t.match(qual, /current_user_id\(\)/, `${name} ${table}: the account's rows alone`)
      if (name === 'run' && !SHARED_WITH_RUNS.includes(table)) t.match(qual, /current_instance_id\(\)/, `run ${table}`)
    }
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

  t.test('the roles own nothing, can bypass nothing, and the service enters no others', async (t) => {
    const powers = await rows(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
         (select count(*)::int from pg_auth_members m where m.member = r.oid
           and not starts_with(pg_get_userbyid(m.roleid), $1)) as memberships, rolinherit and rolcanlogin as inherits,
         (select count(*)::int from pg_class c where c.relowner = r.oid) as tables,
         (select count(*)::int from pg_database d where d.datdba = r.oid) as databases,
         (select count(*)::int from pg_proc p where p.proowner = r.oid) as functions
       from pg_roles r where starts_with(rolname, $1)`,
      `${prefix}_`,
    )
    t.equal(powers.length, 8)
    for (const power of powers) {
      t.strictSame(power, {
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        memberships: 0,
        inherits: false,
        tables: 0,
        databases: 0,
        functions: 0,
      })
    }
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
