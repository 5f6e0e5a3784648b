import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'

/** Bytes of a secret; the specification wants 24 to 64. */
const SECRET_LENGTH = 32

/** @returns a new secret, in the form that receivers get */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_LENGTH).toString('base64')}`
}

/** What a signature covers. Source: Standard Webhooks, "Signature scheme". */
export interface SignedMessage {
  readonly id: string
  /** Seconds since the epoch: when this attempt is made. Receivers refuse old ones, which prevents replays. */
  readonly timestamp: number
  readonly body: string
}

/**
 * The headers of a message, signed with each of the secrets.
 *
 * Source: Standard Webhooks specification, https://github.com/standard-webhooks/standard-webhooks, "Webhook metadata"
 * and "Signature scheme".
 */
export function signedHeaders(
  { id, timestamp, body }: SignedMessage,
  secrets: readonly string[],
): Record<string, string> {
  const sign = (secret: string) =>
    createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret)}`).join(' '),
  }
}
