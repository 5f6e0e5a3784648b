import type { TLiteral } from '@sinclair/typebox'
import { Ajv, type ErrorObject } from 'ajv'
import { rulesBrokenBy } from './config/rules.js'
import { type Config, ConfigSchema } from './config/schema.js'

export { splitList } from './config/lists.js'
export { isTrustworthyUrl } from './config/rules.js'
export { type Config, ConfigSchema } from './config/schema.js'

/** Unusable settings; the message names each of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the settings. The only place that does.
 *
 * @param environment usually `process.env`
 * @throws {ConfigError} naming every bad variable and its fault; only numbers are shown, since other values may be secrets
 */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.keys(ConfigSchema.properties)
      .map((name) => [name, environment[name]?.trim()])
      .filter(([, value]) => value),
  )
  const beyondSchema = rulesBrokenBy(given, environment['NODE_ENV'] === 'production')
  const ajv = new Ajv({ allErrors: true, verbose: true, coerceTypes: true, useDefaults: true })
  const validate = ajv.compile<Config>(ConfigSchema)
  if (validate(given) && beyondSchema.length === 0) return given
  const complaints = [...(validate.errors ?? []).map(complaint), ...beyondSchema]
  throw new ConfigError(`bad configuration: ${[...new Set(complaints)].join('; ')}`)
}

/** One sentence about one variable. A union gives an error for each of its members; all of them become the same. */
function complaint({ instancePath, message = 'is bad', parentSchema, data }: ErrorObject): string {
  const name = instancePath.slice(1)
  const choices = choicesOf(name)
  if (parentSchema?.['type'] === 'integer') return `${name} ${message}, not ${data}`
  return `${name} ${choices ? `must be one of ${choices.join(', ')}` : message}`
}

function choicesOf(name: string): string[] | undefined {
  const schema = Object.entries(ConfigSchema.properties).find(([property]) => property === name)?.[1]
  return schema && 'anyOf' in schema ? schema.anyOf.map((choice: TLiteral) => String(choice.const)) : undefined
}
