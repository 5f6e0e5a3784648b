import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import t from 'tap'
import { http, newAccount, openLiveView, step } from '../helpers/http.js'
import {
  assertServerStopped,
  connectionError,
  ended,
  type RunningProcess,
  startService,
  superuser,
  temporaryDataDir,
} from '../helpers/process.js'
import { eventually } from '../helpers/wait-timeout.js'

/** Makes `localhost` two addresses, as on most machines, whatever this one's hosts file says. */
const TWO_ADDRESSES = `data:text/javascript,${encodeURIComponent(`
  import dns from 'node:dns'
  const { lookup } = dns
  dns.lookup = (host, options, callback) =>
    host === 'localhost' && options.all
      ? callback(null, [{ address: '127.0.0.1', family: 4 }, { address: '::1', family: 6 }])
      : lookup(host, options, callback)
`)}`

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} lets requests finish, ends live views, refuses what is new and stops the server`, async (t) => {
    const dataDir = await temporaryDataDir(t)
    const service = await startService(t, { DATA_DIR: dataDir, NODE_OPTIONS: `--import=${TWO_ADDRESSES}` })
    const account = await newAccount(service.url)
    const instanceId = randomUUID()
    await account.agent('POST', '/messages/agent', step(instanceId))
    const view = await openLiveView(t, service.url, account, instanceId)
    await view.received(/event: connected/)
    const blocker = await superuser(t, dataDir)
    // Within a transaction the blocker would see the same pg_stat_activity again and again.
    const observer = await superuser(t, dataDir)
    await blockWrites(blocker, instanceId)
    const addresses = await listening(service)
    const posts = addresses.map((url) => http(`${url}/api/v1/messages/agent`, 'POST', account.key, step(instanceId)))
    // One waits for the lock, and in the process the other one waits for it: the posts to a run keep their order.
    await eventually(async () => (await waitingForLock(observer)) === 1)

    service.child.kill(signal)
    await eventually(async () => (await connectionError(service.url)) === 'ECONNREFUSED')
    await view.ended()
    t.match(view.text(), /event: error\ndata: .*restarting/)
    t.equal(service.child.exitCode, null, 'it waits for the requests')

    await blocker.query('commit')
    for (const post of posts) t.equal((await post).status, 200)
    t.strictSame(await ended(service), [0, null])
    t.equal(service.stderr(), '')
    t.notMatch(service.stdout(), /"level":[456]0/, 'nothing was worth a warning')
    await assertServerStopped(t, dataDir)
  })
}

/** Holds the run's row until the transaction ends. */
async function blockWrites(client: pg.Client, instanceId: string): Promise<void> {
  await client.query('begin')
  await client.query('select from agent_instances where id = $1 for update', [instanceId])
}

async function waitingForLock(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int from pg_stat_activity where application_name = 'signalbox' and wait_event_type = 'Lock'`,
  )
  return rows[0]?.count ?? 0
}

/** The loopback addresses that the service listens on: also ::1, where the machine has it. */
async function listening({ url }: RunningProcess): Promise<string[]> {
  const { port } = new URL(url)
  const urls = [`http://127.0.0.1:${port}`, `http://[::1]:${port}`]
  const errors = await Promise.all(urls.map(connectionError))
  return urls.filter((_, index) => errors[index] === undefined)
}
