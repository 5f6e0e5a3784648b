import t, { type Test } from 'tap'
import { startService } from '../helpers/app.js'
import { newInstance } from '../helpers/instances.js'
import { AUDIENCE, startProvider } from '../helpers/openid-provider.js'
import { connectAsOwner } from '../helpers/owner.js'
import { until } from '../helpers/wait-timeout.js'
import { startReceiver } from '../helpers/webhook-receiver.js'
import { ALLOW_LOOPBACK, QUICK, subscribe } from '../helpers/webhooks.js'

const EMAIL = 'victim@example.com'

async function start(t: Test) {
  const provider = await startProvider(t)
  const config = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE, ...ALLOW_LOOPBACK }
  const service = await startService(t, config, { webhooks: QUICK })
  const owner = await connectAsOwner(t, service.testDatabase)
  const token = await provider.sign(provider.rsa, 'victim', { claims: { email: EMAIL, email_verified: true } })
  const squatter = await service.newUser(EMAIL)
  const moveIn = () => service.request('GET', '/api/v1/auth/me', { token })
  return { ...service, owner, squatter, token, moveIn }
}

/** Holds back whoever clears away, so that what was there before stays: they do not see where there is something to do. */
async function holdClearing(owner: Awaited<ReturnType<typeof connectAsOwner>>) {
  await owner.query('drop policy errands on takeovers')
}

t.test('moving in does not touch what there can be any number of', async (t) => {
  const { owner, squatter, moveIn, request, token } = await start(t)
  const agent = await squatter.newAgent()
  const run = await newInstance(agent)
  const many = 3_000
  await owner.query(
    `insert into messages (user_id, agent_instance_id, seq, id, sender_type, content, requires_user_input,
       created_revision, revision)
     select $1, $2, n + 10, gen_random_uuid(), 'AGENT', repeat('x', 1000), true, n + 100, n + 100
       from generate_series(1, $3) as n`,
    [squatter.id, run, many],
  )
  await owner.query(
    `insert into answer_callbacks (user_id, id, agent_instance_id, seq, url)
     select user_id, id, agent_instance_id, seq, 'sealed' from messages where user_id = $1`,
    [squatter.id],
  )
  await owner.query('update account_clocks set revision = 100000 where user_id = $1', [squatter.id])
  await owner.query(
    `insert into api_keys (user_id, id, name, key_prefix, key_hash, scopes, agent_instance_id)
     select $1, gen_random_uuid(), 'launch', 'sbx_', n::text, '{agent}', $2 from generate_series(1, $3) as n`,
    [squatter.id, run, many],
  )
  await owner.query(
    `insert into user_agents (user_id, id, name, webhook_type, webhook_config)
     select $1, gen_random_uuid(), n::text, 'DEFAULT', '{}' from generate_series(1, $2) as n`,
    [squatter.id, many],
  )
  await owner.query(
    `with events as (
       insert into webhook_events (user_id, id, type, body)
       select $1, gen_random_uuid(), 'message.created', '{}' from generate_series(1, $2) as n returning user_id, id)
     insert into webhook_deliveries (user_id, id, webhook_id, event_id, event_type)
       select user_id, gen_random_uuid(), gen_random_uuid(), id, 'message.created' from events`,
    [squatter.id, many],
  )
  await holdClearing(owner)
  await owner.query('analyze')
  await owner.query(`create table written (what text); grant insert on written to public`)
  await owner.query(`create function note() returns trigger language plpgsql as $$
    begin insert into written values (tg_table_name); return null; end $$`)
  const tables = ['messages', 'api_keys', 'user_agents', 'agent_instances']
  for (const table of [...tables, 'answer_callbacks', 'webhook_events', 'webhook_deliveries']) {
    await owner.query(`create trigger note after update or delete on ${table} for each row execute function note()`)
  }
  t.equal((await moveIn()).status, 200)
  const { rows } = await owner.query<{ what: string; times: number }>(
    `select what, count(*)::int as times from written group by what`,
  )
  t.strictSame(rows, [{ what: 'api_keys', times: 1 }], "the squatter's one key that is not bound to a run")

  const { body } = await request('GET', '/api/v1/user-agents', { token })
  t.ok(
    body.every(({ has_webhook }: { has_webhook: boolean }) => !has_webhook),
    'no webhook of before is to be seen',
  )
})

