import type { paths } from './generated/openapi.js'

/**
 * Hands out the bearer credential: an access token or an API key. It is asked before each request.
 *
 * @param refused set when the service has refused this credential with a 401: a new one is wanted. Of several requests
 *   that are refused at once, one asks
 * @returns the credential; undefined when there is none, and then the request goes without
 */
export type TokenSource = (refused?: string) => string | undefined | Promise<string | undefined>

/** Sends requests: `fetch`, or a wrapper around it. */
export type Fetch = (request: Request) => Promise<Response>

/** Where people sign in. A 401 from here says that the password is wrong or the session over, not the token. */
const withoutToken = [
  '/api/v1/auth/register',
  '/api/v1/auth/login',
  '/api/v1/auth/refresh',
  '/api/v1/auth/logout',
] as const satisfies (keyof paths)[]

/**
 * Adds the credential to each request. When it is refused, asks for a new one and sends the request once more: a 401 is
 * given before the service does anything, so that is safe for every method.
 */
export function authorizing(send: Fetch, token: string | TokenSource): Fetch {
  const source = typeof token === 'function' ? token : () => token
  let renewal: Promise<string | undefined> | undefined

  return async (request) => {
    if (request.headers.has('authorization') || signsIn(request)) return send(request)
    const current = await source()
    if (current === undefined) return send(request)
    const again = request.clone()
    const response = await send(bearing(request, current))
    if (response.status !== 401) return response
    const renewed = await renew(current)
    if (renewed === undefined || renewed === current) return response
    await response.body?.cancel()
    return send(bearing(again, renewed))
  }

  /** A concurrent request may have renewed it in the meantime. */
  async function renew(refused: string): Promise<string | undefined> {
    const current = await source()
    if (current !== refused) return current
    renewal ??= Promise.resolve(source(refused)).finally(() => {
      renewal = undefined
    })
    return renewal
  }
}

function signsIn({ url }: Request): boolean {
  const { pathname } = new URL(url)
  return withoutToken.some((path) => pathname.endsWith(path))
}

function bearing(request: Request, token: string): Request {
  request.headers.set('authorization', `Bearer ${token}`)
  return request
}
