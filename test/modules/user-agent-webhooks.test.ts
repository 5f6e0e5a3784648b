import t, { type Test } from 'tap'
import { startService, type TestService, type TestUser } from '../helpers/app.js'
import { AUDIENCE, startProvider } from '../helpers/openid-provider.js'
import { connectAsOwner } from '../helpers/owner.js'

const MASK = '********'
const SECRET = 'the-secret-of-the-receiver'
const URL = 'https://agents.example.com/launch'

/** The webhook of an answer. */
function webhookOf({ webhook_url, has_webhook, webhook_type, webhook_config }: Record<string, unknown>) {
  return { webhook_url, has_webhook, webhook_type, webhook_config }
}

const none = { webhook_url: null, has_webhook: false, webhook_type: null, webhook_config: null }
const serve = {
  webhook_url: URL,
  has_webhook: true,
  webhook_type: 'OMNARA_SERVE',
  webhook_config: { url: URL, api_key: MASK },
}

let agents = 0

async function create(user: TestUser, body: object) {
  return user.call('POST', '/user-agents', { name: `agent ${++agents}`, ...body })
}

/** What is stored of a webhook, in the clear. */
async function storedOf({ services, database }: TestService, user: TestUser, id: string) {
  const row = await database
    .tenant(user.id)
    .selectFrom('user_agents')
    .select('webhook_secrets')
    .where('user_id', '=', user.id)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const context = { table: 'user_agents', column: 'webhook_secrets', userId: user.id, id }
  return row.webhook_secrets === null ? null : JSON.parse(services.secrets.open(row.webhook_secrets, context))
}

t.test('webhook types are data from which forms can be made', async (t) => {
  const { newUser } = await startService(t)
  const { call } = await newUser()
  const { status, body: types } = await call('GET', '/user-agents/webhook-types')
  t.equal(status, 200)
  t.strictSame(
    types.map(({ id }: { id: string }) => id),
    ['DEFAULT', 'OMNARA_SERVE', 'GITHUB'],
  )
  const names = ['name', 'label', 'type', 'required', 'description', 'placeholder', 'default', 'options']
  for (const type of types) {
    t.strictSame(Object.keys(type), ['id', 'name', 'description', 'icon', 'build_fields', 'runtime_fields'])
    for (const field of [...type.build_fields, ...type.runtime_fields]) {
      t.strictSame(Object.keys(field), [...names, 'validation_regex', 'is_secret'])
      if (field.validation_regex) t.doesNotThrow(() => new RegExp(field.validation_regex), field.validation_regex)
    }
    t.match(type.runtime_fields[0], { name: 'prompt', required: true })
  }
  const secrets = types.flatMap((type: { build_fields: { name: string; is_secret: boolean }[] }) =>
    type.build_fields.filter(({ is_secret }) => is_secret).map(({ name }) => name),
  )
  t.strictSame(secrets, ['api_key', 'api_key', 'github_token'])
  t.match(types[2].build_fields[2], { name: 'event_type', default: 'omnara-trigger', required: false })
})

t.test('both generations of clients configure one, and see it in their own words', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const first = await create(user, { webhook_url: URL, webhook_api_key: SECRET })
  t.strictSame(webhookOf(first.body), serve)
  const second = await create(user, { webhook_type: 'OMNARA_SERVE', webhook_config: { url: URL, api_key: SECRET } })
  t.strictSame(webhookOf(second.body), serve)
  const both = await create(user, {
    webhook_type: 'OMNARA_SERVE',
    webhook_config: { url: URL, api_key: SECRET },
    webhook_url: URL,
    webhook_api_key: SECRET,
  })
  t.strictSame(webhookOf(both.body), serve)
  for (const { body } of [first, second, both]) {
    t.strictSame(await storedOf(service, user, body.id), { url: URL, api_key: SECRET })
    t.notMatch(JSON.stringify(body), SECRET)
  }
  const listed = await user.call('GET', '/user-agents')
  for (const agent of listed.body) t.strictSame(webhookOf(agent), serve)
  t.notMatch((await user.call('GET', '/agent-types')).raw.body, 'webhook')

  for (const body of [
    {},
    { webhook_url: null, webhook_api_key: null },
    { webhook_type: null, webhook_config: null, webhook_url: null },
    { webhook_url: '' },
    { webhook_config: {} },
  ]) {
    t.strictSame(webhookOf((await create(user, body)).body), none, JSON.stringify(body))
  }
  const untyped = await create(user, { webhook_config: { url: URL } })
  t.match(untyped.body, { webhook_type: 'DEFAULT', webhook_config: { url: URL } })
})

