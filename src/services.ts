import type { JWT } from '@fastify/jwt'
import type { Database } from '../db/client.js'
import { AccessTokens, StreamTickets } from './authentication/tokens.js'
import { type Config, splitList } from './config.js'
import { version } from './contract/openapi.js'
import { Revocations } from './credentials/revocations.js'
import type { Lifecycle } from './lifecycle.js'
import * as accounts from './modules/accounts/index.js'
import { buildAgentInstances } from './modules/agent-instances/index.js'
import { ApiKeys } from './modules/api-keys/index.js'
import { type EventsChanges, isUnspecific, startEvents } from './modules/events/index.js'
import { Handoffs, Messages, Offers, Questions } from './modules/messages/index.js'
import { buildExternalIdentities, type OidcConfig } from './modules/oidc/index.js'
import { buildUserAgents } from './modules/user-agents/index.js'
import { buildWebhooks, type WebhookChanges } from './modules/webhooks/index.js'
import type { OutgoingOptions } from './outgoing/caller.js'
import { buildOutgoing } from './outgoing/index.js'
import { buildRateLimits } from './rate-limits/rate-limits.js'
import { SecretCipher } from './secrets/cipher.js'
import { SecretDerivation } from './secrets/derivation.js'
import { StorageQuota } from './storage/quota.js'

/** Dependencies and settings of the services. */
export interface ServiceDependencies {
  readonly config: Pick<
    Config,
    | 'REGISTRATION'
    | 'PUBLIC_URL'
    | 'RATE_LIMIT_MAX'
    | 'RATE_LIMIT_AUTH_MAX'
    | 'RATE_LIMIT_STORE'
    | 'ACCOUNT_QUOTA_BYTES'
    | 'HEARTBEAT_TIMEOUT'
    | 'SILENCE_TIMEOUT'
    | 'NATS_URL'
    | 'GITHUB_API_URL'
    | 'WEBHOOK_ALLOW_NETWORKS'
    | 'WEBHOOK_TIMEOUT_MS'
  > &
    OidcConfig
  readonly database: Database
  /** Signs access tokens; at least 32 characters. */
  readonly jwtSecret: string
  /** Seal secrets in the database: the first one seals, all of them open; 32 bytes each. */
  readonly secretsKeys: readonly Buffer[]
  /** Overrides of the limits on readers and pollers, for tests. */
  readonly events?: EventsChanges | undefined
  /** Overrides of the webhook calls, for tests. */
  readonly outgoing?: Partial<OutgoingOptions> | undefined
  /** Overrides of the event delivery, for tests. */
  readonly webhooks?: WebhookChanges | undefined
}

/** The services that routes use. */
export type Services = Awaited<ReturnType<typeof buildServices>>

/**
 * Builds every service, in the order of their dependencies. Background work starts when the app is ready, and ends with it; the
 * last one built ends first.
 *
 * @param jwt signs and verifies with the service's secret
 */
export async function buildServices(app: Lifecycle, jwt: JWT, dependencies: ServiceDependencies) {
  const { config, database, jwtSecret, secretsKeys } = dependencies

  const handoffs = new Handoffs(app.log)
  app.addHook('onClose', () => handoffs.settled())
  const rateLimits = buildRateLimits(app, { config, database, secret: jwtSecret })
  const storageQuota = new StorageQuota(database, config.ACCOUNT_QUOTA_BYTES)
  const secrets = new SecretCipher(secretsKeys)
  const { events, hub, streams, longPolls } = await startEvents(app, {
    database,
    natsUrl: config.NATS_URL,
    changes: dependencies.events,
  })
  const revocations = new Revocations()
  events.subscribe((hint) => {
    if (isUnspecific(hint)) revocations.note(hint.userId)
  })
  const outgoing = buildOutgoing(app, {
    allowNetworks: splitList(config.WEBHOOK_ALLOW_NETWORKS),
    timeoutMs: config.WEBHOOK_TIMEOUT_MS,
    userAgent: `Signalbox/${version}`,
    ...dependencies.outgoing,
  })

  const apiKeys = new ApiKeys(database, events, revocations)
  const agentInstances = buildAgentInstances(app, {
    database,
    events,
    storageQuota,
    timeouts: {
      withHeartbeats: config.HEARTBEAT_TIMEOUT * 1000,
      without: (config.SILENCE_TIMEOUT || Number.POSITIVE_INFINITY) * 1000,
    },
  })
  const { webhooks, answerCallbacks } = buildWebhooks(app, {
    database,
    outgoing,
    secrets,
    events,
    agentInstances,
    timeout: config.WEBHOOK_TIMEOUT_MS,
    changes: dependencies.webhooks,
  })
  const offers = new Offers()
  app.addHook('onClose', async () => offers.close())
  const messages = new Messages({ database, events, longPolls, agentInstances, answerCallbacks, offers })
  const questions = new Questions({ events, longPolls, agentInstances, messages, offers })
  const { userAgents, launcher } = buildUserAgents({
    settings: { githubApiUrl: config.GITHUB_API_URL },
    instances: agentInstances,
    ...{ messages, apiKeys, events, outgoing, secrets },
  })

  const sessions = new accounts.Sessions({
    database,
    events,
    revocations,
    countRefresh: (sessionId) => rateLimits.countRefresh(sessionId),
    successors: new SecretDerivation(secretsKeys, 'signalbox refresh tokens'),
  })
  const refreshCookie = new accounts.RefreshCookie(config.PUBLIC_URL?.startsWith('https://') ?? false)
  const people = new accounts.Accounts({
    database,
    events,
    sessions,
    limits: rateLimits,
    passwordWork: new accounts.PasswordWork(),
    registration: config.REGISTRATION,
    localAccounts: config.LOCAL_ACCOUNTS,
    discard: (tenant) => webhooks.discard(tenant),
  })
  const externalIdentities = await buildExternalIdentities(app, {
    ...{ config, database, events, revocations },
    verify: jwt.verify,
    cleanup: [
      (tenant, _before, limit) => apiKeys.clearOthers(tenant, limit),
      (tenant, _before, limit) => userAgents.clearOthersWebhooks(tenant, limit),
      (tenant, before, limit) => webhooks.clearOthers(tenant, before, limit),
    ],
  })
  const accessTokens = new AccessTokens(jwt)
  const streamTickets = new StreamTickets(jwt, externalIdentities)

  return {
    ...{ database, secrets, rateLimits, storageQuota, events, hub, streams, longPolls, revocations, handoffs },
    ...{ apiKeys, agentInstances, webhooks, answerCallbacks, offers, messages, questions, userAgents, launcher },
    ...{ sessions, accounts: people, refreshCookie, externalIdentities, accessTokens, streamTickets },
  }
}
