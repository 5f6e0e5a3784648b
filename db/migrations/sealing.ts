import type { Kysely } from 'kysely'

/** Where a sealed secret stands, and the only place where it opens. See src/secrets/cipher.ts, which does the sealing. */
export interface SealedPlace {
  readonly table: string
  readonly column: string
  readonly userId: string
  readonly id: string
}

/** What a migration needs to seal what was stored in clear so far. */
export interface Sealing {
  seal(plaintext: string, place: SealedPlace): string
  /** @throws Error when it cannot be opened */
  open(sealed: string, place: SealedPlace): string
}

/** A step of the schema. `sealing` is missing where the database is known to hold nothing yet. */
export interface NumberedMigration {
  up(db: Kysely<unknown>, sealing?: Sealing): Promise<void>
}
