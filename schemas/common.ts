import { type SchemaOptions, type Static, type TSchema, Type } from '@sinclair/typebox'

/**
 * A shared schema: it has an `$id`, under which it stands in the OpenAPI document's components, and an example.
 *
 * @param id the component's name, in PascalCase
 * @param schema the schema itself
 * @param example a valid value, shown to readers of the document
 */
export function component<T extends TSchema>(id: string, schema: T, example: unknown): T & { $id: string } {
  return { ...schema, $id: id, examples: [example] }
}

/** A reference to a shared schema that keeps its static type. */
export function ref<T extends TSchema & { $id: string }>(schema: T, options?: SchemaOptions) {
  return Type.Unsafe<Static<T>>({ ...options, $ref: `${schema.$id}#` })
}

/** A primitive that may be null, as JSON Schema's list of types: unlike `anyOf` it serializes at full speed. */
export function nullable<T extends TSchema>(schema: T) {
  const { type, ...rest } = schema
  if (typeof type !== 'string') throw new TypeError('nullable() takes a schema of one primitive type')
  return Type.Unsafe<Static<T> | null>({ ...rest, type: [type, 'null'] })
}

const UNDESCRIBED = Symbol('undescribed')

/** Another name of a parameter: it is checked like any, but the contract leaves it out. */
export function undescribed<T extends TSchema>(schema: T): T {
  return { ...schema, [UNDESCRIBED]: true }
}

/** Whether the contract has this parameter; see `undescribed`. */
export function isDescribed(schema: object): boolean {
  return !(UNDESCRIBED in schema)
}

const MENDED = Symbol('mended')

/** A text, or an object of texts, that is kept whatever it holds: what cannot be stored of it is replaced, not refused. */
export function mended<T extends TSchema>(schema: T): T {
  return { ...schema, [MENDED]: true }
}

/** Whether what cannot be stored is replaced in this field; see `mended`. */
export function isMended(schema: object): boolean {
  return MENDED in schema
}

/** A field of a legacy request that clients leave out or send as null. */
export function legacyOptional<T extends TSchema>(schema: T) {
  return Type.Optional(nullable(schema))
}

/** One of a fixed set of strings, as `enum`. */
export function stringEnum<const V extends readonly string[]>(values: V, options?: SchemaOptions) {
  return Type.Unsafe<V[number]>({ ...options, type: 'string', enum: [...values] })
}

/** A UUID of any version, in any case. */
export const Uuid = (description: string) => Type.String({ format: 'uuid', description })

/** RFC 3339, UTC, milliseconds. Handlers give a Date; the serializer writes it. */
export const Timestamp = (description: string) =>
  Type.Unsafe<Date>({ type: 'string', format: 'date-time', description })

/** As `Timestamp`, or null. */
export const NullableTimestamp = (description: string) =>
  Type.Unsafe<Date | null>({ type: ['string', 'null'], format: 'date-time', description })

/** A JSON object whose content is the caller's own, or null. */
export const NullableJsonObject = (description: string) =>
  Type.Unsafe<Record<string, unknown> | null>({ type: ['object', 'null'], additionalProperties: true, description })

/** A body of one of our own routes: unknown fields are refused. Legacy bodies ignore them instead. */
export const strict = { additionalProperties: false } as const

/** How long, how large and how many. Characters, bytes or items, as each says. */
export const Limits = {
  /** Characters in a name or a label. */
  name: 255,
  /** Characters in an e-mail address (RFC 5321, section 4.5.3.1.3, less the angle brackets). */
  email: 254,
  /** Items on one page of a list. */
  page: 200,
  /** Runs in a list that nobody asked a page of: about as many as fit into an answer, with the beginnings of their last messages. */
  runs: 1000,
  /** Choices of one question, and characters of each. */
  options: 100,
  option: 1000,
  /** Bytes in a request body, git diff not counted. */
  body: 1024 * 1024,
  /** Bytes in the body of a request that needs no credentials, and of one that links an identity by its token. */
  anonymousBody: 4 * 1024,
  identityBody: 20 * 1024,
  /** Bytes of what is attached to a message, as JSON. */
  metadata: 64 * 1024,
  /** Bytes of messages that one answer holds, unless a single one has more. */
  answer: 4 * 1024 * 1024,
  /** Bytes in a git diff, after decoding base64. */
  gitDiff: 8 * 1024 * 1024,
} as const

/** A name or a label, on which there is no other demand than its length. */
export const Name = (description: string) => Type.String({ minLength: 1, maxLength: Limits.name, description })

/** The path parameter of a route about one thing. @param what the thing, as people call it */
export const IdParams = (what: string) => Type.Object({ id: Uuid(`The id of the ${what}.`) })

/** How many items a page has at most. */
export const PageLimit = Type.Integer({
  minimum: 1,
  maximum: Limits.page,
  default: 50,
  description: `How many items to return at most (1 to ${Limits.page}).`,
})

/** Where a page begins. */
export const Cursor = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Where the page begins: taken from the `Link` header of the page before. Opaque.',
})

/** Query of a list that is read page by page. */
export const PageQuery = Type.Object({ limit: Type.Optional(PageLimit), cursor: Type.Optional(Cursor) })

/** As `PageQuery`, for lists that clients of the first generation read in one piece. */
export const InstancePageQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Limits.page,
      description:
        `How many items to return at most (1 to ${Limits.page}). Left out, the page that a \`cursor\` begins has 50, and ` +
        `without a \`cursor\` there are up to ${Limits.runs}.`,
    }),
  ),
  cursor: Type.Optional(Cursor),
})

/** Response headers of a list. */
export const pageHeaders = {
  Link: { type: 'string', description: 'The next page, as `<url>; rel="next"` (RFC 8288). Absent on the last page.' },
} as const

/** Answer: it was done; there is nothing to show. */
export const Acknowledgement = component(
  'Acknowledgement',
  Type.Object({ message: Type.String({ description: 'What was done, for people.' }) }),
  { message: 'Done' },
)
