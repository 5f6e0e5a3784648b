import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import { ACCESS, OWNER_ACCESS, type Reach, type ScopeName, type Table, UNWALLED } from './access.js'
import { isRecord } from './errors.js'
import { QUEUE_SCHEMA } from './queue.js'

/**
 * The roles of a database: one per scope, which owns nothing and cannot log in, and the service's, which logs in and may enter
 * them. Roles belong to the whole server, so their names begin with that of the database.
 */

/** PostgreSQL truncates longer names, without an error. */
const LONGEST_NAME = 63

const SERVICE = '_service'

/** The longest suffix of a role name, and the hash that replaces the truncated part. */
const ROOM_FOR_SUFFIX = SERVICE.length
const HASH = 8

const SCOPES = Object.keys(ACCESS) as ScopeName[]

/** A role of ours has more privileges than it may have. */
export class PowerfulRoleError extends Error {
  override readonly name = 'PowerfulRoleError'
}

/** @param database its name @returns the name of the role that the service logs in as */
export function serviceRole(database: string): string {
  return `${prefixOf(database)}${SERVICE}`
}

/** @param service the name of the service's role @returns the name of a scope's role in the same database */
export function scopeRole(service: string, scope: ScopeName): string {
  if (!service.endsWith(SERVICE)) throw new Error(`${service} is not the role of a service`)
  return `${service.slice(0, -SERVICE.length)}_${scope}`
}

/** Long names are told apart by a hash, and names with letters of several bytes are cut between two. */
function prefixOf(database: string): string {
  const room = LONGEST_NAME - ROOM_FOR_SUFFIX
  if (Buffer.byteLength(database) <= room) return database
  const hash = createHash('sha256').update(database).digest('hex').slice(0, HASH)
  let cut = database
  while (Buffer.byteLength(cut) > room - HASH - 1) cut = [...cut].slice(0, -1).join('')
  return `${cut}_${hash}`
}

/**
 * Creates missing roles, and brings their access in line with db/access.ts. What is in line stays untouched: a further replica
 * that starts takes no lock on a table.
 *
 * @param trx a transaction of the owner; concurrent callers have to take turns
 * @throws {PowerfulRoleError} when a role of that name has more privileges
 */
export async function prepareRoles(trx: Kysely<unknown>, database: string): Promise<void> {
  const service = serviceRole(database)
  const roles = SCOPES.map((scope) => scopeRole(service, scope))
  await createRole(trx, service, 'login noinherit', roles)
  for (const role of roles) await createRole(trx, role, 'nologin', [])

  const statements = accessStatements(service, database)
  const declared = createHash('sha256').update(statements).digest('hex')
  if (await isApplied(trx, service, declared)) return
  await sql.raw(statements).execute(trx)
  await sql`delete from access_digests`.execute(trx)
  await sql`insert into access_digests (declared, applied) values (${declared}, ${await catalogDigest(trx, service)})`.execute(
    trx,
  )
}

/** @param mayEnter the roles that it may be a member of */
async function createRole(
  trx: Kysely<unknown>,
  role: string,
  attributes: string,
  mayEnter: readonly string[],
): Promise<void> {
  const { rows } = await sql<{ powerful: boolean }>`
    select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
      or exists (
        select from pg_auth_members m where m.member = r.oid and pg_get_userbyid(m.roleid) <> all(${mayEnter}::text[])
      ) as powerful
    from pg_roles r where rolname = ${role}
  `.execute(trx)
  const name = pg.escapeIdentifier(role)
  if (rows.length === 0) await sql.raw(`create role ${name} ${attributes}`).execute(trx)
  if (rows[0]?.powerful) {
    throw new PowerfulRoleError(`the role ${role} has more power than a service may have; drop it, it is made anew`)
  }
}

/** Whether the database still has what was last applied, and this build declares the same. */
async function isApplied(trx: Kysely<unknown>, service: string, declared: string): Promise<boolean> {
  const { rows } = await sql<{ declared: string; applied: string }>`select * from access_digests`.execute(trx)
  return rows[0]?.declared === declared && rows[0].applied === (await catalogDigest(trx, service))
}