t.test('a patch changes what it mentions', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const { body: agent } = await create(user, {
    webhook_type: 'DEFAULT',
    webhook_config: { url: URL, api_key: SECRET, custom_headers: '{"x-team": "a secret of the team"}' },
  })
  const before = { url: URL, api_key: MASK, custom_headers: '{"x-team": "a secret of the team"}' }
  t.strictSame(agent.webhook_config, before)
  const patch = async (body: object) => {
    const { status, body: answer } = await user.call('PATCH', `/user-agents/${agent.id}`, body)
    t.equal(status, 200, JSON.stringify(answer))
    const { url, ...secrets } = (await storedOf(service, user, agent.id)) ?? {}
    t.equal(url, answer.webhook_config?.url, 'the URL is sealed with them')
    return { type: answer.webhook_type, config: answer.webhook_config, secrets }
  }
  const secrets = { api_key: SECRET, custom_headers: before.custom_headers }
  const DEFAULT = { type: 'DEFAULT', config: before, secrets }
  t.strictSame(await patch({ is_active: false }), DEFAULT)
  t.strictSame(await patch({ webhook_config: before }), DEFAULT, 'what is shown can be sent back')
  t.strictSame(await patch({ webhook_type: 'DEFAULT', webhook_config: before, webhook_url: URL }), DEFAULT)
  t.strictSame(await patch({ webhook_url: URL, webhook_api_key: MASK }), DEFAULT, 'by the first generation as well')
  t.strictSame(await patch({ webhook_config: {} }), DEFAULT)

  const elsewhere = `${URL}/2`
  const moved = { ...before, url: elsewhere }
  t.strictSame(await patch({ webhook_config: { url: elsewhere } }), { ...DEFAULT, config: moved }, 'the type stays')
  const replaced = await patch({ webhook_config: { api_key: 'another-secret' } })
  t.strictSame(replaced, { type: 'DEFAULT', config: moved, secrets: { ...secrets, api_key: 'another-secret' } })
  const removed = await patch({ webhook_config: { api_key: null, custom_headers: '' } })
  t.strictSame(removed, { type: 'DEFAULT', config: { url: elsewhere }, secrets: {} })

  const first = await patch({ webhook_url: URL, webhook_api_key: SECRET })
  t.strictSame(first, { type: 'OMNARA_SERVE', config: serve.webhook_config, secrets: { api_key: SECRET } })
  const typed = await patch({ webhook_type: 'DEFAULT', webhook_config: { url: URL, api_key: MASK } })
  t.strictSame(typed, { type: 'DEFAULT', config: serve.webhook_config, secrets: { api_key: SECRET } })
  t.strictSame(await patch({ webhook_url: URL, webhook_api_key: SECRET }), first, 'who gives a key speaks for himself')
  t.strictSame(await patch({ webhook_type: 'DEFAULT' }), typed)

  t.strictSame(await patch({ webhook_type: 'OMNARA_SERVE' }), first, 'another type alone keeps what both have')

  const config = { repository: 'octo-org/octo-repo', github_token: 'github_pat_of_the_test' }
  const GITHUB = {
    type: 'GITHUB',
    config: { repository: 'octo-org/octo-repo', github_token: MASK },
    secrets: { github_token: 'github_pat_of_the_test' },
  }
  t.strictSame(await patch({ webhook_type: 'GITHUB', webhook_config: config }), GITHUB)
  t.strictSame(await patch({ name: 'x', webhook_url: null, webhook_api_key: null }), GITHUB, 'it was shown no URL')
  const gone = { type: null, config: null, secrets: {} }
  t.strictSame(await patch({ webhook_type: null }), gone)
  await patch({ webhook_url: URL })
  t.strictSame(await patch({ webhook_url: null }), gone)
  await patch({ webhook_url: URL })
  t.strictSame(await patch({ webhook_config: null }), gone)
})

