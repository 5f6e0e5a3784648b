import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import pg from 'pg'
import t from 'tap'
import type { ScopeName } from '../../db/access.js'
import { findChanges } from '../../src/modules/account-log/pages.js'
import {
  findCredentialStatus,
  findCredentialStatusForInstance,
  listRevisions,
} from '../../src/modules/events/queries.js'
import { findEmail, findUserId, insertIdentity, lockIdentity } from '../../src/modules/oidc/queries.js'
import { startService, type TestService, type TestUser } from '../helpers/app.js'
import { newInstance } from '../helpers/instances.js'
import { finished, QUICK } from '../helpers/webhooks.js'

/** Tenants in the database, so that one of them is a small part of it. */
const TENANTS = 2000

/**
 * Calls everything that reads or writes, then asks PostgreSQL how it would run each statement that it was sent. With one
 * connection, that connection has prepared them all.
 */
t.test('no statement of the service scans a whole table', async (t) => {
  const service = await startService(
    t,
    { LEGACY_SIGN_IN: 'on' },
    { poolMax: 1, webhooks: { ...QUICK, retryDelays: [] } },
  )
  const user = await service.newUser()
  await fill(service.testDatabase.ownerUrl)
  await callEverything(service, user)

  const plans = await service.database.withClient('errands', async (client) => {
    const { rows } = await client.query<{ statement: string }>('select statement from pg_prepared_statements')
    const statements = rows
      .map((row) => row.statement)
      .flatMap((sql) => {
        const [, scope] = /^\/\* (\w+) \*\/\s*(?:with|select|insert|update|delete)/i.exec(sql) ?? []
        return scope === undefined ? [] : [{ sql, role: service.database.roleOf(scope as ScopeName) }]
      })
    await client.query('begin')
    await client.query(`select set_config('app.user_id', $1, true)`, [user.id])
    const found: { sql: string; plan: unknown }[] = []
    for (const { sql, role } of statements) {
      await client.query(`set local role ${role}`)
      const explained = await client
        .query<{ 'QUERY PLAN': unknown }>(`explain (generic_plan, format json) ${sql}`)
        .catch((error) => Promise.reject(new Error(sql, { cause: error })))
      found.push({ sql, plan: explained.rows[0]?.['QUERY PLAN'] })
    }
    await client.query('rollback')
    return found
  })

  t.ok(plans.length > 40, `the statements were found: ${plans.length}`)
  for (const { sql, plan } of plans) t.strictSame(tablesScanned(plan), [], sql)
})

/**
 * What may be read from end to end: the migrator's list; that of the accounts with webhooks, of which the reconcile pass
 * wants every row; that of the accounts that were moved into, of which any will do; and the queue, which is as good as empty here and has a test of its own, with its one row of a version.
 */
const MEANT = /^(kysely|webhook_cursors$|takeovers$|version$|j[0-9a-f]{56}$)/

/** Names of the tables that a plan reads from end to end. */
function tablesScanned(plan: unknown): string[] {
  if (typeof plan !== 'object' || plan === null) return []
  const node = Object.entries(plan)
  const type = node.find(([key]) => key === 'Node Type')?.[1]
  const table = node.find(([key]) => key === 'Relation Name')?.[1]
  // From end to end by an index is no better.
  const isWhole = type === 'Seq Scan' || (/^Index (Only )?Scan$/.test(String(type)) && !('Index Cond' in plan))
  const here = isWhole && typeof table === 'string' && !MEANT.test(table) ? [table] : []
  return [...here, ...node.flatMap(([, child]) => tablesScanned(child))]
}

