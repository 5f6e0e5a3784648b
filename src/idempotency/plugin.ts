import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { Database } from '../../db/client.js'
import { bindTenant } from '../actors/request-actor.js'
import { problem } from '../contract/openapi.js'
import { ProblemError, problemBody } from '../errors.js'
import type { Answer } from './answer.js'
import { Idempotency } from './service.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The route creates something, so a repeated request would create it twice: it honours `Idempotency-Key`. Its effect and
     * its answer are one transaction, unless it calls out: then no transaction is held open while the other side answers.
     */
    creates?: boolean | 'at-most-once'
  }
}

/** Milliseconds between sweeps of expired answers. */
const SWEEP_INTERVAL = 10 * 60_000

const headers = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description: 'Makes sending the request again safe: for 24 hours the same key gets the first answer again.',
    }),
  ),
})

const responses = {
  409: problem(409, 'It clashes with what is there, or the first request with this `Idempotency-Key` is under way.'),
  422: problem(422),
}

/** Storage of the answers, and the secret that seals them. */
export interface IdempotencyOptions {
  readonly database: Database
  /** Seals the stored answers. */
  readonly secret: string
}

/** Honours `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header) on every route that creates. */
export const idempotency = fp(
  async (app: FastifyInstance, { database, secret }: IdempotencyOptions) => {
    const service = new Idempotency(secret)

    app.addHook('onRoute', (route: RouteOptions) => {
      if (!route.config?.creates || !route.schema) return
      route.schema.headers = headers
      route.schema.response = { ...responses, ...Object(route.schema.response) }
      const wrap = route.config.creates === 'at-most-once' ? startedOnce : once
      route.handler = wrap(service, route.handler)
    })

    const sweep = () => {
      service.sweep(database).catch((error) => app.log.warn({ err: error }, 'expired answers were not swept'))
    }
    const timer = setInterval(sweep, SWEEP_INTERVAL)
    timer.unref()
    app.addHook('onClose', async () => clearInterval(timer))
  },
  { name: 'idempotency', dependencies: ['request-actor'] },
)

/** Wraps a handler: with a key it runs inside the transaction that stores its answer. */
function once(service: Idempotency, handler: RouteHandlerMethod): RouteHandlerMethod {
  return async function (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    const key = request.headers['idempotency-key']
    if (typeof key !== 'string') return handler.call(this, request, reply)
    const { status, body, replayed } = await service.once(request.tenant, key, request, async (trx) => {
      bindTenant(request, trx)
      const body = await handler.call(this, request, reply)
      return { status: reply.statusCode, body }
    })
    reply.code(status)
    if (replayed) reply.header('idempotency-replayed', 'true')
    return body
  }
}

/** The status of a call that was made and failed, which is stored like other answers. Every other problem precedes the call. */
const FAILED_DEPENDENCY = 424

/** Wraps a handler that calls out: with a key it runs outside any transaction, and its answer is stored afterwards. */
function startedOnce(service: Idempotency, handler: RouteHandlerMethod): RouteHandlerMethod {
  return async function (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    const key = request.headers['idempotency-key']
    if (typeof key !== 'string') return handler.call(this, request, reply)
    const { status, body, replayed } = await service.startOnce(
      request.tenant,
      key,
      request,
      async (): Promise<Answer> => {
        try {
          const body = await handler.call(this, request, reply)
          return { status: reply.statusCode, body }
        } catch (error) {
          if (!(error instanceof ProblemError) || error.status !== FAILED_DEPENDENCY) throw error
          return { status: error.status, body: problemBody(error, request.id) }
        }
      },
    )
    reply.code(status)
    if (status >= 400) reply.type('application/problem+json')
    if (replayed) reply.header('idempotency-replayed', 'true')
    return body
  }
}
