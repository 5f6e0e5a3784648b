import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { Database } from '../../db/client.js'
import { prepareDatabase } from '../../db/migrate.js'
import { buildApp } from '../../src/app.js'
import { loadConfig } from '../../src/config.js'
import { JWT_SECRET, SECRETS_KEY } from '../helpers/app.js'
import { type ControlledServer, controlledServer } from '../helpers/controlled-server.js'
import { query } from '../helpers/database.js'
import { type Account, http, newAccount, step } from '../helpers/http.js'
import { LiveView } from '../helpers/live-view.js'
import { eventually } from '../helpers/wait-timeout.js'

const AGENTS = 12
const RUNS = 4

/** Agents that post, whatever comes, until they are stopped. What fails is not sent again: it may be stored, or not. */
function postUntilStopped({ agent }: Account, runs: readonly string[]) {
  const acknowledged: string[] = []
  const refusals: number[] = []
  let stopped = false
  const post = async (run: string) => {
    while (!stopped) {
      const { status, body } = await agent('POST', '/messages/agent', step(run, randomUUID()))
      if (status === 200) {
        acknowledged.push(body.message_id)
      } else {
        refusals.push(status)
        await sleep(50)
      }
    }
  }
  const done = Promise.all(Array.from({ length: AGENTS }, (_, i) => post(runs[i % RUNS] ?? '')))
  const stop = () => {
    stopped = true
    return done
  }
  return { acknowledged, refusals, stop }
}

async function listen(t: Test, server: ControlledServer): Promise<string> {
  const url = await prepareDatabase(server.ownerUrl, JWT_SECRET)
  const database = new Database({ url, poolMax: 6 })
  const { app } = await buildApp({
    config: loadConfig({}),
    database,
    jwtSecret: JWT_SECRET,
    secretsKeys: [SECRETS_KEY],
    logger: pino({ level: 'silent' }),
  })
  t.teardown(async () => {
    await app.close()
    await database.close()
  })
  return app.listen({ host: '127.0.0.1', port: 0 })
}

t.test(
  'PostgreSQL restarts under load: nothing acknowledged is lost, live views miss nothing, all go on',
  async (t) => {
    const server = await controlledServer(t)
    const base = await listen(t, server)
    const account = await newAccount(base)
    const runs = Array.from({ length: RUNS }, () => randomUUID())
    const view = await LiveView.open(t, base, 'account', { token: account.token })
    const agents = postUntilStopped(account, runs)
    await eventually(async () => agents.acknowledged.length >= 100)

    const waiting = account.agent('GET', `/messages/pending?agent_instance_id=${runs[0]}&wait=50`)
    // By then it waits: it is asked for before all these.
    const asked = agents.acknowledged.length
    await eventually(async () => agents.acknowledged.length >= asked + 200)
    for (const _ of [1, 2]) {
      await server.stop()
      await eventually(async () => agents.refusals.length > 0)
      t.match(await http(`${base}/health`, 'GET'), { status: 200 })
      await server.start()
      const before = agents.acknowledged.length
      await eventually(async () => agents.acknowledged.length >= before + 100)
    }
    await agents.stop()
    t.strictSame(new Set(agents.refusals), new Set([503]))
    t.equal((await http(`${base}/ready`, 'GET')).status, 200)
    t.notOk(view.ended, 'it is the same connection all the time')

    await account.person('POST', `/agent-instances/${runs[0]}/messages`, { content: 'answer' })
    t.match(await waiting, { status: 200, body: { messages: [{ content: 'answer' }] } }, 'who waited, waited on')
    await view.until(({ data }) => data['content'] === 'answer')

    const seen = view.named('message').map(({ id }) => String(id))
    t.equal(new Set(seen).size, seen.length, 'no message came twice')
    t.strictSame(
      agents.acknowledged.filter((id) => !seen.includes(id)),
      [],
      'each that was acknowledged came',
    )
    const ids = view.events.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]))
    t.strictSame(
      ids,
      ids.map((_, i) => (ids[0] ?? 0) + i),
      'in order and without a gap',
    )
    for (const run of runs) {
      const { body } = await account.person('GET', `/agent-instances/${run}?message_limit=200`)
      t.ok(body.messages.every(({ id }: { id: string }) => seen.includes(id)))
    }
  },
)

t.test('no durability setting is switched off: not by the server, a role, the database or a session', async (t) => {
  const server = await controlledServer(t)
  const service = await prepareDatabase(server.ownerUrl, JWT_SECRET)
  const safe = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' }
  for (const url of [server.ownerUrl, service]) {
    const rows = await query(
      url,
      `select json_object_agg(name, setting order by name) as settings from pg_settings
       where name in ('fsync', 'full_page_writes', 'synchronous_commit')`,
    )
    t.strictSame(rows, [{ settings: safe }])
  }
  const rows = await query(server.ownerUrl, 'select unnest(setconfig) as setting from pg_db_role_setting')
  t.ok(rows.length > 0)
  t.notOk(rows.some(({ setting }) => /fsync|full_page_writes|synchronous_commit|wal_/.test(String(setting))))

  const database = new Database({ url: service, poolMax: 2 })
  t.teardown(() => database.close())
  const [result] = await database.errands().run([{ sql: 'show synchronous_commit', parameters: [] }])
  t.strictSame(result?.rows, [{ synchronous_commit: 'on' }])
})