async function callEverything({ services, request, database }: TestService, user: TestUser): Promise<void> {
  const agent = await user.newAgent(['agent', 'read'])
  const agent_instance_id = randomUUID()
  const post = (content: string, more: object = {}) =>
    agent('POST', '/messages/agent', { agent_instance_id, agent_type: 'planner', content, ...more })
  await post('a step', { git_diff: 'diff --git a/x b/x\n' })
  const step = await post('another step')
  await agent('PATCH', `/messages/${step.body.message_id}/request-input`)
  const answer = await user.call('POST', `/agent-instances/${agent_instance_id}/messages`, { content: 'an answer' })
  const place = { agent_instance_id, last_read_message_id: step.body.message_id }
  await agent('GET', '/messages/pending', undefined, { query: { ...place, confirm: 'true' } })
  await agent('GET', '/messages/pending', undefined, { query: { ...place, last_read_message_id: answer.body.id } })
  await agent('GET', '/messages/pending', undefined, { query: place })
  await agent('GET', '/messages/pending', undefined, { query: { agent_instance_id } })
  await agent('POST', '/messages/user', { agent_instance_id, content: 'typed' })
  await askAndAnswer({ services, database }, user, agent_instance_id)
  await agent('GET', '/auth/verify')
  await agent('POST', '/agent-instances', { agent_type: 'planner', name: 'second' })
  await agent('POST', `/agents/instances/${agent_instance_id}/heartbeat`)

  const query = { limit: '1', status: 'ACTIVE', q: 'plan' }
  const first = await user.call('GET', '/agent-instances', undefined, { query: { limit: '1' } })
  const next = /<([^>]+)>/.exec(String(first.headers['link']))?.[1] ?? ''
  await request('GET', next, { token: user.token })
  await user.call('GET', '/agent-instances', undefined, { query })
  const types = await user.call('GET', '/agent-types')
  const type = types.body[0].id
  await user.call('GET', `/agent-types/${type}/instances`)
  await user.call('GET', '/agent-summary')
  await user.call('GET', `/agent-instances/${agent_instance_id}`)
  const before = { query: { before_message_id: answer.body.id } }
  await user.call('GET', `/agent-instances/${agent_instance_id}/messages`, undefined, before)
  await user.call('PATCH', `/agent-instances/${agent_instance_id}`, { name: 'renamed' })
  await user.call('PUT', `/agent-instances/${agent_instance_id}/status`, { status: 'PAUSED' })
  await callAsBoundKey({ request, services, database }, user, agent_instance_id)
  await agent('POST', '/sessions/end', { agent_instance_id })

  const tenant = database.tenant(user.id)
  await findCredentialStatus(tenant, randomUUID())
  await findCredentialStatusForInstance(tenant, agent_instance_id, randomUUID())
  await listRevisions(database.severalTenants([user.id]), [user.id])
  await findChanges(tenant, 0)
  await findChanges(tenant, 0, agent_instance_id)

  const identity = { issuer: 'x', subject: 'x', hash: 'x' }
  await findUserId(database.lookup(identity.hash), identity)
  await tenant.transaction(async (trx) => {
    await lockIdentity(trx, identity)
    await findUserId(trx.lookup(identity.hash), identity)
    await findEmail(trx)
    await insertIdentity(trx, identity)
  })

  await useWebhooks(user)
  const created = await user.call('POST', '/user-agents', { name: 'made by hand' })
  await user.call('GET', '/user-agents', undefined, { query: { limit: '1' } })
  await user.call('PATCH', `/user-agents/${created.body.id}`, { is_active: false })
  await user.call('DELETE', `/user-agents/${created.body.id}`)
  const keys = await user.call('GET', '/auth/api-keys', undefined, { query: { limit: '1' } })
  await user.call('DELETE', `/auth/api-keys/${keys.body[0].id}`)
  await user.call('PATCH', '/auth/me', { display_name: 'Somebody' })
  await signInAndOut({ request }, user)
  await user.call('DELETE', `/agent-instances/${agent_instance_id}`)
}

