import { KindGuard, type TObject, type TSchema } from '@sinclair/typebox'
import { invalidField } from '../../errors.js'
import { inexactAsText } from '../../json-numbers.js'
import { isStorableText, storableText } from '../../text.js'

/** What models write for nothing, where no free text is expected, in whatever case and among white space. */
const NOTHING: ReadonlySet<string> = new Set(['', 'null', 'none', 'undefined'])

/** Characters of JSON in a text: as many as a body may have without its values being counted before it is parsed. */
const MAX_JSON = 100_000

export interface ReadArguments {
  readonly args: Record<string, unknown>
  /** The names of those that had what cannot be stored: it was replaced. */
  readonly mended: readonly string[]
}

/**
 * Reads the arguments of a call as they are meant: models write them by hand, and some clients pass everything on as text.
 * They are still to be checked against the schema.
 *
 * @param given what stands in the call, of which nothing is known
 * @returns those arguments that the schema names and that are there, with what cannot be stored in their texts replaced
 * @throws {ProblemError} 400 when it is no object
 */
export function readArguments({ properties }: TObject, given: unknown): ReadArguments {
  const args = asJson(given) ?? {}
  if (typeof args !== 'object' || Array.isArray(args)) throw invalidField('arguments', 'must be an object')
  const own = new Map<string, unknown>(Object.entries(args))
  const mended = new Set<string>()
  const read = Object.entries(properties).map(([name, schema]) => {
    return [name, readValue(schema, own.get(name), () => mended.add(name))] as const
  })
  return { args: Object.fromEntries(read.filter(([, value]) => value !== undefined)), mended: [...mended] }
}

/**
 * @param onMend called when a text had what cannot be stored
 * @returns undefined for nothing; what is not understood is left for the check to name
 */
function readValue(schema: TSchema, given: unknown, onMend: () => void): unknown {
  if (given === null || given === undefined) return undefined
  const isFreeText = KindGuard.IsString(schema) && schema.format === undefined
  if (!isFreeText && typeof given === 'string' && NOTHING.has(given.trim().toLowerCase())) return undefined
  if (KindGuard.IsString(schema)) return readText(given, isFreeText, onMend)
  if (KindGuard.IsNumber(schema)) return readNumber(given)
  if (KindGuard.IsArray(schema)) {
    const list = asJson(given)
    return Array.isArray(list) ? list.map((item) => readValue(schema.items, item, onMend) ?? null) : list
  }
  return given
}

function readText(given: unknown, isFree: boolean, onMend: () => void): unknown {
  if (typeof given === 'number' || typeof given === 'boolean') return String(given)
  if (typeof given !== 'string') return given
  if (isStorableText(given)) return isFree ? given : given.trim()
  onMend()
  return storableText(isFree ? given : given.trim())
}

function readNumber(given: unknown): unknown {
  const number = typeof given === 'string' ? Number(given) : Number.NaN
  return Number.isFinite(number) ? number : given
}

/** @returns what a text of JSON means; anything else as it is */
function asJson(given: unknown): unknown {
  if (typeof given !== 'string' || given.length > MAX_JSON) return given
  try {
    JSON.parse(given)
    return JSON.parse(inexactAsText(given))
  } catch {
    return given
  }
}
