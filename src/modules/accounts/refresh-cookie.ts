import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { REFRESH_TOKEN_LIFETIME, REFRESH_TOKEN_PREFIX } from './sessions.js'

/** For plain http, which browsers take no `__Host-` cookies by. */
const PLAIN = 'signalbox_refresh'
const PLAIN_PATH = '/api/v1/auth'

/**
 * For https. Browsers let no other host, not even a subdomain, set a cookie of that name, so nobody is signed in to
 * somebody else's account by it. It has to be sent with every path. Source: RFC 6265bis, section 4.1.3.2.
 */
const HOST_ONLY = '__Host-signalbox_refresh'

/**
 * @returns the refresh token that a browser sends. Over https a cookie of the old name is read as well if its token is of
 * the old form: those were made before there was the new name, so none is good for longer than 30 days after that
 */
export function readRefreshCookie({ cookies, protocol, server }: FastifyRequest): string | undefined {
  const plain = cookies[PLAIN]
  if (!isSecure(server, protocol)) return plain
  return cookies[HOST_ONLY] ?? (plain?.startsWith(REFRESH_TOKEN_PREFIX) ? undefined : plain)
}

/**
 * Hands the browser a refresh token, under the name that fits the connection, and removes the cookie of the old name.
 */
export function setRefreshCookie(reply: FastifyReply, refreshToken: string): void {
  const common = { httpOnly: true, sameSite: 'strict', maxAge: REFRESH_TOKEN_LIFETIME } as const
  if (isSecure(reply.server, reply.request.protocol)) {
    reply.setCookie(HOST_ONLY, refreshToken, { ...common, path: '/', secure: true })
    if (isSent(reply, PLAIN)) reply.clearCookie(PLAIN, { path: PLAIN_PATH })
  } else reply.setCookie(PLAIN, refreshToken, { ...common, path: PLAIN_PATH })
}

/** Has the browser forget its refresh token, whatever its cookie is called. */
export function clearRefreshCookie(reply: FastifyReply): void {
  if (isSecure(reply.server, reply.request.protocol)) {
    reply.clearCookie(HOST_ONLY, { path: '/', secure: true })
    if (!isSent(reply, PLAIN)) return
  }
  reply.clearCookie(PLAIN, { path: PLAIN_PATH })
}

function isSent({ request }: FastifyReply, name: string): boolean {
  return request.cookies[name] !== undefined
}

function isSecure({ secureCookies }: FastifyInstance, protocol: string): boolean {
  return secureCookies || protocol === 'https'
}
