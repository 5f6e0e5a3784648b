import { randomBytes, randomUUID } from 'node:crypto'
import { Kysely, Migrator, PostgresDialect } from 'kysely'
import pg from 'pg'
import t from 'tap'
import { migrations, withSealing } from '../../db/migrations/index.js'
import { SecretCipher } from '../../src/secrets/cipher.js'
import { emptyDatabase } from '../helpers/database.js'

const NAME = '0010_sealed_urls'

t.test('URLs that were stored in clear are sealed, and nothing that is to be delivered is lost', async (t) => {
  const { url } = await emptyDatabase(t)
  const pool = new pg.Pool({ connectionString: url })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  t.teardown(() => db.destroy())
  const cipher = new SecretCipher([randomBytes(32)])
  const migrate = async (isIncluded: (name: string) => boolean, sealing?: SecretCipher) => {
    const some = Object.fromEntries(Object.entries(migrations).filter(([name]) => isIncluded(name)))
    const provider = { getMigrations: async () => withSealing(some, sealing) }
    return (await new Migrator({ db, provider }).migrateToLatest()).error
  }
  t.equal(await migrate((name) => name < NAME), undefined)
  const tables = ['users', 'user_agents', 'agent_instances', 'messages', 'webhooks', 'webhook_deliveries']
  const wall = (no: string) => tables.map((table) => `alter table ${table} ${no} force row level security`).join(';')
  const user = randomUUID()
  const kind = randomUUID()
  const secrets = cipher.seal('{"api_key":"k"}', { ...place('user_agents', 'webhook_secrets', user), id: kind })
  await pool.query(`
    ${wall('no')};
    alter table users disable trigger start_clock;
    insert into users (id, email, password_hash) values ('${user}', 'a@example.org', 'x');
    insert into user_agents (user_id, id, name, webhook_type, webhook_config, webhook_secrets)
      values ('${user}', '${kind}', 'x', 'DEFAULT', '{"url": "https://launch", "api_key": "********"}', '${secrets}');
    insert into agent_instances (user_id, id, user_agent_id, message_count) values ('${user}', '${kind}', '${kind}', 3);
    insert into messages (user_id, agent_instance_id, seq, id, sender_type, content, requires_user_input,
        created_revision, revision, message_metadata, callback_seq)
      select '${user}', '${kind}', n, gen_random_uuid(), 'AGENT', 'x', true, n, n, metadata::jsonb, called
      from (values (1, '{"webhook_url": "https://open"}', null), (2, '{"webhook_url": "https://called", "a": 1}', 3),
        (3, '{"webhook_url": 7}', null)) as m (n, metadata, called);
    insert into webhooks (user_id, id, url, events, secret, since_revision)
      values ('${user}', '${kind}', 'https://webhook', '{ping}', 'x', 0);
    insert into webhook_deliveries (user_id, id, webhook_id, url, event_type, body)
      values ('${user}', gen_random_uuid(), '${kind}', null, 'ping', 'one'),
        ('${user}', gen_random_uuid(), null, 'https://answer', 'answer', 'two');
    ${wall('')}`)

  t.match(await migrate(() => true), { message: /no key to seal/ }, 'without a key, it stays as it is')
  t.equal(await migrate(() => true, cipher), undefined)
  await pool.query(`${wall('no')}; alter table answer_callbacks no force row level security;
    alter table webhook_events no force row level security`)
  const rows = async (query: string) => (await pool.query(query)).rows
  const opened = async (table: string, sealedFor = table) =>
    (await rows(`select id, url from ${table} where url is not null`)).map(({ id, url }) =>
      cipher.open(url, { ...place(sealedFor, 'url', user), id }),
    )
  t.strictSame(await opened('answer_callbacks', 'webhook_deliveries'), ['https://open'])
  t.strictSame(await opened('webhook_deliveries'), ['https://answer'])
  t.strictSame(await opened('webhooks'), ['https://webhook'])
  const metadata = await rows('select message_metadata as m from messages order by seq')
  t.strictSame(metadata, [{ m: null }, { m: { a: 1 } }, { m: null }])
  t.strictSame(
    await rows(
      `select body, event_type from webhook_deliveries d join webhook_events e on e.id = d.event_id order by 1`,
    ),
    [
      { body: 'one', event_type: 'ping' },
      { body: 'two', event_type: 'answer' },
    ],
  )
  const [agent] = await rows('select webhook_config, webhook_secrets from user_agents')
  t.strictSame(agent.webhook_config, { url: '********', api_key: '********' })
  t.strictSame(
    JSON.parse(cipher.open(agent.webhook_secrets, { ...place('user_agents', 'webhook_secrets', user), id: kind })),
    {
      api_key: 'k',
      url: 'https://launch',
    },
  )
})

function place(table: string, column: string, userId: string) {
  return { table, column, userId }
}