/** The same by a key that is bound to the run, whose statements run in a scope of their own. */
async function callAsBoundKey(
  { request, services, database }: Pick<TestService, 'request' | 'services' | 'database'>,
  user: TestUser,
  instanceId: string,
): Promise<void> {
  const key = { name: 'bound', expiresInDays: 1, instanceId }
  const { api_key: token } = await services.apiKeys.create(database.tenant(user.id), key)
  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object, more: object = {}) =>
    request(method, `/api/v1${path}`, { token, ...(body ? { body } : {}), ...more })
  const message = { agent_instance_id: instanceId, content: 'bound' }
  const step = await call('POST', '/messages/agent', message)
  await call('PATCH', `/messages/${step.body.message_id}/request-input`)
  const callback = { message_metadata: { webhook_url: 'https://receiver.example' } }
  await call('POST', '/messages/agent', { ...message, requires_user_input: true, ...callback })
  await call('POST', '/messages/user', message)
  await call('POST', '/messages/agent', message, { headers: { 'idempotency-key': 'bound' } })
  const query = { agent_instance_id: instanceId, last_read_message_id: step.body.message_id }
  await call('GET', '/messages/pending', undefined, { query })
  await call('GET', '/messages/pending', undefined, { query: { ...query, confirm: 'true' } })
  await call('GET', `/agent-instances/${instanceId}`)
  await call('POST', `/agents/instances/${instanceId}/heartbeat`)
  await call('PUT', `/agent-instances/${instanceId}/status`, { status: 'ACTIVE' })
  await call('GET', '/auth/verify')
}

async function askAndAnswer(
  { services, database }: Pick<TestService, 'services' | 'database'>,
  user: TestUser,
  instanceId: string,
) {
  const tenant = database.tenant(user.id)
  const { keyId, secretHash } = await services.apiKeys.authenticate(await user.newKey())
  const waitOptions = { seconds: 0, keyId, secretHash, signal: new AbortController().signal }
  const question = { instanceId, content: 'Which?', options: ['This'], keyId }
  const questionId = await services.questions.ask(tenant, question)
  await user.call('POST', `/agent-instances/${instanceId}/messages`, { option_index: 0 })
  for (const settle of ['lost', 'arrived', 'arrived'] as const) {
    const { outcome } = await services.questions.askAndWait(tenant, question, waitOptions)
    await outcome?.handoff[settle]()
  }
  await services.offers
    .handoffOf(tenant, { instanceId, id: questionId, lastId: questionId, readCursor: questionId })
    .lost()
  await services.questions.confirmAnswers(tenant, instanceId)
  const message = { id: randomUUID(), agent_instance_id: instanceId, content: 'x', sender_type: 'USER' }
  await (await user.newAgent())('POST', '/messages/agent/batch', { messages: [message] })
}

async function useWebhooks(user: TestUser): Promise<void> {
  const body = { url: 'https://receiver.example/', events: ['message.created', 'instance.created'] }
  const { id } = (await user.call('POST', '/webhooks', body)).body
  await user.call('GET', '/webhooks', undefined, { query: { limit: '1' } })
  await user.call('PATCH', `/webhooks/${id}`, { description: 'mine' })
  await user.call('PATCH', `/webhooks/${id}`, { is_active: false })
  await user.call('PATCH', `/webhooks/${id}`, { is_active: true })
  await user.call('POST', `/webhooks/${id}/rotate-secret`)
  const ping = await user.call('POST', `/webhooks/${id}/test`)
  await finished(user, id)
  await user.call('POST', `/webhooks/${id}/deliveries/${ping.body.id}/redeliver`)
  await user.call('POST', `/webhooks/${id}/redeliver`)
  const agent = await user.newAgent()
  const run = await newInstance(agent, {
    requires_user_input: true,
    message_metadata: { webhook_url: 'https://receiver.example' },
  })
  await user.call('POST', `/agent-instances/${run}/messages`, { content: 'an answer' })
  for (const status of ['pending', 'failed']) {
    await user.call('GET', `/webhooks/${id}/deliveries`, undefined, { query: { limit: '1', status } })
  }
  await user.call('DELETE', `/webhooks/${id}`)
}

