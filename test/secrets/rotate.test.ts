import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { SecretCipher } from '../../src/secrets/cipher.js'
import { rotateSecrets, SEALED_COLUMNS } from '../../src/secrets/rotate.js'
import { startOn, startService, type TestService, type TestUser } from '../helpers/app.js'
import { newInstance } from '../helpers/instances.js'
import { connectAsOwner } from '../helpers/owner.js'
import { startReceiver } from '../helpers/webhook-receiver.js'
import { ALLOW_LOOPBACK, QUICK, subscribe } from '../helpers/webhooks.js'

const first = randomBytes(32)
const second = randomBytes(32)
const stranger = randomBytes(32)

/** Gives a user a kind of agent with a secret, as it is stored. */
async function sealFor({ database }: TestService, user: TestUser, key: Buffer, secret: string) {
  const { body: agent } = await user.call('POST', '/user-agents', { name: `agent ${secret}` })
  const context = { table: 'user_agents', column: 'webhook_secrets', userId: user.id, id: agent.id }
  await database
    .tenant(user.id)
    .updateTable('user_agents')
    .set({
      webhook_type: 'DEFAULT',
      webhook_config: JSON.stringify({}),
      webhook_secrets: new SecretCipher([key]).seal(secret, context),
    })
    .where('user_id', '=', user.id)
    .where('id', '=', agent.id)
    .execute()
  const read = async () => {
    const { webhook_secrets } = await database
      .tenant(user.id)
      .selectFrom('user_agents')
      .select('webhook_secrets')
      .where('user_id', '=', user.id)
      .where('id', '=', agent.id)
      .executeTakeFirstOrThrow()
    return webhook_secrets ?? ''
  }
  return { read, context }
}

function rotateAll({ testDatabase: { ownerUrl, serviceUrl } }: TestService, keys: readonly Buffer[]) {
  return rotateSecrets(ownerUrl, serviceUrl, keys)
}

t.test('the secrets of all tenants are sealed anew, and the tenants stay apart', async (t) => {
  const service = await startService(t)
  const stored = []
  for (const name of ['one', 'two', 'three']) {
    stored.push({ name, ...(await sealFor(service, await service.newUser(), first, name)) })
  }
  const { ownerUrl, serviceUrl } = service.testDatabase
  t.strictSame(await rotateSecrets(ownerUrl, serviceUrl, [second, first]), { rotated: 3, unreadable: 0 })
  const onlySecond = new SecretCipher([second])
  for (const { name, read, context } of stored) t.equal(onlySecond.open(await read(), context), name)
  t.strictSame(
    await rotateSecrets(ownerUrl, serviceUrl, [second, first]),
    { rotated: 0, unreadable: 0 },
    'a second time is no work',
  )

  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  t.teardown(() => owner.end())
  const { rows } = await owner.query('select id from user_agents')
  t.strictSame(rows, [], 'row-level security is forced as before')
})

t.test('where webhooks and flows are called can be read on with the new key', async (t) => {
  const build = { secretsKeys: [first], webhooks: { ...QUICK, concurrency: 0 } }
  const service = await startService(t, ALLOW_LOOPBACK, build)
  const user = await service.newUser()
  const agent = await user.newAgent()
  const receiver = await startReceiver(t)
  await subscribe(user, receiver, 'ping')
  const question = { requires_user_input: true, message_metadata: { webhook_url: receiver.url } }
  const [answered, open] = [await newInstance(agent, question), await newInstance(agent, question)]
  const answer = (run: string) => user.call('POST', `/agent-instances/${run}/messages`, { content: run })
  await answer(answered)
  await user.call('POST', '/user-agents', { name: 'x', webhook_url: 'https://launch.example/secret' })
  const counts = await rotateAll(service, [second, first])
  t.strictSame(counts, { rotated: 5, unreadable: 0 })

  const next = await startOn(t, service.testDatabase, ALLOW_LOOPBACK, { secretsKeys: [second], webhooks: QUICK })
  const as = (path: string) => next.request('GET', `/api/v1${path}`, { token: user.token })
  t.match(await as('/webhooks'), { body: [{ url: receiver.url }] })
  t.match(
    (await as('/user-agents')).body.find(({ name }: { name: string }) => name === 'x'),
    {
      webhook_url: 'https://launch.example/secret',
      webhook_config: { url: 'https://launch.example/secret' },
    },
  )
  await answer(open)
  const received = await receiver.until(2)
  t.strictSame(received.map(({ body }) => body.user_message).sort(), [answered, open].sort())
})

t.test('what none of the keys opens is counted, and left as it is', async (t) => {
  const service = await startService(t)
  const user = await service.newUser()
  const lost = await sealFor(service, user, stranger, 'lost')
  const found = await sealFor(service, user, first, 'found')
  const before = await lost.read()
  t.strictSame(await rotateAll(service, [second, first]), { rotated: 1, unreadable: 1 })
  t.equal(await lost.read(), before)
  t.equal(new SecretCipher([second]).open(await found.read(), found.context), 'found')
})

t.test('every column that holds secrets is rotated', async (t) => {
  const { testDatabase } = await startService(t)
  const owner = await connectAsOwner(t, testDatabase)
  const { rows } = await owner.query(
    `select table_name as "table", column_name as "column" from information_schema.columns
     where table_schema = 'public' and (column_name like '%secret%' or column_name like '%url%') order by 1, 2`,
  )
  t.strictSame(
    rows,
    SEALED_COLUMNS.map(({ table, column }) => ({ table, column })),
  )
})
