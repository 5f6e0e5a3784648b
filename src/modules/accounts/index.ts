import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { PasswordWork } from './password-work.js'
import { Accounts } from './service.js'
import { Sessions } from './sessions.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly accounts: Accounts
    /** Callers reach the service by https, so cookies are for https only. */
    readonly secureCookies: boolean
  }
}

export { legacySignIn } from './legacy-sign-in.js'
export { agentRoutes, publicRoutes, userRoutes } from './routes.js'
export { sessionRoutes } from './session-routes.js'

/** Settings of the accounts module. */
export interface AccountsOptions {
  readonly registration: 'open' | 'closed'
  readonly localAccounts: 'on' | 'off'
  readonly publicUrl: string | undefined
}

/** Decorates the instance with accounts and their sessions. */
export const accounts = fp(
  async (app: FastifyInstance, { registration, localAccounts, publicUrl }: AccountsOptions) => {
    const { database, events, rateLimits, revocations } = app
    const countRefresh = (sessionId: string) => rateLimits.countRefresh(sessionId)
    const successors = app.deriveSecrets('signalbox refresh tokens')
    const accounts = new Accounts({
      database,
      events,
      sessions: new Sessions({ database, events, revocations, countRefresh, successors }),
      limits: rateLimits,
      passwordWork: new PasswordWork(),
      registration,
      localAccounts,
      discard: (tenant) => app.webhooks.discard(tenant),
    })
    app.decorate('accounts', accounts)
    app.decorate('secureCookies', publicUrl?.startsWith('https://') ?? false)
  },
  { name: 'accounts', dependencies: ['database', 'authentication', 'events', 'rate-limits', 'revocations', 'secrets'] },
)
