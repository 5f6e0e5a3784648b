import type pg from 'pg'
import { isRecord } from '../errors.js'

/** The role that owns the service's database: no superuser, but it may create roles. */
export const OWNER = 'signalbox_owner'

/** Creates the owner role and its database as far as they are missing. May be interrupted at any point. */
export async function bootstrap(admin: pg.Client, database: string, ownerPassword: string): Promise<void> {
  const { rows } = await admin.query(
    `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role,
            EXISTS (SELECT FROM pg_database WHERE datname = $2) AS database`,
    [OWNER, database],
  )
  const existing: unknown = rows[0]
  if (!isRecord(existing)) throw new Error('PostgreSQL has not said which roles and databases exist')
  // Neither statement takes parameters; CREATE DATABASE has to stand alone.
  if (existing['role'] !== true) {
    await admin.query(`CREATE ROLE ${OWNER} LOGIN CREATEROLE PASSWORD ${admin.escapeLiteral(ownerPassword)}`)
  }
  if (existing['database'] !== true) {
    const name = admin.escapeIdentifier(database)
    await admin.query(`CREATE DATABASE ${name} OWNER ${OWNER} TEMPLATE template0 ENCODING 'UTF8'`)
  }
}
