import { type LoggerOptions, pino } from 'pino'

/** The log of background services. */
export interface Log {
  warn(object: object, message: string): void
}

const CENSOR = '[redacted]'

/** Fields that hold a secret in any object, besides the fields of webhooks. */
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

/** How many objects deep a secret field is searched: `req.headers.authorization` is two. */
const DEPTHS = ['', '*.', '*.*.']

/**
 * Patterns of secrets in the middle of a text, such as an error's message: the user information of a URL, query parameters,
 * cookies, API keys, refresh tokens, and JWTs. The first group is kept.
 *
 * Lines hold arbitrary URLs of callers. To take time linear in the length of a line, each pattern begins with something that
 * cannot occur again in its remainder: a JWT with its first dot, a URL with the end of its scheme.
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
 * Options of every logger of the service. No secret should reach a logger; one that does by mistake is redacted in known
 * fields, and in each line as it is written.
 *
 * @param level the lowest level that is logged
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

/** @returns the text with everything redacted that has the form of a secret */
export function withoutSecrets(text: string): string {
  return secretsInText.reduce((result, pattern) => result.replace(pattern, `$1${CENSOR}`), text)
}

/**
 * The messages of an error and its causes, without the additions of PostgreSQL: `detail` and `where` hold values of rows and
 * parameters.
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
