import type { FastifyReply, FastifyRequest } from 'fastify'
import { REFRESH_TOKEN_LIFETIME, REFRESH_TOKEN_PREFIX } from './sessions.js'

/** For plain http, where browsers accept no `__Host-` cookies. */
const PLAIN = 'signalbox_refresh'
const PLAIN_PATH = '/api/v1/auth'

/**
 * For https. Browsers let no other host, not even a subdomain, set a cookie of that name, so an attacker's host cannot
 * sign a person in to its own account. It has to be sent with every path. Source: RFC 6265bis, section 4.1.3.2.
 */
const HOST_ONLY = '__Host-signalbox_refresh'

/** The refresh token as a browser cookie. */
export class RefreshCookie {
  readonly #isAlwaysSecure: boolean

  /** @param isAlwaysSecure clients reach the service by https, whatever the protocol of its own connections is */
  constructor(isAlwaysSecure: boolean) {
    this.#isAlwaysSecure = isAlwaysSecure
  }

  /**
   * @returns the refresh token that a browser sends. Over https a cookie of the old name is read as well if its token
   *   is of the old form: those predate the new name, so they expire within 30 days of its introduction
   */
  read({ cookies, protocol }: FastifyRequest): string | undefined {
    const plain = cookies[PLAIN]
    if (!this.#isSecure(protocol)) return plain
    return cookies[HOST_ONLY] ?? (plain?.startsWith(REFRESH_TOKEN_PREFIX) ? undefined : plain)
  }

  /** Stores a refresh token in the browser. */
  set(reply: FastifyReply, refreshToken: string): void {
    const common = { httpOnly: true, sameSite: 'strict', maxAge: REFRESH_TOKEN_LIFETIME } as const
    if (this.#isSecure(reply.request.protocol)) {
      reply.setCookie(HOST_ONLY, refreshToken, { ...common, path: '/', secure: true })
      if (isSent(reply, PLAIN)) reply.clearCookie(PLAIN, { path: PLAIN_PATH })
    } else reply.setCookie(PLAIN, refreshToken, { ...common, path: PLAIN_PATH })
  }

  /** Deletes it from the browser. */
  clear(reply: FastifyReply): void {
    if (this.#isSecure(reply.request.protocol)) {
      reply.clearCookie(HOST_ONLY, { path: '/', secure: true })
      if (!isSent(reply, PLAIN)) return
    }
    reply.clearCookie(PLAIN, { path: PLAIN_PATH })
  }

  #isSecure(protocol: string): boolean {
    return this.#isAlwaysSecure || protocol === 'https'
  }
}

function isSent({ request }: FastifyReply, name: string): boolean {
  return request.cookies[name] !== undefined
}
