import { KindGuard, type TSchema } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { isMended } from '../../schemas/common.js'
import { components } from '../../schemas/index.js'
import { ProblemError } from '../errors.js'
import { isStorableText, storableText } from '../text.js'

const componentOf: ReadonlyMap<string, TSchema> = new Map(components.map((schema) => [`${schema.$id}#`, schema]))

/** @returns the schema of the body that a request's route takes; undefined where it takes none, or looks after it itself */
export function bodySchemaOf({ routeOptions }: FastifyRequest): TSchema | undefined {
  const body: unknown = routeOptions.schema?.body
  if (KindGuard.IsUnsafe(body)) return componentOf.get(String(body['$ref']))
  return KindGuard.IsSchema(body) ? body : undefined
}

/** @returns whether a body may have a field that the route does not know and does nothing with, as legacy ones do */
export function isIgnoredField(schema: TSchema | undefined, name: string): boolean {
  return KindGuard.IsObject(schema) && !Object.hasOwn(schema.properties, name) && schema.additionalProperties !== true
}

/** @param what is too large about it, to be read before what to cut. @returns the 413 */
export function bodyTooLarge(request: FastifyRequest, what: string, cause?: unknown): ProblemError {
  return new ProblemError('body_too_large', `${what}: ${whatToCut(bodySchemaOf(request))}`, { cause })
}

/** Fields whose length nothing but that of the body limits. */
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
 * Mends the texts of a body that are to be kept whatever they hold. The body changes.
 *
 * @returns the paths of those that could not have been stored as they were, such as `messages.0.content`
 */
export function mendTexts(schema: TSchema, body: unknown): string[] {
  const paths: string[] = []
  mend(schema, body, [], paths)
  return paths
}

/** Goes where the schema does, and no further. @returns the value, or what stands for it */
function mend(schema: TSchema, value: unknown, path: readonly (string | number)[], paths: string[]): unknown {
  if (typeof value === 'string') {
    if (!isMended(schema) || isStorableText(value)) return value
    paths.push(path.join('.'))
    return storableText(value)
  }
  if (Array.isArray(value)) {
    const { items } = schema
    if (!items) return value
    for (const [index, item] of value.entries()) value[index] = mend(items, item, [...path, index], paths)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, property] of Object.entries<TSchema>(schema['properties'] ?? {})) {
      if (Object.hasOwn(value, name)) {
        Reflect.set(value, name, mend(property, Reflect.get(value, name), [...path, name], paths))
      }
    }
  }
  return value
}
