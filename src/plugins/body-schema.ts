import { KindGuard, type TSchema } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { isMended } from '../../schemas/common.js'
import { components } from '../../schemas/index.js'
import { ProblemError } from '../errors.js'
import { isStorableText, storableText } from '../json/storable-text.js'

const componentOf: ReadonlyMap<string, TSchema> = new Map(components.map((schema) => [`${schema.$id}#`, schema]))

/** @returns the schema of the body of a request's route; undefined where the route takes none, or checks it itself */
export function bodySchemaOf({ routeOptions }: FastifyRequest): TSchema | undefined {
  const body: unknown = routeOptions.schema?.body
  if (KindGuard.IsUnsafe(body)) return componentOf.get(String(body['$ref']))
  return KindGuard.IsSchema(body) ? body : undefined
}

/** @returns whether a body may have fields that the route does not know and ignores, as legacy bodies do */
export function isIgnoredField(schema: TSchema | undefined, name: string): boolean {
  return KindGuard.IsObject(schema) && !Object.hasOwn(schema.properties, name) && schema.additionalProperties !== true
}

/** @param what the part that is too large; the message goes on with what to cut. @returns the 413 */
export function bodyTooLarge(request: FastifyRequest, what: string, cause?: unknown): ProblemError {
  return new ProblemError('body_too_large', `${what}: ${whatToCut(bodySchemaOf(request))}`, { cause })
}

/** Fields limited in length only by the body's limit. */
function whatToCut(schema: TSchema | undefined): string {
  const fields: [string, TSchema][] = KindGuard.IsObject(schema) ? Object.entries(schema.properties) : []
  const lists = fields.filter(([, { type }]) => type === 'array').map(([name]) => `send fewer ${name} at once`)
  const texts = fields.filter(([, property]) => mayBeLong(property)).map(([name]) => name)
  const cut = texts.length > 0 || lists.length === 0 ? [`cut ${texts.join(' or ') || 'the longest texts in it'}`] : []
  return [...lists, ...cut].join(', or ')
}

function mayBeLong({ type, maxLength, format, enum: values }: TSchema): boolean {
  const types: unknown[] = [type].flat()
  return types.includes('object') || (types.includes('string') && !maxLength && !format && !values)
}

/**
 * Mends the texts of a body that are stored whatever they hold, and the objects, with all their contents. Mutates the body.
 *
 * @param maxDepth allowed nesting levels; deeper values are left unchanged, to be refused
 * @returns the paths of the texts that could not be stored unchanged, such as `messages.0.content`
 */
export function mendTexts(schema: TSchema, body: unknown, maxDepth: number): string[] {
  const paths: string[] = []
  mend(schema, body, [], { paths, maxDepth })
  return paths
}

interface Mending {
  /** Paths mended so far. */
  readonly paths: string[]
  readonly maxDepth: number
}

/** Follows the schema, and no further. @returns the value, or its replacement */
function mend(schema: TSchema, value: unknown, path: readonly (string | number)[], mending: Mending): unknown {
  if (typeof value === 'string') {
    if (!isMended(schema) || isStorableText(value)) return value
    mending.paths.push(path.join('.'))
    return storableText(value)
  }
  if (isMended(schema) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    let isWhole = true
    const kept = storableValue(value, mending.maxDepth - path.length, () => {
      isWhole = false
    })
    if (!isWhole) mending.paths.push(path.join('.'))
    return kept
  }
  if (Array.isArray(value)) {
    const { items } = schema
    if (!items) return value
    for (const [index, item] of value.entries()) value[index] = mend(items, item, [...path, index], mending)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, property] of Object.entries<TSchema>(schema['properties'] ?? {})) {
      if (Object.hasOwn(value, name)) {
        Reflect.set(value, name, mend(property, Reflect.get(value, name), [...path, name], mending))
      }
    }
  }
  return value
}

/**
 * @param levels allowed nesting levels; deeper values are left unchanged, to be refused
 * @param onMend called for each text, or name of a field, that could not be stored unchanged
 * @returns a copy with U+FFFD for each character that cannot be stored
 */
function storableValue(value: unknown, levels: number, onMend: () => void): unknown {
  const storable = (text: string) => {
    if (isStorableText(text)) return text
    onMend()
    return storableText(text)
  }
  if (typeof value === 'string') return storable(value)
  if (typeof value !== 'object' || value === null || levels === 0) return value
  if (Array.isArray(value)) return value.map((item) => storableValue(item, levels - 1, onMend))
  const fields = Object.entries(value).map(([name, child]) => [
    storable(name),
    storableValue(child, levels - 1, onMend),
  ])
  return Object.fromEntries(fields)
}
