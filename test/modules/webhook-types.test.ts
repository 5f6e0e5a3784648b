import { pino } from 'pino'
import t from 'tap'
import { loggerOptions } from '../../src/logging/log.js'
import { WebhookTypes } from '../../src/modules/user-agents/webhooks/registry.js'
import { changeWebhook, checkFields } from '../../src/modules/user-agents/webhooks/settings.js'
import { WebhookStorage } from '../../src/modules/user-agents/webhooks/storage.js'
import { definitions, secretFieldNames } from '../../src/modules/user-agents/webhooks/types/index.js'
import type { WebhookDefinition, WebhookField } from '../../src/modules/user-agents/webhooks/webhook-type.js'
import { OutgoingCaller } from '../../src/outgoing/caller.js'
import { SecretCipher } from '../../src/secrets/cipher.js'
import { SECRETS_KEY } from '../helpers/app.js'

const outgoing = new OutgoingCaller({ userAgent: 'test' })

const text = { type: 'string', label: 'A label', description: 'A description.' } as const
const callback: WebhookField = { ...text, name: 'callback', type: 'url' }

/** A type as somebody may add one, with a URL that is not called `url` and a secret that no list knows. */
const NEW: WebhookDefinition = {
  ...{ id: 'NEW', name: 'New', description: 'A new type.', icon: 'sparkles' },
  build_fields: [callback, { ...text, name: 'passphrase', is_secret: true }],
  runtime_fields: [{ ...callback, name: 'target' }],
  build:
    ({ githubApiUrl }) =>
    ({ fields }) => ({ url: `${githubApiUrl}/x`, headers: {}, body: fields }),
}

const settings = { githubApiUrl: 'https://github.example.com/api/v3' }
const types = new WebhookTypes([...definitions, NEW], settings)

t.test('every field of the type url is held to what may be called, whatever its name', async (t) => {
  for (const url of [
    'https://me:hunter2@example.com/',
    'ftp://example.com/',
    'nonsense',
    'https://example.com/\r\nx: y',
  ]) {
    const input = { webhook_type: 'NEW', webhook_config: { callback: url } }
    t.match(
      thrown(() => changeWebhook(undefined, input, { types, outgoing })),
      { status: 400, errors: [{ path: 'body.webhook_config.callback' }] },
      url,
    )
    const fields = types.find('NEW')?.runtime_fields ?? []
    t.match(
      thrown(() => checkFields(fields, { target: url }, 'body', outgoing)),
      { status: 400, errors: [{ path: 'body.target' }] },
      url,
    )
  }
  const config = { callback: 'https://example.com/hook' }
  const webhook = changeWebhook(undefined, { webhook_type: 'NEW', webhook_config: config }, { types, outgoing })
  t.strictSame(webhook?.config, config)
})

t.test('what a type declares secret, and its URLs, are sealed', async (t) => {
  const storage = new WebhookStorage(new SecretCipher([SECRETS_KEY]), types)
  const type = types.find('NEW')
  if (!type) return t.fail('the type is missing')
  const config = { callback: 'https://example.com/a-secret-path', passphrase: 'a-secret-of-somebody' }
  const stored = storage.seal('user', 'id', { type, config })
  t.strictSame(JSON.parse(stored.webhook_config ?? ''), { callback: '********', passphrase: '********' })
  t.notMatch(stored.webhook_secrets, /secret/)
  const row = { ...stored, webhook_config: JSON.parse(stored.webhook_config ?? '') }
  t.strictSame(storage.open('user', 'id', row)?.config, config)
  t.strictSame(storage.show('user', 'id', row).webhook_config, { ...config, passphrase: '********' })
})

t.test('a type is built with what it needs of the settings', async (t) => {
  const launch = { instanceId: 'i', agentType: 'a', apiKey: 'k', fields: {}, others: {} }
  t.equal(types.find('NEW')?.call({ ...launch, config: {} }).url, 'https://github.example.com/api/v3/x')
  const config = { repository: 'octo/repo' }
  t.equal(
    types.find('GITHUB')?.call({ ...launch, config }).url,
    'https://github.example.com/api/v3/repos/octo/repo/dispatches',
  )
})

t.test('the secrets of every type are cut out of logs', async (t) => {
  for (const name of ['api_key', 'github_token', 'custom_headers']) t.ok(secretFieldNames.includes(name), name)
  const logged: string[] = []
  const logger = pino(loggerOptions('info', secretFieldNames), { write: (line) => logged.push(line) })
  for (const { build_fields, runtime_fields } of definitions) {
    for (const { name, is_secret } of [...build_fields, ...runtime_fields]) {
      if (is_secret) logger.info({ body: { webhook_config: { [name]: 'hunter2' } } })
    }
  }
  t.equal(logged.length, 3)
  t.notMatch(logged.join(''), 'hunter2')
})

function thrown(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