async function signInAndOut({ request }: Pick<TestService, 'request'>, user: TestUser): Promise<void> {
  const credentials = { email: user.email, password: user.password }
  const login = await request('POST', '/api/v1/auth/login', { body: credentials })
  const cookie = (answer: typeof login) => String(answer.headers['set-cookie']).split(';', 1)[0] ?? ''
  const refreshed = await request('POST', '/api/v1/auth/refresh', { headers: { cookie: cookie(login) } })
  await request('POST', '/api/v1/auth/refresh', { headers: { cookie: cookie(login) } })
  await request('POST', '/api/v1/auth/logout', { headers: { cookie: cookie(refreshed) } })
  const elsewhere = decodeJwt((await request('POST', '/api/v1/auth/login', { body: credentials })).body.access_token)
  await user.call('GET', '/auth/sessions')
  await user.call('DELETE', `/auth/sessions/${elsewhere['sid']}`)
  const token = (grant: string, body: object) => request('POST', `/auth/v1/token?grant_type=${grant}`, { body })
  const { refresh_token } = (await token('password', credentials)).body
  for (let i = 0; i < 2; i++) await token('refresh_token', { refresh_token })
  await user.call('PUT', '/auth/password', { current_password: user.password, new_password: 'another password' })
}

/** Gives the planner something to be careful with. The owner lifts the wall around each table while it fills it. */
async function fill(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  const tables = [
    'users',
    'external_identities',
    'sessions',
    'refresh_tokens',
    'api_keys',
    'user_agents',
    'agent_instances',
    'messages',
    'webhooks',
    'webhook_cursors',
    'webhook_events',
    'webhook_deliveries',
    'answer_callbacks',
    'account_clocks',
    'account_events',
    'takeovers',
  ]
  for (const table of tables) await owner.query(`alter table ${table} no force row level security`)
  await owner.query(`
    insert into users (id, email, password_hash)
      select gen_random_uuid(), n || '@example.org', 'x' from generate_series(1, ${TENANTS}) n;
    insert into external_identities (user_id, identity_hash, issuer, subject)
      select id, gen_random_uuid()::text, 'x', 'x' from users, generate_series(1, 2);
    insert into takeovers (user_id) select id from users;
    insert into sessions (user_id, id) select id, gen_random_uuid() from users, generate_series(1, 2);
    insert into refresh_tokens (user_id, id, session_id, token_hash, expires_at)
      select user_id, gen_random_uuid(), id, gen_random_uuid()::text, now() from sessions;
    insert into api_keys (user_id, id, name, key_prefix, key_hash, scopes)
      select id, gen_random_uuid(), 'k', 'sbx_', gen_random_uuid()::text, '{agent}' from users, generate_series(1, 2);
    insert into user_agents (user_id, id, name)
      select id, gen_random_uuid(), 'type ' || n from users, generate_series(1, 2) n;
    insert into agent_instances (user_id, id, user_agent_id, message_count)
      select user_id, gen_random_uuid(), id, 5 from user_agents, generate_series(1, 4);
    insert into messages (user_id, agent_instance_id, seq, id, sender_type, content, created_revision, revision)
      select user_id, id, n, gen_random_uuid(), 'AGENT', 'text', r, r
      from (select *, 100 + row_number() over (partition by user_id order by id, n) as r
            from agent_instances, generate_series(1, 5) n) as numbered;
    insert into account_events (user_id, revision, kind, agent_instance_id, status)
      select user_id, 1000 + row_number() over (partition by user_id), 'status_changed', id, 'ACTIVE' from agent_instances;
    update account_clocks set revision = 2000;
    insert into webhooks (user_id, id, url, events, secret, since_revision)
      select id, gen_random_uuid(), 'https://receiver.example', '{ping}', 'x', 0 from users, generate_series(1, 2);
    insert into webhook_cursors (user_id, revision) select id, 0 from users;
    insert into webhook_events (user_id, id, type, body)
      select id, gen_random_uuid(), 'ping', '{}' from users, generate_series(1, 5);
    insert into webhook_deliveries (user_id, id, webhook_id, event_id, event_type, status)
      select w.user_id, gen_random_uuid(), w.id, e.id, 'ping', 'succeeded'
      from webhooks w join webhook_events e on e.user_id = w.user_id;
    insert into answer_callbacks (user_id, id, agent_instance_id, seq, url)
      select user_id, gen_random_uuid(), agent_instance_id, seq, 'x' from messages;
    analyze;
  `)
  for (const table of tables) await owner.query(`alter table ${table} force row level security`)
  await owner.end()
}
