import type { Tenant } from '../../../db/tenant.js'
import type { SecretContext } from '../../secrets/cipher.js'

/** The encryption context of a webhook's sealed values. */
export function webhookSecretContext(
  { userId }: Pick<Tenant, 'userId'>,
  id: string,
  column: 'url' | 'secret' | 'previous_secret',
): SecretContext {
  return { table: 'webhooks', column, userId, id }
}

/** The encryption context of the URL of a delivery without a webhook, also while it waits in `answer_callbacks`. */
export function deliveryUrlContext({ userId }: Pick<Tenant, 'userId'>, id: string): SecretContext {
  return { table: 'webhook_deliveries', column: 'url', userId, id }
}
