import fc, { type Arbitrary } from 'fast-check'
import type { Contract, Schema } from './contract.js'
import { ID_PLACEHOLDERS, placeholderFor } from './world.js'

/** Strings known to break software: encodings, separators, quoting, templates, other scripts, lengths. */
const hostileStrings = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfffx',
  '\u202eabc\u202c',
  'שלום עולם',
  '\u2028\u2029',
  '\ufeff',
  'e\u0301'.repeat(200),
  '👩‍👩‍👧‍👦'.repeat(30),
  "'; drop table users; --",
  '\\',
  '%_%',
  '%00%ff',
  '../../etc/passwd',
  `\${7*7}`,
  '<script>alert(1)</script>',
  'a\r\nx-injected: 1',
  'null',
  'NaN',
  '-0',
  '1e400',
  '9'.repeat(400),
  'x'.repeat(256),
  'x'.repeat(70_000),
  '00000000-0000-0000-0000-000000000000',
  '0001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
]

const hostileNumbers = [0, -0, -1, 1.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, -(2 ** 63), 1e21, 1e308, 5e-324]

const bytes = fc.string({ unit: 'binary' })

/** Any JSON, with a bias to troublesome kinds. */
export const hostile: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...hostileStrings),
  fc.constantFrom(...hostileNumbers),
  fc.constantFrom(null, true, false, [], {}, [[]], [null]),
  fc.constantFrom(5, 63, 64, 65, 3000).map(nested),
  fc.integer({ min: 1, max: 3000 }).map((length) => Array.from({ length }, (_, i) => i)),
  fc
    .constantFrom('__proto__', 'constructor', 'toString', '', '\0')
    .map((key) => JSON.parse(`{${JSON.stringify(key)}:{"a":1}}`)),
  bytes,
  fc.jsonValue(),
)

/** Text with a bias to the hostile, for fields of text only. */
export const hostileText: Arbitrary<string> = fc.oneof(fc.constantFrom(...hostileStrings), bytes)

function nested(depth: number): unknown {
  let value: unknown = 0
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value }
  return value
}

/**
 * Values that a schema allows, edge cases included.
 *
 * @param known a value that refers to the sender's account
 * @param path the path of the request
 */
export function valid(contract: Contract, schema: Schema, path: string, known?: string): Arbitrary<unknown> {
  const resolved = contract.resolve(schema)
  const any = fc.oneof(...typesOf(resolved).map((type) => ofType(contract, resolved, path, type)))
  return known === undefined ? any : fc.oneof(fc.constant(known), any)
}

/** A valid value with something broken: a field missing, wrong or added, or the whole value replaced. */
export function broken(contract: Contract, schema: Schema, path: string): Arbitrary<unknown> {
  const names = Object.keys(contract.resolve(schema).properties ?? {})
  const name = fc.constantFrom('unknown', ...names)
  const mutation = fc.oneof(
    fc.record({ drop: name }),
    fc.record({ set: name, value: hostile }),
    name.chain((set) => fc.record({ set: fc.constant(set), value: beyond(contract, schema, set) })),
    fc.record({ set: hostileText, value: hostile }),
  )
  const mutated = fc
    .tuple(valid(contract, schema, path), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(mutate)
  return fc.oneof({ weight: 4, arbitrary: mutated }, { weight: 1, arbitrary: hostile })
}

type Mutation = { readonly drop: string } | { readonly set: string; readonly value: unknown }

function mutate([value, mutations]: [unknown, Mutation[]]): unknown {
  const fields = new Map(Object.entries(Object(value)))
  for (const mutation of mutations) {
    if ('drop' in mutation) fields.delete(mutation.drop)
    else fields.set(mutation.set, mutation.value)
  }
  return Object.fromEntries(fields)
}

/** Just outside the limits of a field. */
function beyond(contract: Contract, schema: Schema, field: string): Arbitrary<unknown> {
  const { minLength = 0, maxLength = 0, minimum = 0, maximum = 0 } = contract.resolve(schema).properties?.[field] ?? {}
  return fc.constantFrom('x'.repeat(Math.max(0, minLength - 1)), 'é'.repeat(maxLength + 1), minimum - 1, maximum + 1)
}

function typesOf({ type, anyOf }: Schema): string[] {
  if (anyOf) return ['anyOf']
  return [type ?? 'object'].flat()
}

function ofType(contract: Contract, schema: Schema, path: string, type: string): Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  switch (type) {
    case 'anyOf':
      return fc.oneof(...(schema.anyOf ?? []).map((choice) => valid(contract, choice, path)))
    case 'string':
      return text(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'integer':
    case 'number':
      return integer(schema)
    case 'array':
      return list(contract, schema, path)
    default:
      return object(contract, schema, path)
  }
}

function text({ format, pattern, minLength = 0, maxLength = 300 }: Schema): Arbitrary<string> {
  if (format === 'uuid') return fc.oneof(fc.constantFrom(...ID_PLACEHOLDERS), fc.uuid())
  if (format === 'email') return fc.emailAddress()
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  const edges = fc.constantFrom('x'.repeat(maxLength), '𝔘'.repeat(maxLength), 'x'.repeat(Math.max(1, minLength)))
  return fc.oneof(graphemes(minLength, maxLength), edges)
}

const madeGraphemes = new Map<string, Arbitrary<string>>()

/** Text of a number of graphemes. fast-check goes through the whole alphabet to build one, so each is built once. */
function graphemes(minLength: number, maxLength: number): Arbitrary<string> {
  const key = `${minLength} ${maxLength}`
  const made = madeGraphemes.get(key) ?? fc.string({ unit: 'grapheme', minLength, maxLength })
  madeGraphemes.set(key, made)
  return made
}

function integer({ minimum = -(2 ** 31), maximum = 2 ** 31 }: Schema): Arbitrary<number> {
  return fc.oneof(fc.integer({ min: minimum, max: maximum }), fc.constantFrom(minimum, maximum))
}

function list(
  contract: Contract,
  { items = {}, minItems = 0, maxItems = 5, uniqueItems }: Schema,
  path: string,
): Arbitrary<unknown[]> {
  const item = valid(contract, items, path)
  const possible = contract.resolve(items).enum?.length ?? maxItems
  const length = { minLength: minItems, maxLength: Math.min(maxItems, possible) }
  return uniqueItems ? fc.uniqueArray(item, length) : fc.array(item, length)
}

const anyFields = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })

function object(contract: Contract, { properties, required = [] }: Schema, path: string): Arbitrary<unknown> {
  if (!properties) return anyFields
  const fields = Object.entries(properties).map(([name, schema]) => [
    name,
    valid(contract, schema, path, placeholderFor(name, path)),
  ])
  const model: Record<string, Arbitrary<unknown>> = Object.fromEntries(fields)
  return fc.record(model, { requiredKeys: [...required] })
}
