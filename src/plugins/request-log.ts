import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { pino } from 'pino'

/** Query parameters whose values must not be read by anybody who reads logs. */
const SECRET_PARAMETERS = ['token', 'ticket']

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
          url: safeUrl(request),
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          ip: request.ip,
        },
        'request',
      )
      next()
    })
  },
  { name: 'request-log' },
)

function isInfoWanted(level: string): boolean {
  const { values } = pino.levels
  return (values[level] ?? Number.POSITIVE_INFINITY) <= (values['info'] ?? 0)
}

/** A parameter's name may be percent-encoded, in whole or in part: then it is not found by its letters. */
function safeUrl({ url }: FastifyRequest): string {
  const [path = '', ...rest] = url.split('?')
  if (rest.length === 0) return path
  const parameters = rest.join('?').split('&')
  return `${path}?${parameters.map(withoutSecret).join('&')}`
}

function withoutSecret(parameter: string): string {
  const given = new URLSearchParams(parameter)
  const secret = SECRET_PARAMETERS.find((name) => given.has(name))
  return secret === undefined ? parameter : `${secret}=[redacted]`
}
