import type { Migration } from 'kysely'
import * as schema from './0001_schema.js'

/**
 * Every migration by name, in the order of application. An applied migration never changes, and a new one gets the next number:
 * a test compares each with its checksum in checksums.json.
 */
export const migrations: Record<string, Migration> = {
  '0001_schema': schema,
}
