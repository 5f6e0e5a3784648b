import type { Answer } from './app.js'

interface Sent {
  readonly body: unknown
  readonly token: string | undefined
  readonly headers: Record<string, string>
  readonly query: Record<string, string> | undefined
}

/** Shorter ones would occur in harmless text. */
const MIN_LENGTH = 10

/** Names of credentials, in bodies and queries. */
const FIELDS = [
  'password',
  'token',
  'ticket',
  'access_token',
  'refresh_token',
  'api_key',
  'webhook_api_key',
  'github_token',
  'custom_headers',
  'secret',
]

/** Collects the secrets of a test, to search the log for them. */
export class SecretWatch {
  readonly #secrets: Set<string>

  constructor(secrets: readonly string[]) {
    this.#secrets = new Set(secrets)
  }

  get size(): number {
    return this.#secrets.size
  }

  add(...secrets: readonly unknown[]): void {
    for (const secret of secrets) {
      // Lists show keys masked, with asterisks.
      if (typeof secret === 'string' && secret.length >= MIN_LENGTH && !secret.includes('*')) this.#secrets.add(secret)
    }
  }

  /** Takes the credentials out of a request and its answer. */
  note({ body, token, headers, query }: Sent, answer: Answer): void {
    this.add(token, headers['authorization']?.split(' ').at(-1), ...refreshTokens(headers['cookie']))
    for (const source of [body, query, answer.body, webhookOf(body)].flat()) {
      if (typeof source !== 'object' || source === null) continue
      for (const [name, value] of Object.entries(source)) if (FIELDS.includes(name)) this.add(value)
    }
    this.add(...refreshTokens(String(answer.headers['set-cookie'] ?? '')))
  }

  /** @throws {Error} naming the line with a secret; not the secret */
  mustNotBeIn(lines: readonly string[]): void {
    for (const line of lines) {
      for (const secret of this.#secrets) {
        if (!line.includes(secret)) continue
        throw new Error(`a secret stands in the log: ${line.replaceAll(secret, '‹the secret›')}`)
      }
    }
  }
}

function refreshTokens(cookies = ''): (string | undefined)[] {
  return [...cookies.matchAll(/signalbox_refresh=([^;,\s]+)/g)].map(([, token]) => token)
}

/** The secrets of a webhook stand one level deeper. */
function webhookOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'webhook_config' in body ? body.webhook_config : undefined
}
