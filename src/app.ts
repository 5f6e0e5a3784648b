import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import type { Database } from '../db/client.js'
import { Limits } from '../schemas/common.js'
import { authentication, restrictTo } from './authentication/restrict-to.js'
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
import * as mcp from './modules/mcp/index.js'
import * as messages from './modules/messages/index.js'
import * as oidc from './modules/oidc/index.js'
import { systemRoutes } from './modules/system/routes.js'
import * as userAgents from './modules/user-agents/index.js'
import * as webhooks from './modules/webhooks/index.js'
import type { OutgoingOptions } from './outgoing/caller.js'
import { type OutgoingConfig, outgoing } from './outgoing/index.js'
import { body } from './plugins/body.js'
import { type BudgetChanges, byteBudgets } from './plugins/byte-budgets.js'
import { connections } from './plugins/connections.js'
import { contentEncoding } from './plugins/content-encoding.js'
import { crossOrigin } from './plugins/cross-origin.js'
import { database } from './plugins/database.js'
import { answerUnparsable, answerUnroutable, errors } from './plugins/errors.js'
import { handoffs } from './plugins/handoffs.js'
import { inFlight } from './plugins/in-flight.js'
import { loadShedding, type PressureLimits } from './plugins/load-shedding.js'
import { revocations } from './plugins/revocations.js'
import { securityHeaders } from './plugins/security-headers.js'
import { serialization } from './plugins/serialization.js'
import { requestLimits, serverLimits, type Timeouts } from './plugins/server-limits.js'
import { proxyWarnings, trustProxy } from './plugins/trust-proxy.js'
import { validation } from './plugins/validation.js'
import { anonymousLimit, anonymousRequests } from './rate-limits/anonymous-limit.js'
import { rateLimits } from './rate-limits/rate-limits.js'
import type { Routes } from './routes.js'
import { secrets } from './secrets/index.js'
import { storageQuota } from './storage/plugin.js'

/** What the service is built from. */
export interface Dependencies {
  readonly config: Pick<
    Config,
    | 'REGISTRATION'
    | 'LEGACY_SIGN_IN'
    | 'PUBLIC_URL'
    | 'CORS_ORIGINS'
    | 'TRUST_PROXY'
    | 'RATE_LIMIT_MAX'
    | 'RATE_LIMIT_ANONYMOUS_MAX'
    | 'RATE_LIMIT_AUTH_MAX'
    | 'RATE_LIMIT_STORE'
    | 'ACCOUNT_QUOTA_BYTES'
    | 'HEARTBEAT_TIMEOUT'
    | 'SILENCE_TIMEOUT'
    | 'NATS_URL'
    | 'GITHUB_API_URL'
  > &
    oidc.OidcOptions &
    OutgoingConfig
  readonly database: Database
  /** Signs access tokens; at least 32 characters. */
  readonly jwtSecret: string
  /** Seal what is secret in the database: the first one seals, all of them open; 32 bytes each. */
  readonly secretsKeys: readonly Buffer[]
  readonly logger: FastifyBaseLogger
  /** Changes to the constants of `server-limits` and `load-shedding`, for tests. */
  readonly timeouts?: Partial<Timeouts>
  readonly pressure?: Partial<PressureLimits>
  /** Changes to how many bytes of bodies and answers may be under way, for tests. */
  readonly budgets?: BudgetChanges
  /** Changes to how many may watch and wait, for tests. */
  readonly events?: events.EventsChanges
  /** Changes to how webhooks are called, for tests. */
  readonly outgoing?: Partial<OutgoingOptions>
  /** Changes to how events are delivered, for tests. */
  readonly webhooks?: webhooks.WebhookChanges
}

/** A caller's own id for a request is taken over if it can stand in a log line as it is. */
const REQUEST_ID = /^[\w.:-]{1,128}$/

/**
 * Builds the whole service, in order. It is not listening yet.
 *
 * @returns an instance that is ready for `listen` or `inject`
 */
