import { type LoggerOptions, pino } from 'pino'

/** What those who work in the background write to. */
export interface Log {
  warn(object: object, message: string): void
}

const CENSOR = '[redacted]'

/** Fields that hold a secret in any object, besides those of webhooks. */
const secretFields = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'token',
  'ticket',
  'access_token',
  'refresh_token',
  'api_key',
  'secret',
  'webhook_api_key',
  'omnara_api_key',
  'x-omnara-api-key',
  'jwtSecret',
  'secretsKeys',
  'connectionString',
]

/** How many objects deep a secret field is looked for: `req.headers.authorization` is two. */
const DEPTHS = ['', '*.', '*.*.']

/**
 * What secrets look like in the middle of a text, such as an error's message: the user information of a URL, query
 * parameters, cookies, API keys, refresh tokens, and JWTs. The first group stays.
 *
 * Lines hold what anybody writes into a URL. So that each takes time in proportion to its length, a pattern begins with
 * what cannot stand again inside of what it goes on with: a JWT with its first dot, a URL with the end of its scheme.
 */
const secretsInText: readonly RegExp[] = [
  /(:\/\/[^\s/?#"':@\\]*:)[^\s/?#"@\\]+(?=@)/g,
  /([?&](?:password|[^=?&\s"\\]*token|ticket)=)[^&\s"\\]+/gi,
  /(signalbox_refresh=)[^;\s"\\]+/g,
  /(\bsbx_[0-9A-Za-z]{8})[0-9A-Za-z]{20,}/g,
  /(\bsbr_)[\w-]{20,}/g,
  /(\.)(?<=\beyJ[\w-]{2,}\.)[\w-]+\.[\w-]*/g,
]

/**
 * Options of every logger of the service. No secret should get as far as a logger; where one does by mistake, it is cut
 * out of known fields, and of each line as it is written.
 *
 * @param level the lowest level that is written
 * @param webhookFields names of the fields of webhooks that may hold secrets
 */
export function loggerOptions(level: string, webhookFields: readonly string[]): LoggerOptions {
  const fields = [...new Set([...secretFields, ...webhookFields])]
  return {
    level,
    redact: { paths: fields.flatMap((field) => DEPTHS.map((depth) => path(depth, field))), censor: CENSOR },
    serializers: { err: serializeError },
    hooks: { streamWrite: withoutSecrets },
  }
}

/** @returns the text with everything cut out that has the form of a secret */
export function withoutSecrets(text: string): string {
  return secretsInText.reduce((result, pattern) => result.replace(pattern, `$1${CENSOR}`), text)
}

/**
 * What an error and its causes say, without what PostgreSQL adds: `detail` and `where` hold values of rows and parameters.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack } = pino.stdSerializers.err(error)
  return { type, message, stack, code: codeOf(error) }
}

function codeOf(error: Error): unknown {
  if ('code' in error) return error.code
  return error.cause instanceof Error ? codeOf(error.cause) : undefined
}

function path(depth: string, field: string): string {
  if (!field.includes('-')) return `${depth}${field}`
  return depth === '' ? `["${field}"]` : `${depth.slice(0, -1)}["${field}"]`
}
