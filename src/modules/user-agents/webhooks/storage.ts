import { SECRET_MASK } from '../../../../schemas/user-agents.js'
import { type SecretCipher, type SecretContext, SecretUnreadableError } from '../../../secrets/cipher.js'
import type { WebhookTypes } from './registry.js'
import type { Webhook } from './settings.js'
import { isSealed, type WebhookType } from './webhook-type.js'

/** A webhook as its row stores it. Sealed fields have the mask in `webhook_config`. */
export interface StoredWebhook {
  readonly webhook_type: string | null
  readonly webhook_config: unknown
  readonly webhook_secrets: string | null
}

/** Converts webhooks to their stored form, and back. */
export class WebhookStorage {
  readonly #cipher: SecretCipher
  readonly #types: WebhookTypes

  constructor(cipher: SecretCipher, types: WebhookTypes) {
    this.#cipher = cipher
    this.#types = types
  }

  /** @param id UUID of the agent type @returns the columns of its row; nulls for no webhook */
  seal(userId: string, id: string, webhook: Webhook | undefined) {
    if (!webhook) return { webhook_type: null, webhook_config: null, webhook_secrets: null }
    const { type, config } = webhook
    const entries = Object.entries(config)
    const secrets = entries.filter(([name]) => hasSealed(type, name))
    const stored = entries.map(([name, value]) => [name, hasSealed(type, name) ? SECRET_MASK : value])
    return {
      webhook_type: type.id,
      webhook_config: JSON.stringify(Object.fromEntries(stored)),
      webhook_secrets:
        secrets.length === 0
          ? null
          : this.#cipher.seal(JSON.stringify(Object.fromEntries(secrets)), contextOf(userId, id)),
    }
  }

  /**
   * @returns the webhook, secrets in the clear; undefined when there is none
   * @throws {SecretUnreadableError} when they cannot be opened
   */
  open(userId: string, id: string, stored: StoredWebhook): Webhook | undefined {
    const type = stored.webhook_type === null ? undefined : this.#types.find(stored.webhook_type)
    if (!type) return undefined
    return { type, config: { ...asConfig(stored.webhook_config), ...this.#secretsOf(userId, id, stored) } }
  }

  /** The same, without the secrets if they cannot be opened: replacing them does not require that. */
  openWhatIsReadable(userId: string, id: string, stored: StoredWebhook): Webhook | undefined {
    try {
      return this.open(userId, id, stored)
    } catch (error) {
      if (!(error instanceof SecretUnreadableError)) throw error
      const webhook = this.open(userId, id, { ...stored, webhook_secrets: null })
      if (!webhook) return undefined
      const readable = Object.entries(webhook.config).filter(([name]) => !hasSealed(webhook.type, name))
      return { ...webhook, config: Object.fromEntries(readable) }
    }
  }

  /** A webhook as answers show it, with the fields of both generations of clients. */
  show(userId: string, id: string, stored: StoredWebhook) {
    const { webhook_type, webhook_config } = stored
    if (webhook_type === null || webhook_config === null) {
      return { webhook_url: null, has_webhook: false, webhook_type: null, webhook_config: null }
    }
    const config = asConfig(webhook_config)
    const readable = this.openWhatIsReadable(userId, id, stored)
    for (const field of readable?.type.build_fields ?? []) {
      const value = readable?.config[field.name]
      if (isSealed(field) && !field.is_secret && value !== undefined) config[field.name] = value
    }
    return { webhook_url: readable?.config['url'] ?? null, has_webhook: true, webhook_type, webhook_config: config }
  }

  #secretsOf(userId: string, id: string, { webhook_secrets: sealed }: StoredWebhook): Record<string, string> {
    return sealed === null ? {} : asConfig(JSON.parse(this.#cipher.open(sealed, contextOf(userId, id))))
  }
}

function contextOf(userId: string, id: string): SecretContext {
  return { table: 'user_agents', column: 'webhook_secrets', userId, id }
}

function hasSealed({ build_fields }: WebhookType, name: string): boolean {
  return build_fields.some((field) => field.name === name && isSealed(field))
}

/** The text fields of an object, which is what is stored. */
function asConfig(value: unknown): Record<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
