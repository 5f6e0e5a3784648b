import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Config, splitList } from '../../config.js'
import type { ExternalIdentities } from './service.js'
import { TakeoverCleanup } from './takeover-cleanup.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Absent unless an OpenID provider is configured. */
    readonly externalIdentities: ExternalIdentities | undefined
  }
}

export { userRoutes } from './routes.js'

/** The settings that sign-in at an OpenID provider takes. */
export type OidcOptions = Pick<Config, 'OIDC_ISSUER' | 'OIDC_AUDIENCE' | 'LOCAL_ACCOUNTS'>

/** Tokens of an OpenID provider, beside or instead of local accounts. */
export const oidc = fp(
  async (app: FastifyInstance, config: OidcOptions) => {
    const cleanup = new TakeoverCleanup(app.database, app.log, [
      (tenant, _before, limit) => app.apiKeys.clearOthers(tenant, limit),
      (tenant, _before, limit) => app.userAgents.clearOthersWebhooks(tenant, limit),
      (tenant, before, limit) => app.webhooks.clearOthers(tenant, before, limit),
    ])
    app.addHook('onClose', () => cleanup.close())
    app.decorate('externalIdentities', await build(app, config, () => cleanup.start()))
  },
  { name: 'oidc', dependencies: ['database', 'authentication', 'events', 'revocations'] },
)

async function build(
  app: FastifyInstance,
  config: OidcOptions,
  onMoveIn: () => void,
): Promise<ExternalIdentities | undefined> {
  if (!config.OIDC_ISSUER) return undefined
  // Loading jose takes as long as several plugins do; who does not need it should not wait for it.
  const [{ ExternalIdentities }, { OpenIdProvider }] = await Promise.all([
    import('./service.js'),
    import('./provider.js'),
  ])
  return new ExternalIdentities({
    database: app.database,
    events: app.events,
    revocations: app.revocations,
    provider: new OpenIdProvider(config.OIDC_ISSUER),
    audiences: splitList(config.OIDC_AUDIENCE),
    verify: app.jwt.verify,
    localAccounts: config.LOCAL_ACCOUNTS,
    onMoveIn,
  })
}