export async function buildApp(dependencies: Dependencies) {
  const { config, database: db, jwtSecret, logger, timeouts, pressure } = dependencies
  const { maxParamLength, ...limits } = serverLimits(timeouts)
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: ({ headers: { 'x-request-id': given } }) =>
      typeof given === 'string' && REQUEST_ID.test(given) ? given : newId(),
    childLoggerFactory: (base, bindings, options) => new RequestLogger(() => base.child(bindings, options)),
    clientErrorHandler: answerUnparsable,
    frameworkErrors: answerUnroutable,
    // While the service drains, what still comes in on open connections is answered like before, and they are closed.
    return503OnClosing: false,
    bodyLimit: Limits.anonymousBody,
    trustProxy: trustProxy(config.TRUST_PROXY),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength },
    ...limits,
  })

  await app.register(inFlight)
  await app.register(requestLog)
  await app.register(connections, { areProxied: trustProxy(config.TRUST_PROXY) !== false })
  await app.register(errors)
  await app.register(securityHeaders, { publicUrl: config.PUBLIC_URL })
  await app.register(proxyWarnings, { setting: config.TRUST_PROXY })
  await app.register(anonymousLimit, { max: config.RATE_LIMIT_ANONYMOUS_MAX })
  if (config.CORS_ORIGINS) {
    await app.register(crossOrigin, {
      origins: splitList(config.CORS_ORIGINS),
      legacySignIn: config.LEGACY_SIGN_IN === 'on',
    })
  }
  await app.register(anonymousRequests)
  await app.register(requestLimits)
  await app.register(loadShedding, { changes: pressure })
  await app.register(validation)
  await app.register(serialization)
  await app.register(byteBudgets, { changes: dependencies.budgets })
  await app.register(contentEncoding)
  await app.register(body)
  await app.register(openapi)

  await app.register(database, { database: db })
  await app.register(handoffs)
  await app.register(rateLimits, { config, secret: jwtSecret })
  await app.register(authentication, { secret: jwtSecret })
  await app.register(storageQuota, { max: config.ACCOUNT_QUOTA_BYTES })
  await app.register(idempotency, { secret: jwtSecret })
  await app.register(events.events, { natsUrl: config.NATS_URL, changes: dependencies.events })
  await app.register(revocations)
  await app.register(secrets, { keys: dependencies.secretsKeys })
  await app.register(outgoing, { config, changes: dependencies.outgoing })
  await app.register(accounts.accounts, {
    registration: config.REGISTRATION,
    localAccounts: config.LOCAL_ACCOUNTS,
    publicUrl: config.PUBLIC_URL,
  })
  await app.register(oidc.oidc, config)
  await app.register(apiKeys.apiKeys)
  await app.register(agentInstances.agentInstances, {
    timeouts: {
      withHeartbeats: config.HEARTBEAT_TIMEOUT * 1000,
      without: (config.SILENCE_TIMEOUT || Number.POSITIVE_INFINITY) * 1000,
    },
  })
  await app.register(webhooks.webhooks, { timeout: config.WEBHOOK_TIMEOUT_MS, changes: dependencies.webhooks })
  await app.register(messages.messages)
  await app.register(userAgents.userAgents, { githubApiUrl: config.GITHUB_API_URL })

  await app.register(systemRoutes)
  await app.register(apiRoutes, { prefix: '/api/v1', publicUrl: config.PUBLIC_URL })
  if (config.LEGACY_SIGN_IN === 'on') await app.register(accounts.legacySignIn, { prefix: '/auth/v1' })
  await app.register(async (agents: Routes) => {
    restrictTo(agents, { agent: 'agent' })
    const origins = [...splitList(config.CORS_ORIGINS), ...(config.PUBLIC_URL ? [config.PUBLIC_URL] : [])]
    await agents.register(mcp.agentRoutes, { origins })
  })
  // These hooks run last to first: after this one, those of what the requests need.
  app.addHook('onClose', () => app.inFlight.done())
  return app
}

/** The API by who may call. A route's wall is the scope it stands in. */
async function apiRoutes(api: Routes, { publicUrl }: { publicUrl: string | undefined }): Promise<void> {
  await api.register(accounts.publicRoutes)

  await api.register(async (people: Routes) => {
    restrictTo(people, { user: true })
    await people.register(accounts.userRoutes)
    await people.register(accounts.sessionRoutes)
    await people.register(oidc.userRoutes)
    await people.register(apiKeys.userRoutes)
    await people.register(billing.userRoutes)
    await people.register(messages.userRoutes)
    await people.register(events.userRoutes)
    await people.register(agentInstances.userRoutes)
    await people.register(userAgents.userRoutes)
    await people.register(webhooks.userRoutes)
    await people.register(mcp.userRoutes, { publicUrl })
  })

  await api.register(async (agents: Routes) => {
    restrictTo(agents, { agent: 'agent' })
    await agents.register(messages.agentRoutes)
    await agents.register(agentInstances.agentRoutes)
    await agents.register(accounts.agentRoutes)
  })

  await api.register(async (peopleAndAgents: Routes) => {
    restrictTo(peopleAndAgents, { user: true, agent: 'agent' })
    await peopleAndAgents.register(agentInstances.sharedRoutes)
  })

  await api.register(async (monitoring: Routes) => {
    restrictTo(monitoring, { user: true, agent: 'read' })
    await monitoring.register(agentInstances.monitoringRoutes)
    await monitoring.register(userAgents.monitoringRoutes)
  })
}
