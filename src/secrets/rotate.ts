import { sql } from 'kysely'
import pg from 'pg'
import { Database } from '../../db/client.js'
import type { TenantTransaction } from '../../db/tenant.js'
import { SecretCipher, SecretUnreadableError } from './cipher.js'

/** A column that holds sealed secrets. */
export interface SealedColumn {
  readonly table: string
  readonly column: string
  /** The table that they are sealed for, if this one is only a staging table. */
  readonly sealedFor?: string
}

/** Every column that holds sealed secrets; its table has `user_id` and `id`. A test finds columns missing here. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'answer_callbacks', column: 'url', sealedFor: 'webhook_deliveries' },
  { table: 'user_agents', column: 'webhook_secrets' },
  { table: 'webhook_deliveries', column: 'url' },
  { table: 'webhooks', column: 'previous_secret' },
  { table: 'webhooks', column: 'secret' },
  { table: 'webhooks', column: 'url' },
]

/** The secrets that a rotation found, counted. */
export interface Rotated {
  /** Secrets that were resealed. */
  readonly rotated: number
  /** Secrets that no key opens; they were left unchanged. */
  readonly unreadable: number
}

/** Milliseconds to wait for a moment in which the table is not in use. */
const LOCK_TIMEOUT = 5000

/**
 * Seals every secret of every tenant with the first key. The service may be running, if it has all the keys.
 *
 * Row-level security is forced, so not even the owner sees rows of tenants. One short transaction lifts that, to read the ids
 * of tenants and nothing else, and is rolled back without a trace; the rows themselves are then changed in the scope of each
 * tenant.
 *
 * @param ownerUrl connection URL of the role that owns the tables
 * @param serviceUrl that of the service's role
 * @param keys the first one seals, all of them open
 */
export async function rotateSecrets(ownerUrl: string, serviceUrl: string, keys: readonly Buffer[]): Promise<Rotated> {
  const cipher = new SecretCipher(keys)
  const database = new Database({ url: serviceUrl, poolMax: 1 })
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  let rotated = 0
  let unreadable = 0
  try {
    for (const column of SEALED_COLUMNS) {
      for (const userId of await tenantsWith(client, column)) {
        const done = await database.tenant(userId).transaction((trx) => rotateTenant(trx, cipher, column))
        rotated += done.rotated
        unreadable += done.unreadable
      }
    }
  } finally {
    await client.end()
    await database.close()
  }
  return { rotated, unreadable }
}

async function tenantsWith(client: pg.Client, { table, column }: { table: string; column: string }): Promise<string[]> {
  const name = pg.escapeIdentifier(table)
  return inTransaction(client, async () => {
    await client.query(`set local lock_timeout = ${LOCK_TIMEOUT}`)
    await client.query(`alter table ${name} no force row level security`)
    const { rows } = await client.query<{ user_id: string }>(
      `select distinct user_id from ${name} where ${pg.escapeIdentifier(column)} is not null`,
    )
    await client.query(`alter table ${name} force row level security`)
    return rows.map(({ user_id }) => user_id)
  })
}

async function rotateTenant(
  trx: TenantTransaction,
  cipher: SecretCipher,
  { table, column, sealedFor }: SealedColumn,
): Promise<Rotated> {
  const { userId } = trx
  const [name, field] = [sql.table(table), sql.ref(column)]
  const { rows } = await sql<{ id: string; sealed: string }>`
    select id, ${field} as sealed from ${name} where user_id = ${userId} and ${field} is not null
    order by id for no key update
  `.execute(trx)
  let rotated = 0
  let unreadable = 0
  for (const { id, sealed } of rows) {
    if (cipher.isCurrent(sealed)) continue
    const context = { table: sealedFor ?? table, column, userId, id }
    const plaintext = openOrNothing(() => cipher.open(sealed, context))
    if (plaintext === undefined) {
      unreadable += 1
      continue
    }
    const resealed = cipher.seal(plaintext, context)
    await sql`update ${name} set ${field} = ${resealed} where user_id = ${userId} and id = ${id}`.execute(trx)
    rotated += 1
  }
  return { rotated, unreadable }
}

function openOrNothing(open: () => string): string | undefined {
  try {
    return open()
  } catch (error) {
    if (error instanceof SecretUnreadableError) return undefined
    throw error
  }
}

async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
