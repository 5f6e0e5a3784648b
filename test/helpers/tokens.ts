import { createHmac, randomUUID } from 'node:crypto'
import { JWT_SECRET, type TestUser } from './app.js'

/**
 * What the service puts into an access token. A claim that is undefined is left out.
 *
 * @param user by id alone: somebody without a session
 */
export function claims(user: string | Pick<TestUser, 'id' | 'sessionId'>, changes: Record<string, unknown> = {}) {
  const now = Math.floor(Date.now() / 1000)
  const { id: sub, sessionId: sid } = typeof user === 'string' ? { id: user, sessionId: randomUUID() } : user
  return { sub, sid, iss: 'signalbox', aud: 'signalbox', iat: now, exp: now + 900, ...changes }
}

/** A JWT made by hand: what the service's own library would refuse to make can be sent to it too. */
export function sign(payload: object, { alg = 'HS256', secret = JWT_SECRET, header = {} } = {}): string {
  const signed = `${encode({ alg, typ: 'JWT', ...header })}.${encode(payload)}`
  const hash = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }[alg]
  return `${signed}.${hash ? createHmac(hash, secret).update(signed).digest('base64url') : ''}`
}

export function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
