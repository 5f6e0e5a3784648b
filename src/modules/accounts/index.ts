import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { isUnspecific } from '../events/events.js'
import { Accounts } from './service.js'

declare module 'fastify' {
  interface FastifyInstance {
    readonly accounts: Accounts
    /** Callers reach the service by https, so cookies are for https only. */
    readonly secureCookies: boolean
  }
}

export { agentRoutes, publicRoutes, userRoutes } from './routes.js'

export interface AccountsOptions {
  readonly registration: 'open' | 'closed'
  readonly localAccounts: 'on' | 'off'
  readonly publicUrl: string | undefined
}

export const accounts = fp(
  async (app: FastifyInstance, { registration, localAccounts, publicUrl }: AccountsOptions) => {
    const accounts = new Accounts(app.database, app.events, registration, localAccounts, (tenant) =>
      app.webhooks.discard(tenant),
    )
    app.decorate('accounts', accounts)
    app.events.subscribe((news) => {
      if (isUnspecific(news)) accounts.forget()
    })
    app.decorate('secureCookies', publicUrl?.startsWith('https://') ?? false)
  },
  { name: 'accounts', dependencies: ['database', 'authentication', 'events'] },
)
