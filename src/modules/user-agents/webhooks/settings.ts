import { SECRET_MASK } from '../../../../schemas/user-agents.js'
import { type FieldProblem, invalidField, ProblemError } from '../../../errors.js'
import type { OutgoingCaller } from '../../../outgoing/caller.js'
import { OutgoingError } from '../../../outgoing/outgoing-error.js'
import type { WebhookTypes } from './registry.js'
import type { WebhookField, WebhookType } from './webhook-type.js'

/** The launch settings of an agent type: the build fields that have a value, secrets in the clear. */
export interface Webhook {
  readonly type: WebhookType
  readonly config: Readonly<Record<string, string>>
}

/** The input of clients of both generations. `undefined`: left out. */
export interface WebhookInput {
  readonly webhook_type?: string | null
  readonly webhook_config?: Record<string, unknown> | null
  readonly webhook_url?: string | null
  readonly webhook_api_key?: string | null
}

/** Checks a URL before it is stored; see `OutgoingCaller.checkUrl`. */
export type UrlPolicy = Pick<OutgoingCaller, 'checkUrl'>

/** The requested settings, whatever the generation. `undefined`: as they are. */
interface Wanted {
  readonly type?: string
  readonly config?: Readonly<Record<string, unknown>>
}

/** The path of a type's fields in errors. */
const CONFIG = 'body.webhook_config'
const FIRST_GENERATION = 'OMNARA_SERVE'

/**
 * @param current the stored webhook
 * @returns the new one; undefined for none
 * @throws {ProblemError} 400 naming each invalid field, never its value
 */
export function changeWebhook(
  current: Webhook | undefined,
  input: WebhookInput,
  { types, outgoing }: { readonly types: WebhookTypes; readonly outgoing: UrlPolicy },
): Webhook | undefined {
  const wanted = wantedBy(input, current)
  if (wanted === 'none') return undefined
  if (wanted.type === undefined && wanted.config === undefined) return current
  const type = typeNamed(wanted.type ?? current?.type.id ?? 'DEFAULT', types)
  const config = merged(type, wanted.config ?? {}, current)
  checkFields(type.build_fields, config, CONFIG, outgoing)
  return { type, config }
}

/** @returns the fields, with defaults for those without a value */
export function withDefaults(fields: readonly WebhookField[], values: Readonly<Record<string, string>>) {
  const defaults = fields.flatMap((field) =>
    field.default === undefined ? [] : [[field.name, field.default] as const],
  )
  return { ...Object.fromEntries(defaults), ...values }
}

/**
 * Validates values against their fields. Those of the type `url` have to pass the policy for outgoing calls.
 *
 * @param where the path of the object that holds the fields
 * @throws {ProblemError} 400 naming every field that is missing or invalid
 */
export function checkFields(
  fields: readonly WebhookField[],
  values: Readonly<Record<string, string>>,
  where: string,
  outgoing: UrlPolicy,
): void {
  const errors = fields.flatMap((field): FieldProblem[] => {
    const message = complaint(field, values[field.name], outgoing)
    return message === undefined ? [] : [{ path: `${where}.${field.name}`, message }]
  })
  if (errors.length === 0) return
  throw new ProblemError('invalid_request', errors.map(({ path, message }) => `${path} ${message}`).join('; '), {
    errors,
  })
}

/**
 * Picks the fields that have a value. Null and blank text count as none: forms send them for empty inputs.
 *
 * @throws {ProblemError} 400 for a value that is not a text
 */
export function givenFields(
  fields: readonly WebhookField[],
  source: Readonly<Record<string, unknown>>,
  where: string,
): Record<string, string> {
  const given: Record<string, string> = {}
  for (const { name } of fields) {
    const value = Object.hasOwn(source, name) ? source[name] : undefined
    if (value === undefined || value === null) continue
    if (typeof value !== 'string') throw invalidField(`${where}.${name}`, 'must be a string')
    if (value.trim() !== '') given[name] = value
  }
  return given
}

/**
 * The first generation knows a URL and a key. A client of it that sends back what it was shown changes nothing: not the
 * type of a webhook that has this URL, nor one that has none to show.
 */
function wantedBy(input: WebhookInput, current: Webhook | undefined): Wanted | 'none' {
  const { webhook_type: type, webhook_config: config, webhook_url: url, webhook_api_key: key } = input
  const hasConfig = config !== undefined && config !== null && Object.keys(config).length > 0
  if (type || hasConfig) {
    const first = { ...(url ? { url } : {}), ...(key ? { api_key: key } : {}) }
    if (url && typeof config?.['url'] === 'string' && config['url'] !== url && url !== current?.config['url']) {
      throw invalidField('body.webhook_url', 'says something else than webhook_config.url')
    }
    return { ...(type ? { type } : {}), config: { ...first, ...config } }
  }
  if (url) {
    const isShown = url === current?.config['url'] && (!key || key === SECRET_MASK)
    return {
      ...(isShown ? {} : { type: FIRST_GENERATION }),
      config: { url, ...(key === undefined ? {} : { api_key: key }) },
    }
  }
  if (type === null || config === null) return 'none'
  if (url !== undefined && current?.config['url'] !== undefined) return 'none'
  if (!key) return key === null && current ? { config: { api_key: null } } : {}
  if (!current) throw invalidField('body.webhook_url', 'is required with webhook_api_key')
  return { config: { api_key: key } }
}

function typeNamed(id: string, types: WebhookTypes): WebhookType {
  const type = types.find(id)
  if (type) return type
  throw invalidField('body.webhook_type', `must be one of ${types.ids.join(', ')}`)
}

/**
 * A webhook that keeps its type keeps the fields that are left out. One of another type keeps the fields that both have
 * if only the type is given, else only secrets that are sent masked.
 */
function merged(type: WebhookType, config: Readonly<Record<string, unknown>>, current: Webhook | undefined) {
  const given = givenFields(type.build_fields, config, CONFIG)
  for (const { name, is_secret } of type.build_fields) {
    if (!is_secret || given[name] !== SECRET_MASK) continue
    const kept = current?.config[name]
    if (kept === undefined) throw invalidField(`${CONFIG}.${name}`, 'has no value to keep: send the secret itself')
    given[name] = kept
  }
  const isAnother = current?.type.id !== type.id && Object.keys(config).length > 0
  if (!current || isAnother) return given
  const known = type.build_fields.map(({ name }) => name)
  const untouched = Object.entries(current.config).filter(
    ([name]) => config[name] === undefined && known.includes(name),
  )
  return { ...Object.fromEntries(untouched), ...given }
}

function complaint(field: WebhookField, value: string | undefined, outgoing: UrlPolicy): string | undefined {
  if (value === undefined) return field.required ? 'is required' : undefined
  if (value.length > 4096 && field.type !== 'text') return 'must not be longer than 4096 characters'
  if (field.options && !field.options.includes(value)) return `must be one of ${field.options.join(', ')}`
  const { validation_regex: pattern } = field
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return `must match ${pattern}`
  return field.check?.(value) ?? (field.type === 'url' ? urlComplaint(value, outgoing) : undefined)
}

/** Whether its address may be called is checked with each call: the operator may allow it later. */
function urlComplaint(url: string, outgoing: UrlPolicy): string | undefined {
  try {
    outgoing.checkUrl(url)
  } catch (error) {
    if (!(error instanceof OutgoingError)) throw error
    if (error.kind === 'url_refused') return error.message.replace(/^The URL /, '')
  }
  return undefined
}