/** A digest of everything that decides about access, as PostgreSQL stores it: policies, grants, the service's memberships and settings. */
async function catalogDigest(trx: Kysely<unknown>, service: string): Promise<string> {
  const schemas = sql`('public', ${sql.lit(QUEUE_SCHEMA)})`
  const { rows } = await sql`
    select md5(string_agg(line, E'\n' order by line)) as digest from (
      select concat_ws('|', schemaname, tablename, policyname, permissive, roles::text, cmd, qual, with_check) as line
      from pg_policies where schemaname in ${schemas}
      union all
      select concat_ws('|', oid::regclass::text, relrowsecurity::text, relforcerowsecurity::text, relacl::text) from pg_class
      where relnamespace::regnamespace::text in ${schemas} and relkind in ('r', 'p')
      union all
      select concat_ws('|', attrelid::regclass::text, attname, attacl::text)
      from pg_attribute join pg_class on pg_class.oid = attrelid
      where relnamespace::regnamespace::text in ${schemas} and attacl is not null
      union all
      select concat_ws('|', nspname, nspacl::text) from pg_namespace where nspname in ${schemas}
      union all
      select concat_ws('|', roleid::regrole::text, member::regrole::text) from pg_auth_members
      where pg_get_userbyid(member) = ${service}
      union all
      select concat_ws('|', setrole::regrole::text, setconfig::text) from pg_db_role_setting
      where pg_get_userbyid(setrole) = ${service}
    ) as lines`.execute(trx)
  const [row] = rows
  return isRecord(row) ? String(row['digest']) : ''
}

/**
 * The statements that revoke what the roles reach and grant what they should reach, and the settings of all of the service's
 * statements. Each statement is a look-up by an index; but plans are cached, and a plan made while a table was small or not yet
 * analyzed would keep scanning the whole table after it has grown. Plans are made once for all parameters: planning a list
 * anew takes longer than running it.
 */
function accessStatements(service: string, database: string): string {
  const name = pg.escapeIdentifier
  const roles = SCOPES.map((scope) => name(scopeRole(service, scope))).join(', ')
  const everybody = `${name(service)}, ${roles}`
  return `
    do $$ declare p record; begin
      for p in select schemaname, tablename, policyname from pg_policies where schemaname in ('public', '${QUEUE_SCHEMA}') loop
        execute format('drop policy %I on %I.%I', p.policyname, p.schemaname, p.tablename);
      end loop;
    end $$;
    revoke all on all tables in schema public, ${QUEUE_SCHEMA} from ${everybody};
    alter role ${name(service)} noinherit;
    alter role ${name(service)} set enable_seqscan = off;
    alter role ${name(service)} set plan_cache_mode = force_generic_plan;
    alter role ${name(service)} set statement_timeout = '4s';
    alter role ${name(service)} set idle_in_transaction_session_timeout = '30s';
    grant connect on database ${name(database)} to ${name(service)};
    grant usage on schema public to ${everybody};
    grant usage on schema ${QUEUE_SCHEMA} to ${everybody};
    grant ${roles} to ${name(service)};
    grant select on kysely_migration to ${name(service)};
    ${Object.entries(OWNER_ACCESS)
      .map(([table, rows]) => `create policy owner on ${table} to current_user using (${rows}) with check (${rows});`)
      .join('\n')}
    ${SCOPES.flatMap((scope) =>
      Object.entries(ACCESS[scope]).map(([table, reach]) =>
        // Every key of an access names a table.
        reachStatements(scope, name(scopeRole(service, scope)), table as Table, reach),
      ),
    ).join('\n')}`
}

function reachStatements(scope: ScopeName, role: string, table: Table, reach: Reach): string {
  const { rows, writes, select, insert, update, delete: deletes } = reach
  const commands = [
    ...(select ? [`select${listOf(select)}`] : []),
    ...(insert ? ['insert'] : []),
    ...(update ? [`update${listOf(update)}`] : []),
    ...(deletes ? ['delete'] : []),
  ]
  const grant = `grant ${commands.join(', ')} on ${table} to ${role};`
  if (UNWALLED.includes(table)) return grant
  // A policy without a check applies its condition to written rows as well.
  const check = writes === undefined ? '' : ` with check (${writes})`
  return `${grant} create policy ${scope} on ${table} to ${role} using (${rows})${check};`
}

function listOf(columns: true | readonly string[]): string {
  return columns === true ? '' : ` (${columns.join(', ')})`
}
