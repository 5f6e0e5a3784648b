import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

/** Query parameters whose value must not be read by anybody who reads logs. */
const SECRET_PARAMETER = /([?&]token=)[^&]*/g

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

function safeUrl(request: FastifyRequest): string {
  return request.url.replaceAll(SECRET_PARAMETER, '$1[redacted]')
}
