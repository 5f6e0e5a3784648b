import type { Tenant } from '../../../db/tenant.js'
import type { SecretContext } from '../../secrets/cipher.js'

/** Where what is sealed of a webhook stands. */
export function webhookSecretContext(
  { userId }: Pick<Tenant, 'userId'>,
  id: string,
  column: 'url' | 'secret' | 'previous_secret',
): SecretContext {
  return { table: 'webhooks', column, userId, id }
}

/** Where the URL of a delivery without a webhook stands, also while it waits in `answer_callbacks` to become one. */
export function deliveryUrlContext({ userId }: Pick<Tenant, 'userId'>, id: string): SecretContext {
  return { table: 'webhook_deliveries', column: 'url', userId, id }
}
