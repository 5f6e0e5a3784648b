import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { problem } from '../contract/openapi.js'
import { quotaExceeded, type StorageQuota } from './quota.js'

/**
 * Refuses to store more for accounts at their quota, on every route that creates. Registered before `idempotency`, so it runs
 * inside of that: a repeated request still gets its stored answer.
 */
export const storageQuota = fp(
  async (app: FastifyInstance, { quota }: { quota: StorageQuota }) => {
    const full = new WeakSet<FastifyRequest>()

    app.addHook('onRoute', (route: RouteOptions) => {
      if (!route.config?.creates || !route.schema) return
      route.schema.response = { 507: problem(507), ...Object(route.schema.response) }
      // Looked up before the handler, which may run inside a transaction.
      route.preHandler = [route.preHandler ?? [], checkQuota].flat()
      route.handler = refuseIfFull(route.handler)
    })

    async function checkQuota(request: FastifyRequest): Promise<void> {
      if (!(await quota.hasRoom(request.tenant.userId))) full.add(request)
    }

    function refuseIfFull(handler: RouteHandlerMethod): RouteHandlerMethod {
      return function (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
        if (full.has(request)) throw quotaExceeded()
        return handler.call(this, request, reply)
      }
    }
  },
  { name: 'storage-quota', dependencies: ['request-actor'] },
)
