import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { pino } from 'pino'
import { knownActor } from '../actors/request-actor.js'

/** Query parameters whose values are secret, and must not reach the log. */
const SECRET_PARAMETERS = ['token', 'ticket']

/** Length of the longest of those names, with each character percent-encoded. */
const LONGEST_NAME = 3 * Math.max(...SECRET_PARAMETERS.map(({ length }) => length))

/** Characters of a URL that are redacted and logged: a longer URL must not cost its length in the log. */
const MAX_LOGGED = 512

/** Logs one line per request, when it is done, and adds the request's id to its answer. */
export const requestLog = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', (request, reply, next) => {
      reply.header('x-request-id', request.id)
      next()
    })
    // Nothing is built for a line below the log's level.
    if (!isInfoWanted(app.log.level)) return
    app.addHook('onResponse', (request, reply, next) => {
      request.log.info(
        {
          method: request.method,
          url: safeUrl(request.url),
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          ip: request.ip,
          ...whoOf(request),
        },
        'request',
      )
      next()
    })
  },
  { name: 'request-log' },
)

/** The actor: a user, or a key by its display prefix. */
function whoOf(request: FastifyRequest): { user_id?: string; key?: string } {
  const actor = knownActor(request)
  if (!actor) return {}
  return actor.kind === 'key' ? { user_id: actor.userId, key: actor.keyPrefix } : { user_id: actor.userId }
}

function isInfoWanted(level: string): boolean {
  const { values } = pino.levels
  return (values[level] ?? Number.POSITIVE_INFINITY) <= (values['info'] ?? 0)
}

/** @returns the loggable part of a URL: its beginning, without credentials */
function safeUrl(url: string): string {
  const [path = '', ...rest] = beginningOf(url).split('?')
  if (rest.length === 0) return path
  const parameters = rest.join('?').split('&')
  return `${path}?${parameters.map(withoutSecret).join('&')}`
}

/** Cuts between two parts: the redaction of log lines would not recognize half a credential. */
function beginningOf(url: string): string {
  if (url.length <= MAX_LOGGED) return url
  const kept = url.slice(0, MAX_LOGGED)
  const end = Math.max(kept.lastIndexOf('/'), kept.lastIndexOf('?'), kept.lastIndexOf('&'))
  return `${kept.slice(0, end + 1)}…`
}

function withoutSecret(parameter: string): string {
  const name = nameOf(parameter)
  return SECRET_PARAMETERS.includes(name) ? `${name}=[redacted]` : parameter
}

/** A parameter's name may be percent-encoded, in whole or in part, so comparing its letters is not enough. */
function nameOf(parameter: string): string {
  const end = parameter.indexOf('=')
  const name = end < 0 ? parameter : parameter.slice(0, end)
  if (name.length > LONGEST_NAME || !name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
