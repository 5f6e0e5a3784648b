import pg from 'pg'
import { SecretCipher, SecretUnreadableError } from './cipher.js'

/** A column that holds sealed secrets. */
export interface SealedColumn {
  readonly table: string
  readonly column: string
  /** The table that they are sealed for, if they wait here to be moved there. */
  readonly sealedFor?: string
}

/** Every column that holds sealed secrets; its table has `user_id` and `id`. A test finds those that are missing here. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'answer_callbacks', column: 'url', sealedFor: 'webhook_deliveries' },
  { table: 'user_agents', column: 'webhook_secrets' },
  { table: 'webhook_deliveries', column: 'url' },
  { table: 'webhooks', column: 'previous_secret' },
  { table: 'webhooks', column: 'secret' },
  { table: 'webhooks', column: 'url' },
]

export interface Rotated {
  /** Secrets that were sealed anew. */
  readonly rotated: number
  /** Secrets that none of the keys opens; they were left as they are. */
  readonly unreadable: number
}

/** Milliseconds to wait for a moment in which nobody uses the table. */
const LOCK_TIMEOUT = 5000

/**
 * Seals every secret of every tenant with the first key. The service may be running, if it knows all the keys.
 *
 * Row-level security is forced, so that not even the owner sees what is a tenant's. It takes one short transaction in
 * which it is not, for the ids of tenants and nothing else, and a rollback of which leaves no trace; the rows
 * themselves are then changed in the scope of each tenant.
 *
 * @param ownerUrl connection URL of the role that owns the tables
 * @param keys the first one seals, all of them open
 */
export async function rotateSecrets(ownerUrl: string, keys: readonly Buffer[]): Promise<Rotated> {
  const cipher = new SecretCipher(keys)
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  let rotated = 0
  let unreadable = 0
  try {
    for (const column of SEALED_COLUMNS) {
      for (const userId of await tenantsWith(client, column)) {
        const done = await inTransaction(client, () => rotateTenant(client, cipher, { ...column, userId }))
        rotated += done.rotated
        unreadable += done.unreadable
      }
    }
  } finally {
    await client.end()
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
  client: pg.Client,
  cipher: SecretCipher,
  { table, column, sealedFor, userId }: SealedColumn & { readonly userId: string },
): Promise<Rotated> {
  const [name, field] = [pg.escapeIdentifier(table), pg.escapeIdentifier(column)]
  await client.query(`select set_config('app.user_id', $1, true)`, [userId])
  const { rows } = await client.query<{ id: string; sealed: string }>(
    `select id, ${field} as sealed from ${name} where user_id = $1 and ${field} is not null for update`,
    [userId],
  )
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
    const update = `update ${name} set ${field} = $3 where user_id = $1 and id = $2`
    await client.query(update, [userId, id, cipher.seal(plaintext, context)])
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
