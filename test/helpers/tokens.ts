import { createHmac, randomUUID } from 'node:crypto'
import { JWT_SECRET, type TestUser } from './app.js'

/**
 * The claims of an access token of the service. Undefined claims are left out.
 *
 * @param user an id alone: a user without a session
 */
export function claims(user: string | Pick<TestUser, 'id' | 'sessionId'>, changes: Record<string, unknown> = {}) {
  const now = Math.floor(Date.now() / 1000)
  const { id: sub, sessionId: sid } = typeof user === 'string' ? { id: user, sessionId: randomUUID() } : user
  return { sub, sid, iss: 'signalbox', aud: 'signalbox', iat: now, exp: now + 900, ...changes }
}

/** A JWT made by hand, to send what the service's own library would refuse to create. */
export function sign(payload: object, { alg = 'HS256', secret = JWT_SECRET, header = {} } = {}): string {
  const signed = `${encode({ alg, typ: 'JWT', ...header })}.${encode(payload)}`
  const hash = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }[alg]
  return `${signed}.${hash ? createHmac(hash, secret).update(signed).digest('base64url') : ''}`
}

export function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
