// @types/pg leaves out what a custom query object needs (https://node-postgres.com, "Submittable" interface).
declare module 'pg/lib/utils' {
  /** Turns a JavaScript value into what the wire protocol sends: text, bytes, or null. */
  export function prepareValue(value: unknown): string | Buffer | null
}
