import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { pino } from 'pino'
import { knownActor } from '../actors/request-actor.js'

/** Query parameters whose values must not be read by anybody who reads logs. */
const SECRET_PARAMETERS = ['token', 'ticket']

/** Characters of the longest name of those, each of them percent-encoded. */
const LONGEST_NAME = 3 * Math.max(...SECRET_PARAMETERS.map(({ length }) => length))

/** Characters of a URL that are looked at and logged: nobody's request is to cost its length in the log. */
const MAX_LOGGED = 512

/** One line a request, when it is done; and the request's id in its answer. */
export const requestLog = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', (request, reply, next) => {
      reply.header('x-request-id', request.id)
      next()
    })
    // Nothing is put together for a line that nobody wants.
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

/** Who sent it: a user, or a key by what lists show of it. */
function whoOf(request: FastifyRequest): { user_id?: string; key?: string } {
  const actor = knownActor(request)
  if (!actor) return {}
  return actor.kind === 'key' ? { user_id: actor.userId, key: actor.keyPrefix } : { user_id: actor.userId }
}

function isInfoWanted(level: string): boolean {
  const { values } = pino.levels
  return (values[level] ?? Number.POSITIVE_INFINITY) <= (values['info'] ?? 0)
}

/** @returns what may be logged of a URL: its beginning, without credentials */
function safeUrl(url: string): string {
  const [path = '', ...rest] = beginningOf(url).split('?')
  if (rest.length === 0) return path
  const parameters = rest.join('?').split('&')
  return `${path}?${parameters.map(withoutSecret).join('&')}`
}

/** Cut between two parts: half a credential would not be known for one by whoever cuts them out of log lines. */
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

/** A parameter's name may be percent-encoded, in whole or in part: then it is not found by its letters. */
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
