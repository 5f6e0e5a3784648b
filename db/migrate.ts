import { createHmac } from 'node:crypto'
import { Kysely, Migrator, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { isLoginRefused, isPrivilegeMissing, messageOf } from './errors.js'
import { migrations } from './migrations/index.js'
import { installQueue } from './queue.js'
import { PowerfulRoleError, prepareRoles, serviceRole } from './roles.js'

/** PostgreSQL's own notation: 150000 is 15.0. */
const MINIMUM_SERVER_VERSION = 150_000

/** An arbitrary constant. */
const PREPARE_LOCK = 5_316_021

/** The database cannot be used; the message says why. */
export class DatabaseSetupError extends Error {
  override readonly name = 'DatabaseSetupError'
}

/**
 * Brings a database up to date: applies missing migrations and makes the service's own role, which owns nothing. Safe to run in
 * several processes at once; they take turns.
 *
 * @param ownerUrl connection URL of a role that owns the database and may create roles
 * @param secret keys the service role's password where the owner logs in without one
 * @returns the connection URL of the service role
 * @throws {DatabaseSetupError} when the server cannot be reached or is too old, or a migration fails
 */
export async function prepareDatabase(ownerUrl: string, secret: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2, connectionTimeoutMillis: 10_000 })
  pool.on('error', () => {})
  const owner = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    await checkConnection(pool, ownerUrl)
    await checkServer(owner)
    await migrate(owner)
    return await prepareServiceRole(owner, pool, ownerUrl, secret)
  } finally {
    await owner.destroy()
  }
}

/**
 * Lets the replicas of one database take turns. The lock ends with the transaction, so it works behind PgBouncer, where
 * a session's lock could be left behind on a server connection.
 */
async function inTurn<T>(db: Kysely<unknown>, work: (trx: Kysely<unknown>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${PREPARE_LOCK})`.execute(trx)
    return work(trx)
  })
}

async function checkConnection(pool: pg.Pool, url: string): Promise<void> {
  try {
    const client = await pool.connect()
    client.release()
  } catch (error) {
    const { user, host, port, database } = new pg.Client({ connectionString: url })
    const where = `the database ${database} on ${host}:${port} as ${user}`
    throw new DatabaseSetupError(`cannot connect to ${where}: ${messageOf(error)}`, { cause: error })
  }
}

async function checkServer(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ number: number; version: string }>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version
  `.execute(db)
  if (rows[0]) refuseOldServer(rows[0].number, rows[0].version)
}

/**
 * @param number the server's `server_version_num`
 * @param version its `server_version`, for the message
 * @throws {DatabaseSetupError} when it is older than the SQL of this service
 */
export function refuseOldServer(number: number, version: string): void {
  if (number < MINIMUM_SERVER_VERSION) {
    throw new DatabaseSetupError(`PostgreSQL 15 or newer is needed; the server of DATABASE_URL is ${version}`)
  }
}

async function migrate(db: Kysely<unknown>): Promise<void> {
  await refuseDevelopmentDatabase(db)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results } = await migrator.migrateToLatest()
  if (error) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName
    throw new DatabaseSetupError(
      `${failed ? `the migration ${failed} failed` : 'the database cannot be migrated'}: ${messageOf(error)}`,
      { cause: error },
    )
  }
}

/** The first migration of the line of development that had no releases. */
const UNRELEASED = '0001_initial'

/** @throws {DatabaseSetupError} when the database was made before the first release: its schema was written anew since */
async function refuseDevelopmentDatabase(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ table: string | null }>`select to_regclass('kysely_migration')::text as table`.execute(
    db,
  )
  if (rows[0]?.table === null) return
  const { rows: old } = await sql`select from kysely_migration where name = ${UNRELEASED}`.execute(db)
  if (old.length === 0) return
  throw new DatabaseSetupError(
    'the database was made by a development version from before the first release, and cannot be upgraded. ' +
      'Give this version an empty database, or an empty DATA_DIR; to keep the old data, go on with the version that made it',
  )
}

/** The last migration that this build knows: whether it was applied tells whether a database is current. */
export const latestMigration = Object.keys(migrations).at(-1)

/**
 * Creates the queue and the roles: `<database>_service`, which logs in, owns nothing and reaches nothing by itself, and the
 * roles of the scopes, which it may enter. Its password is derived, so that every replica arrives at the same one and none is
 * stored: from the owner's password or, where the owner logs in without one, from `secret`.
 *
 * @returns the connection URL of the service role
 */
async function prepareServiceRole(
  db: Kysely<unknown>,
  pool: pg.Pool,
  ownerUrl: string,
  secret: string,
): Promise<string> {
  const { rows } = await sql<{ database: string }>`select current_database() as database`.execute(db)
  const database = rows[0]?.database ?? ''
  const role = serviceRole(database)
  const password = derivePassword(role, new pg.Client({ connectionString: ownerUrl }).password || secret)
  try {
    await inTurn(db, async (trx) => {
      await installQueue(pool)
      await prepareRoles(trx, database)
    })
  } catch (error) {
    if (error instanceof PowerfulRoleError) throw new DatabaseSetupError(error.message, { cause: error })
    if (!isPrivilegeMissing(error)) throw error
    throw new DatabaseSetupError(
      `cannot make the roles of the service: ${messageOf(error)}. The role of DATABASE_URL must own the database, and may create roles`,
      { cause: error },
    )
  }
  const serviceUrl = withCredentials(ownerUrl, role, password)
  if (!(await canLogIn(serviceUrl, role))) {
    const alter = sql.raw(`alter role ${pg.escapeIdentifier(role)} password ${pg.escapeLiteral(password)}`)
    await inTurn(db, (trx) => alter.execute(trx))
  }
  return serviceUrl
}

function derivePassword(role: string, key: string): string {
  return createHmac('sha256', key).update(`database role ${role}`).digest('base64url')
}

/** As parameters, because they win over the URL's authority part and work without one (`postgres:///name?host=/run/x`). */
function withCredentials(url: string, user: string, password: string): string {
  const result = new URL(url)
  if (result.host) {
    result.username = ''
    result.password = ''
  }
  result.searchParams.set('user', user)
  result.searchParams.set('password', password)
  return result.toString()
}

/** @throws {DatabaseSetupError} when the URL logs in as another role */
async function canLogIn(url: string, role: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    if (isLoginRefused(error)) return false
    throw error
  }
  const { rows } = await client.query<{ name: string }>('select session_user as name')
  await client.end()
  if (rows[0]?.name !== role) throw new DatabaseSetupError(`logged in as ${rows[0]?.name} instead of ${role}`)
  return true
}
