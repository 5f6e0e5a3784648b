import createClient from 'openapi-fetch'
import type { Fetch, TokenSource } from './credentials.js'
import type { paths } from './generated/openapi.js'
import { asError, withProblem } from './problem.js'

/** A person's session in a browser. */
export interface CookieSession {
  /** For `createSignalboxClient`. Gets a new access token with the refresh cookie when there is none or it is refused. */
  readonly token: TokenSource
  /** Call it with the `access_token` that signing in or registering gave. */
  start(accessToken: string): void
  /** Call it after signing out. */
  end(): void
}

/** How a session by cookie finds its service. */
export interface CookieSessionOptions {
  /** As for `createSignalboxClient`. */
  readonly baseUrl: string
  readonly fetch?: Fetch | undefined
  /** Called when the session has ended: the person has to sign in again. */
  readonly onSignedOut?: (() => void) | undefined
}

/**
 * Keeps a person signed in. The access token stays in memory; the refresh token is in a cookie that scripts cannot read.
 * After a reload the first request gets an access token with the cookie.
 */
export function cookieSession({ baseUrl, fetch = defaultFetch, onSignedOut }: CookieSessionOptions): CookieSession {
  const client = createClient<paths>({ baseUrl, credentials: 'include', fetch })
  client.use({ onResponse: ({ response }) => withProblem(response) })
  let accessToken: string | undefined
  let isOver = false
  let refreshing: Promise<string | undefined> | undefined

  return { token, start: (token) => become(token), end: () => become(undefined) }

  function token(refused?: string): string | undefined | Promise<string | undefined> {
    if (accessToken !== undefined && accessToken !== refused) return accessToken
    if (isOver) return undefined
    refreshing ??= oneTabAtATime(refresh).finally(() => {
      refreshing = undefined
    })
    return refreshing
  }

  /** @throws when the service cannot be reached: that says nothing about the session */
  async function refresh(): Promise<string | undefined> {
    const before = accessToken
    const { data, error, response } = await client.POST('/api/v1/auth/refresh')
    // Signing in or out in the meantime takes precedence.
    if (isOver || accessToken !== before) return accessToken
    if (error && response.status !== 401) throw asError(error, response)
    become(data?.access_token)
    if (isOver) onSignedOut?.()
    return accessToken
  }

  function become(token: string | undefined): void {
    accessToken = token
    isOver = token === undefined
  }
}

/**
 * Showing a refresh token twice ends the session. All tabs share the cookie, so they take turns; browsers offer locks only to
 * pages served over HTTPS or from localhost.
 */
async function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  const locks: LockManager | undefined = globalThis.navigator?.locks
  return locks ? await locks.request('signalbox-refresh', work) : work()
}

/** Looked up at each call, so that a later wrapper or replacement of the global one is used. */
export const defaultFetch: Fetch = (request) => globalThis.fetch(request)
