import { createHmac } from 'node:crypto'
import { JWT_SECRET } from './app.js'

/** A JWT made by hand (RFC 7519), so that tests can make bad ones. Valid unless something is changed. */
export function makeToken(sub: string, { claims = {}, header = {}, secret = JWT_SECRET }: TokenChanges = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const payload = { sub, iss: 'signalbox', aud: 'signalbox', iat: now, exp: now + 60, ...claims }
  const signed = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(payload)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

interface TokenChanges {
  readonly claims?: object
  readonly header?: object
  readonly secret?: string
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
