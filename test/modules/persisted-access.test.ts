import t from 'tap'
import { startService, type TestUser } from '../helpers/app.js'
import { AUDIENCE, startProvider } from '../helpers/openid-provider.js'
import { connectAsOwner, untilWaiting } from '../helpers/owner.js'
import { ALLOW_LOOPBACK } from '../helpers/webhooks.js'

interface Way {
  readonly method: 'POST' | 'PUT' | 'PATCH'
  readonly path: string
  readonly body: object
}

const webhook = { webhook_type: 'DEFAULT', webhook_config: { url: 'http://127.0.0.1:9/', user_agent: 'x' } }

/** Whatever leaves behind a way into an account, or out of it. `{…}` stands for something that is there. */
const ways: Record<string, Way> = {
  createApiKey: { method: 'POST', path: '/auth/api-keys', body: { name: 'x' } },
  createCliKey: { method: 'POST', path: '/auth/cli-key', body: {} },
  rotateApiKey: { method: 'POST', path: '/auth/api-keys/{key}/rotate', body: {} },
  changePassword: {
    method: 'PUT',
    path: '/auth/password',
    body: { current_password: '', new_password: 'another one' },
  },
  linkExternalIdentity: { method: 'PUT', path: '/auth/external-identity', body: {} },
  createWebhook: { method: 'POST', path: '/webhooks', body: { url: 'http://127.0.0.1:9/', events: ['ping'] } },
  updateWebhook: { method: 'PATCH', path: '/webhooks/{webhook}', body: { url: 'http://127.0.0.1:9/other' } },
  rotateWebhookSecret: { method: 'POST', path: '/webhooks/{webhook}/rotate-secret', body: {} },
  createUserAgent: { method: 'POST', path: '/user-agents', body: { name: 'new', ...webhook } },
  updateUserAgent: { method: 'PATCH', path: '/user-agents/{agent}', body: webhook },
  launchAgent: { method: 'POST', path: '/user-agents/{agent}/instances', body: { prompt: 'x' } },
}

/** Operations of people that write, and leave no way in or out. */
const harmless = [
  ...['updateMe', 'syncUser', 'renameAgentInstance', 'setAgentInstanceStatus', 'postUserMessage', 'deleteMe'],
]

t.test('nobody leaves a way in behind with a session that ends before it is committed', async (t) => {
  const provider = await startProvider(t)
  const config = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE, ...ALLOW_LOOPBACK }
  const service = await startService(t, config, { webhooks: { concurrency: 0 } })
  const owner = await connectAsOwner(t, service.testDatabase)

  t.test('every operation of people with a body is known to leave one, or to leave none', async (t) => {
    const contract: Record<
      string,
      Record<string, { requestBody?: unknown; operationId: string; security: object[] }>
    > = JSON.parse(JSON.stringify(service.app.swagger())).paths
    const operations = Object.values(contract).flatMap((methods) => Object.values(methods))
    const found = operations.filter(
      ({ requestBody, security }) => requestBody && security.some((s) => 'userToken' in s),
    )
    for (const { operationId } of found) t.ok(operationId in ways || harmless.includes(operationId), operationId)
  })

  for (const [name, { method, path, body }] of Object.entries(ways)) {
    t.test(name, async (t) => {
      const user = await service.newUser()
      const target = await fill(user, path)
      const claims = { email: user.email, email_verified: true }
      const token = await provider.sign(provider.rsa, user.id, { claims })
      const filled = {
        ...body,
        ...('current_password' in body ? { current_password: user.password } : {}),
        ...(name === 'linkExternalIdentity' ? { token } : {}),
      }
      const before = await ofAccount(user)
      await owner.query('begin')
      await owner.query('select from users where id = $1 for no key update', [user.id])
      await owner.query('delete from sessions where id = $1', [user.sessionId])
      const request = user.call(method, target, filled)
      await untilWaiting(owner, 1)
      await owner.query('commit')
      const answer = await request
      t.equal(answer.status, 401, JSON.stringify(answer.body))
      t.strictSame(await ofAccount(user), before, 'nothing is left')
    })
  }

  async function ofAccount({ id }: TestUser) {
    const tables = ['api_keys', 'webhooks', 'user_agents', 'external_identities', 'agent_instances']
    const rows = await Promise.all(
      tables.map((table) => owner.query(`select x::text from ${table} x where user_id = $1 order by 1`, [id])),
    )
    const { rows: account } = await owner.query('select password_hash from users where id = $1', [id])
    return { account, tables: rows.map(({ rows }) => rows) }
  }
})

/** Makes what a path names. */
async function fill(user: TestUser, path: string): Promise<string> {
  const ids: Record<string, () => Promise<string>> = {
    key: async () => (await user.call('POST', '/auth/api-keys', { name: 'first' })).body.id,
    webhook: async () =>
      (await user.call('POST', '/webhooks', { url: 'http://127.0.0.1:9/', events: ['ping'] })).body.id,
    agent: async () => (await user.call('POST', '/user-agents', { name: 'first', ...webhook })).body.id,
  }
  const [, name] = path.match(/\{(\w+)\}/) ?? []
  return name ? path.replace(`{${name}}`, String(await ids[name]?.())) : path
}