t.test('nothing of the account before lets anybody in or calls anybody, also before it is cleared away', async (t) => {
  const { owner, squatter, moveIn, request, token, services, database } = await start(t)
  const receiver = await startReceiver(t)
  await subscribe(squatter, receiver, 'message.created')
  const agent = await squatter.newAgent()
  const asking = { requires_user_input: true, message_metadata: { webhook_url: receiver.url } }
  const run = await newInstance(agent, asking)
  const bound = await services.apiKeys.create(database.tenant(squatter.id), { name: 'launch', instanceId: run })
  const webhook = { webhook_type: 'DEFAULT', webhook_config: { url: receiver.url, user_agent: 'x' } }
  const { id: launchable } = (await squatter.call('POST', '/user-agents', { name: 'mine', ...webhook })).body
  const key = (token: string) =>
    request('GET', '/api/v1/messages/pending', { token, query: { agent_instance_id: run } })
  t.equal((await key(bound.api_key)).status, 200)
  await holdClearing(owner)

  t.equal((await moveIn()).status, 200)
  const received = receiver.received.length
  t.equal((await key(bound.api_key)).status, 401, 'a key that is bound to a run')
  const launch = { token, body: { prompt: 'a secret' } }
  const launched = await request('POST', `/api/v1/user-agents/${launchable}/instances`, launch)
  t.match(launched, { status: 400, body: { code: 'no_webhook' } }, 'a webhook to launch by')
  const answer = { token, body: { content: 'a secret' } }
  t.equal((await request('POST', `/api/v1/agent-instances/${run}/messages`, answer)).status, 200)
  const due = await owner.query(`select from webhook_events where body like '%a secret%'`)
  t.equal(due.rowCount, 0, 'a question that calls with its answer')

  const mine = await request('POST', '/api/v1/auth/api-keys', { token, body: { name: 'mine' } })
  const asked = await request('POST', '/api/v1/messages/agent', {
    token: mine.body.api_key,
    body: { agent_instance_id: run, content: 'mine', ...asking },
  })
  t.equal(asked.status, 200)
  await request('PATCH', `/api/v1/user-agents/${launchable}`, { token, body: webhook })
  t.equal((await request('POST', `/api/v1/user-agents/${launchable}/instances`, launch)).status, 200)
  await request('POST', `/api/v1/agent-instances/${run}/messages`, { token, body: { content: 'for me' } })
  await until("the owner's own things to work", () =>
    receiver.received.some(({ body }) => JSON.stringify(body).includes('for me')),
  )
  t.notOk(
    receiver.received
      .slice(received)
      .some(({ body }) => JSON.stringify(body).includes('a secret') && !JSON.stringify(body).includes('prompt')),
  )
})

t.test('what is left of the account before is cleared away afterwards', async (t) => {
  const { owner, squatter, moveIn } = await start(t)
  const receiver = await startReceiver(t)
  await subscribe(squatter, receiver, 'message.created')
  const asking = { requires_user_input: true, message_metadata: { webhook_url: receiver.url } }
  const run = await newInstance(await squatter.newAgent(), asking)
  await owner.query(
    `insert into api_keys (user_id, id, name, key_prefix, key_hash, scopes, agent_instance_id)
     select $1, gen_random_uuid(), 'launch', 'sbx_', n::text, '{agent}', $2 from generate_series(1, 1500) as n`,
    [squatter.id, run],
  )
  const webhook = { webhook_type: 'DEFAULT', webhook_config: { url: receiver.url, user_agent: 'x' } }
  await squatter.call('POST', '/user-agents', { name: 'mine', ...webhook })
  t.equal((await moveIn()).status, 200)
  await until('nothing to be left', async () => (await owner.query('select from takeovers')).rowCount === 0)
  for (const left of [
    'select from api_keys where agent_instance_id is not null',
    'select from user_agents where webhook_config is not null or webhook_secrets is not null',
    'select from webhooks',
    'select from webhook_deliveries',
    'select from webhook_events',
    'select from answer_callbacks',
  ]) {
    t.equal((await owner.query(left)).rowCount, 0, left)
  }
  t.equal((await owner.query('select from messages')).rowCount, 1, 'the chats stay')
})