t.test('a bad webhook is refused, naming the field and not its value', async (t) => {
  const { newUser } = await startService(t)
  const user = await newUser()
  const DEFAULT = (config: object) => ({ webhook_type: 'DEFAULT', webhook_config: { url: URL, ...config } })
  const GITHUB = (config: object) => ({
    webhook_type: 'GITHUB',
    webhook_config: { repository: 'a/b', github_token: 'x', ...config },
  })
  const headers = (value: unknown) =>
    DEFAULT({ custom_headers: typeof value === 'string' ? value : JSON.stringify(value) })
  const bad: [body: object, path: string][] = [
    [{ webhook_type: 'NONSENSE' }, 'webhook_type'],
    [{ webhook_type: 'default', webhook_config: { url: URL } }, 'webhook_type'],
    [{ webhook_type: 'DEFAULT' }, 'webhook_config.url'],
    [{ webhook_type: 'DEFAULT', webhook_config: {} }, 'webhook_config.url'],
    [{ webhook_api_key: SECRET }, 'webhook_url'],
    [{ ...DEFAULT({}), webhook_url: 'https://other.example.com' }, 'webhook_url'],
    [{ webhook_url: 'hunter2' }, 'webhook_config.url'],
    [DEFAULT({ url: 'ftp://example.com/hunter2' }), 'webhook_config.url'],
    [DEFAULT({ url: 'https://me:hunter2@example.com/' }), 'webhook_config.url'],
    [DEFAULT({ url: 'https://example.com/\r\nhunter2: x' }), 'webhook_config.url'],
    [DEFAULT({ url: 7 }), 'webhook_config.url'],
    [DEFAULT({ url: {} }), 'webhook_config.url'],
    [DEFAULT({ api_key: 'hunter2 with spaces' }), 'webhook_config.api_key'],
    [DEFAULT({ api_key: 'hunter2\r\nx: y' }), 'webhook_config.api_key'],
    [DEFAULT({ api_key: 'hünter2' }), 'webhook_config.api_key'],
    [DEFAULT({ api_key: MASK }), 'webhook_config.api_key'],
    [DEFAULT({ api_key: 'x'.repeat(4097) }), 'webhook_config.api_key'],
    [headers('hunter2'), 'webhook_config.custom_headers'],
    [headers('[]'), 'webhook_config.custom_headers'],
    [headers('null'), 'webhook_config.custom_headers'],
    [DEFAULT({ custom_headers: { 'x-a': 'hunter2' } }), 'webhook_config.custom_headers'],
    [headers({ 'x-a': 'hunter2\r\nx-b: 1' }), 'webhook_config.custom_headers'],
    [headers({ 'x-a': 'hunter2\n' }), 'webhook_config.custom_headers'],
    [headers({ 'x-a': 'hünter2' }), 'webhook_config.custom_headers'],
    [headers({ 'x-a': 7 }), 'webhook_config.custom_headers'],
    [headers({ 'x a': 'hunter2' }), 'webhook_config.custom_headers'],
    [headers({ 'x-a:': 'hunter2' }), 'webhook_config.custom_headers'],
    [headers({ 'x-a\r\nx-b': 'hunter2' }), 'webhook_config.custom_headers'],
    [headers({ '': 'hunter2' }), 'webhook_config.custom_headers'],
    [headers({ 'x-a': '1', 'X-A': '2' }), 'webhook_config.custom_headers'],
    ...['Host', 'Content-Length', 'transfer-encoding', 'Connection', 'user-agent', 'Proxy-Authorization'].map(
      (name): [object, string] => [headers({ [name]: 'hunter2' }), 'webhook_config.custom_headers'],
    ),
    [
      headers(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`x-${i}`, '']))),
      'webhook_config.custom_headers',
    ],
    [GITHUB({ repository: 'hunter2' }), 'webhook_config.repository'],
    [GITHUB({ repository: '../hunter2' }), 'webhook_config.repository'],
    [GITHUB({ repository: 'a/..' }), 'webhook_config.repository'],
    [GITHUB({ repository: 'a/b/c' }), 'webhook_config.repository'],
    [GITHUB({ repository: 'a/b?hunter2' }), 'webhook_config.repository'],
    [GITHUB({ github_token: null }), 'webhook_config.github_token'],
    [GITHUB({ event_type: 'x'.repeat(101) }), 'webhook_config.event_type'],
  ]
  const { body: plain } = await create(user, {})
  for (const [body, path] of bad) {
    for (const answer of [await create(user, body), await user.call('PATCH', `/user-agents/${plain.id}`, body)]) {
      t.match(answer, { status: 400, body: { code: 'invalid_request' } }, JSON.stringify(body).slice(0, 100))
      t.equal(answer.body.errors[0].path, `body.${path}`)
      t.notMatch(answer.raw.body, /h[uü]nter2/)
    }
  }
  t.strictSame(webhookOf((await user.call('GET', '/user-agents')).body[0]), none)
  t.equal((await user.call('GET', '/user-agents')).body.length, 1)
  const two = await create(user, { webhook_type: 'GITHUB', webhook_config: { event_type: 'x' } })
  t.equal(two.body.errors.length, 2, 'every missing field is named')
})

t.test('secrets are unreadable in the database, and bound to their row', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const config = { url: URL, api_key: SECRET, custom_headers: '{"x-token":"the-header-secret"}' }
  await create(user, { webhook_type: 'DEFAULT', webhook_config: config })
  const { body: other } = await create(user, { webhook_type: 'DEFAULT', webhook_config: { url: URL } })
  const owner = await connectAsOwner(t, service.testDatabase)
  const { rows } = await owner.query('select to_jsonb(a)::text as row from user_agents a')
  for (const { row } of rows) t.notMatch(row, /the-secret-of-the-receiver|the-header-secret|agents\.example\.com/)
  await owner.query(
    `update user_agents set webhook_secrets = (select webhook_secrets from user_agents where id <> $1)
     where id = $1`,
    [other.id],
  )
  await t.rejects(storedOf(service, user, other.id), /tampered with, or moved/)
})

async function squatted(t: Test) {
  const provider = await startProvider(t)
  const service = await startService(t, { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE })
  const squatter = await service.newUser('victim@example.com')
  await create(squatter, { webhook_url: URL, webhook_api_key: SECRET })
  const claims = { email: 'victim@example.com', email_verified: true }
  const token = await provider.sign(provider.rsa, 'victim', { claims })
  return { service, token }
}

t.test('who moves into a squatted account finds no webhooks of the squatter in it', async (t) => {
  const { service, token } = await squatted(t)
  const { body } = await service.request('GET', '/api/v1/user-agents', { token })
  t.equal(body.length, 1)
  t.strictSame(webhookOf(body[0]), none)
})
