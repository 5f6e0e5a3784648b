import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { Limits } from '../schemas/common.js'
import { requestActor } from './actors/request-actor.js'
import { authentication } from './authentication/plugin.js'
import { restrictTo } from './authentication/restrict-to.js'
import { jsonWebTokens } from './authentication/tokens.js'
import type { Config } from './config.js'
import { splitList } from './config.js'
import { openapi } from './contract/openapi.js'
import { idempotency } from './idempotency/plugin.js'
import { newId } from './ids.js'
import { requestLog } from './logging/request-log.js'
import { RequestLogger } from './logging/request-logger.js'
import * as accounts from './modules/accounts/index.js'
import * as agentInstances from './modules/agent-instances/index.js'
import * as apiKeys from './modules/api-keys/index.js'
import * as billing from './modules/billing/index.js'
import * as events from './modules/events/index.js'
import * as instanceViews from './modules/instance-views/index.js'
import * as mcp from './modules/mcp/index.js'
import * as messages from './modules/messages/index.js'
import * as oidc from './modules/oidc/index.js'
import { systemRoutes } from './modules/system/routes.js'
import * as userAgents from './modules/user-agents/index.js'
import * as webhooks from './modules/webhooks/index.js'
import { body } from './plugins/body.js'
import { type BudgetChanges, byteBudgets } from './plugins/byte-budgets.js'
import { connections } from './plugins/connections.js'
import { contentEncoding } from './plugins/content-encoding.js'
import { crossOrigin } from './plugins/cross-origin.js'
import { answerUnparsable, answerUnroutable, errors } from './plugins/errors.js'
import { inFlight } from './plugins/in-flight.js'
import { loadShedding, type PressureLimits } from './plugins/load-shedding.js'
import { securityHeaders } from './plugins/security-headers.js'
import { serialization } from './plugins/serialization.js'
import { requestLimits, serverLimits, type Timeouts } from './plugins/server-limits.js'
import { proxyWarnings, trustProxy } from './plugins/trust-proxy.js'
import { validation } from './plugins/validation.js'
import { AnonymousLimit, anonymousRequests, preflightLimit } from './rate-limits/anonymous-limit.js'
import type { Routes } from './routes.js'
import { buildServices, type ServiceDependencies, type Services } from './services.js'
import { storageQuota } from './storage/plugin.js'

/** Dependencies and settings of the service. */
export interface Dependencies extends ServiceDependencies {
  readonly config: ServiceDependencies['config'] &
    Pick<Config, 'LEGACY_SIGN_IN' | 'CORS_ORIGINS' | 'TRUST_PROXY' | 'RATE_LIMIT_ANONYMOUS_MAX'>
  readonly logger: FastifyBaseLogger
  /** Overrides of the constants of `server-limits` and `load-shedding`, for tests. */
  readonly timeouts?: Partial<Timeouts>
  readonly pressure?: Partial<PressureLimits>
  /** Overrides of the byte budgets for bodies and answers, for tests. */
  readonly budgets?: BudgetChanges
}

/** A caller's own request id is accepted if it is safe in a log line. */
const REQUEST_ID = /^[\w.:-]{1,128}$/

/**
 * Builds the whole service, in order, without listening.
 *
 * @returns an instance that is ready for `listen` or `inject`, and the services behind its routes
 */
