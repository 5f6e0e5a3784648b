import { type Config, splitList } from '../../config.js'
import type { Lifecycle } from '../../lifecycle.js'
import type { ExternalIdentities, ExternalIdentitiesOptions } from './service.js'
import { type CleanupStep, TakeoverCleanup } from './takeover-cleanup.js'

export { userRoutes } from './routes.js'

/** The settings of sign-in at an OpenID provider. */
export type OidcConfig = Pick<Config, 'OIDC_ISSUER' | 'OIDC_AUDIENCE' | 'LOCAL_ACCOUNTS'>

/** The dependencies of sign-in at an OpenID provider. */
export interface OidcOptions extends Pick<ExternalIdentitiesOptions, 'database' | 'events' | 'revocations' | 'verify'> {
  readonly config: OidcConfig
  /** Delete what was set up in an account before its owner moved in. */
  readonly cleanup: readonly CleanupStep[]
}

/**
 * Accepts tokens of an OpenID provider, beside or instead of local accounts. Accounts are cleaned up also where no
 * provider is configured any more.
 *
 * @returns undefined unless a provider is configured
 */
export async function buildExternalIdentities(
  app: Lifecycle,
  { config, cleanup: steps, ...others }: OidcOptions,
): Promise<ExternalIdentities | undefined> {
  const cleanup = new TakeoverCleanup(others.database, app.log, steps)
  app.addHook('onClose', () => cleanup.close())
  if (!config.OIDC_ISSUER) return undefined
  // Loading jose takes as long as several plugins do; it is skipped without a provider.
  const [{ ExternalIdentities }, { OpenIdProvider }] = await Promise.all([
    import('./service.js'),
    import('./provider.js'),
  ])
  return new ExternalIdentities({
    ...others,
    provider: new OpenIdProvider(config.OIDC_ISSUER),
    audiences: splitList(config.OIDC_AUDIENCE),
    localAccounts: config.LOCAL_ACCOUNTS,
    onMoveIn: () => cleanup.start(),
  })
}
