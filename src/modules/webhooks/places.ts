import type { Tenant } from '../../../db/tenant.js'
import type { SecretPlace } from '../../secrets/cipher.js'

/** Where what is sealed of a webhook stands. */
export function webhookPlace(
  { userId }: Pick<Tenant, 'userId'>,
  id: string,
  column: 'url' | 'secret' | 'previous_secret',
): SecretPlace {
  return { table: 'webhooks', column, userId, id }
}

/** Where the URL of a delivery without a webhook stands, also while it waits in `answer_callbacks` to become one. */
export function deliveryUrlPlace({ userId }: Pick<Tenant, 'userId'>, id: string): SecretPlace {
  return { table: 'webhook_deliveries', column: 'url', userId, id }
}
