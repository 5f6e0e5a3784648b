import { KindGuard, type TObject, type TSchema } from '@sinclair/typebox'
import { invalidField } from '../../errors.js'
import { type JsonLimits, measureJson } from '../../json/measure.js'
import { inexactAsText } from '../../json/numbers.js'
import { isStorableText, storableText } from '../../json/storable-text.js'

/** What models write for an absent value, where no free text is expected, in whatever case and among white space. */
const NOTHING: ReadonlySet<string> = new Set(['', 'null', 'none', 'undefined'])

/** Limits of the JSON in texts, in all messages of a request. Tools take a list of a hundred texts at most. */
const MAX_JSON: JsonLimits = { values: 10_000, fields: 2000, depth: 64 }

const TOO_MUCH: Readonly<Record<keyof JsonLimits, string>> = {
  values: `must not have more than ${MAX_JSON.values} elements and fields, as text`,
  fields: `must not have more than ${MAX_JSON.fields} fields, as text`,
  depth: `must not be nested deeper than ${MAX_JSON.depth} levels`,
}

/** The arguments of a call, parsed leniently. */
export interface ReadArguments {
  readonly args: Record<string, unknown>
  /** The names of the arguments in which characters that cannot be stored were replaced. */
  readonly mended: readonly string[]
}

/** Reads the arguments of the calls in one request. */
export class ArgumentReader {
  /** The limits that are left. */
  #left: JsonLimits = MAX_JSON

  /**
   * Parses the arguments of a call leniently: models write them by hand, and some clients pass every value as text. The
   * result is still to be checked against the schema.
   *
   * @param given the unvalidated arguments of the call
   * @returns the present arguments that the schema names; in their texts, what cannot be stored is replaced
   * @throws {ProblemError} 400 when it is no object, or has more JSON in texts than tools need
   */
  read({ properties }: TObject, given: unknown): ReadArguments {
    const args = this.#asJson('arguments', given) ?? {}
    if (typeof args !== 'object' || Array.isArray(args)) throw invalidField('arguments', 'must be an object')
    const own = new Map<string, unknown>(Object.entries(args))
    const mended = new Set<string>()
    const read = Object.entries(properties).map(([name, schema]) => {
      return [name, this.#readValue(name, schema, own.get(name), () => mended.add(name))] as const
    })
    return { args: Object.fromEntries(read.filter(([, value]) => value !== undefined)), mended: [...mended] }
  }

  /**
   * @param onMend called when a text had what cannot be stored
   * @returns undefined for an absent value; what cannot be parsed is left for validation to report
   */
  #readValue(name: string, schema: TSchema, given: unknown, onMend: () => void): unknown {
    if (given === null || given === undefined) return undefined
    const isFreeText = KindGuard.IsString(schema) && schema.format === undefined
    if (!isFreeText && typeof given === 'string' && NOTHING.has(given.trim().toLowerCase())) return undefined
    if (KindGuard.IsString(schema)) return readText(given, isFreeText, onMend)
    if (KindGuard.IsNumber(schema)) return readNumber(given)
    if (KindGuard.IsArray(schema)) {
      const list = this.#asJson(name, given)
      if (!Array.isArray(list)) return list
      return list.map((item) => this.#readValue(name, schema.items, item, onMend) ?? null)
    }
    return given
  }

  /** @returns the value of a text of JSON; anything else as it is */
  #asJson(name: string, given: unknown): unknown {
    if (typeof given !== 'string') return given
    const { exceeds, values, fields } = measureJson(Buffer.from(given), this.#left)
    if (exceeds) throw invalidField(name, TOO_MUCH[exceeds])
    this.#left = { ...this.#left, values: this.#left.values - values, fields: this.#left.fields - fields }
    try {
      const value: unknown = JSON.parse(given)
      const exact = inexactAsText(given)
      return exact === given ? value : JSON.parse(exact)
    } catch {
      return given
    }
  }
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