export async function buildApp(dependencies: Dependencies) {
  const { config, database, jwtSecret, logger, timeouts, pressure } = dependencies
  const anonymousLimit = new AnonymousLimit(config.RATE_LIMIT_ANONYMOUS_MAX)
  const { maxParamLength, ...limits } = serverLimits(timeouts)
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: ({ headers: { 'x-request-id': given } }) =>
      typeof given === 'string' && REQUEST_ID.test(given) ? given : newId(),
    childLoggerFactory: (base, bindings, options) => new RequestLogger(() => base.child(bindings, options)),
    clientErrorHandler: answerUnparsable,
    frameworkErrors: answerUnroutable(anonymousLimit),
    // While the service drains, requests on open connections are answered as before, and the connections are closed.
    return503OnClosing: false,
    bodyLimit: Limits.anonymousBody,
    trustProxy: trustProxy(config.TRUST_PROXY),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength },
    ...limits,
  })

  await app.register(inFlight)
  await app.register(requestActor)
  await app.register(requestLog)
  await app.register(connections, { areProxied: trustProxy(config.TRUST_PROXY) !== false })
  await app.register(errors, { anonymousLimit })
  await app.register(securityHeaders, { publicUrl: config.PUBLIC_URL })
  await app.register(proxyWarnings, { setting: config.TRUST_PROXY })
  await app.register(preflightLimit, { limit: anonymousLimit })
  if (config.CORS_ORIGINS) {
    await app.register(crossOrigin, {
      origins: splitList(config.CORS_ORIGINS),
      legacySignIn: config.LEGACY_SIGN_IN === 'on',
    })
  }
  await app.register(anonymousRequests, { limit: anonymousLimit })
  await app.register(requestLimits)
  await app.register(loadShedding, { changes: pressure })
  await app.register(validation)
  await app.register(serialization)
  await app.register(byteBudgets, { changes: dependencies.budgets })
  await app.register(contentEncoding)
  await app.register(body)
  await app.register(openapi)

  await app.register(jsonWebTokens, { secret: jwtSecret })
  const services = await buildServices(app, app.jwt, dependencies)
  await app.register(authentication, {
    ...services,
    authenticators: {
      apiKey: services.apiKeys,
      accessToken: services.accessTokens,
      streamTicket: services.streamTickets,
      openIdToken: services.externalIdentities,
    },
  })
  await app.register(storageQuota, { quota: services.storageQuota })
  await app.register(idempotency, { database, secret: jwtSecret })

  await app.register(systemRoutes, services)
  await app.register(apiRoutes, { prefix: '/api/v1', services, publicUrl: config.PUBLIC_URL })
  if (config.LEGACY_SIGN_IN === 'on') await app.register(accounts.legacySignIn, { prefix: '/auth/v1', ...services })
  await app.register(async (agents: Routes) => {
    restrictTo(agents, { agent: 'agent' })
    const origins = [...splitList(config.CORS_ORIGINS), ...(config.PUBLIC_URL ? [config.PUBLIC_URL] : [])]
    await agents.register(mcp.agentRoutes, { services, origins })
  })
  // These hooks run last to first: after this one come the hooks of what the requests need.
  app.addHook('onClose', () => app.inFlight.done())
  return { app, services }
}

interface ApiOptions {
  readonly services: Services
  readonly publicUrl: string | undefined
}

/** The API by required credential. The group that a route is registered in decides who may call it. */
async function apiRoutes(api: Routes, { services, publicUrl }: ApiOptions): Promise<void> {
  await api.register(accounts.publicRoutes, services)

  await api.register(async (people: Routes) => {
    restrictTo(people, { user: true })
    await people.register(accounts.userRoutes, services)
    await people.register(accounts.sessionRoutes, services)
    await people.register(oidc.userRoutes, services)
    await people.register(apiKeys.userRoutes, services)
    await people.register(billing.userRoutes)
    await people.register(messages.userRoutes, services)
    await people.register(events.userRoutes, services)
    await people.register(instanceViews.userRoutes, services)
    await people.register(agentInstances.userRoutes, services)
    await people.register(userAgents.userRoutes, services)
    await people.register(webhooks.userRoutes, services)
    await people.register(mcp.userRoutes, { publicUrl })
  })

  await api.register(async (agents: Routes) => {
    restrictTo(agents, { agent: 'agent' })
    await agents.register(messages.agentRoutes, services)
    await agents.register(agentInstances.agentRoutes, services)
    await agents.register(accounts.agentRoutes, services)
  })

  await api.register(async (peopleAndAgents: Routes) => {
    restrictTo(peopleAndAgents, { user: true, agent: 'agent' })
    await peopleAndAgents.register(instanceViews.sharedRoutes, services)
    await peopleAndAgents.register(agentInstances.sharedRoutes, services)
  })

  await api.register(async (monitoring: Routes) => {
    restrictTo(monitoring, { user: true, agent: 'read' })
    await monitoring.register(instanceViews.monitoringRoutes, services)
    await monitoring.register(userAgents.monitoringRoutes, services)
  })
}
