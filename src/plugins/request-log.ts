import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

/** A query parameter whose value must not be read by anybody who reads logs. */
const SECRET_PARAMETER = 'token'

/** One line a request, when it is done; and the request's id in its answer. */
export const requestLog = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', request.id)
    })
    app.addHook('onResponse', async (request, reply) => {
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
    })
  },
  { name: 'request-log' },
)

/** A parameter's name may be percent-encoded, in whole or in part: then it is not found by its letters. */
function safeUrl({ url }: FastifyRequest): string {
  const [path = '', ...rest] = url.split('?')
  if (rest.length === 0) return path
  const parameters = rest.join('?').split('&')
  return `${path}?${parameters.map((item) => (isSecret(item) ? `${SECRET_PARAMETER}=[redacted]` : item)).join('&')}`
}

function isSecret(parameter: string): boolean {
  return new URLSearchParams(parameter).has(SECRET_PARAMETER)
}
