import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findPostmaster } from '../../db/embedded/pidfile.js'
import { type Account, http, newAccount, step } from '../helpers/http.js'
import { kill9, startService, superuser, temporaryDataDir } from '../helpers/process.js'
import { eventually } from '../helpers/wait-timeout.js'

const INSTANCES = 6
const AGENTS = 18

/** What an agent was told is stored. */
interface Acknowledged {
  readonly id: string
  readonly instanceId: string
  readonly content: string
}

t.test('what was acknowledged before a kill -9 is there afterwards, once and in order', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const first = await startService(t, { DATA_DIR: dataDir, LOG_LEVEL: 'warn' })
  const account = await newAccount(first.url)
  const instanceIds = Array.from({ length: INSTANCES }, () => randomUUID())

  const before = postUntilRefused(account, instanceIds)
  await eventually(async () => before.acknowledged.length >= 150)
  await kill9(first)
  await before.stopped
  await t.test('after a crash of the service', async (t) => {
    const second = await startService(t, { DATA_DIR: dataDir })
    t.match(second.stdout(), /adopted the database server/)
    await assertReady(t, second.url)
    await assertIntact(t, dataDir, instanceIds, before.acknowledged)
    await kill9(second)
  })

  const third = await startService(t, { DATA_DIR: dataDir, LOG_LEVEL: 'warn' })
  const again = postUntilRefused(account.at(third.url), instanceIds)
  await eventually(async () => again.acknowledged.length >= 150)
  await Promise.all([kill9(third), kill9Server(dataDir)])
  await again.stopped
  await t.test('after a crash of the service and its PostgreSQL', async (t) => {
    const fourth = await startService(t, { DATA_DIR: dataDir, LOG_LEVEL: 'info' })
    t.notMatch(fourth.stdout(), /adopted/)
    await assertReady(t, fourth.url)
    await assertIntact(t, dataDir, instanceIds, [...before.acknowledged, ...again.acknowledged])
    const answer = await account.at(fourth.url).agent('POST', '/messages/agent', step(instanceIds[0] ?? ''))
    t.equal(answer.status, 200, 'and it goes on')
  })
})

/** Several agents, each on a kept-alive connection, post to the same runs until the service no longer answers. */
function postUntilRefused({ agent }: Account, instanceIds: string[]) {
  const acknowledged: Acknowledged[] = []
  const post = async (instanceId: string) => {
    for (;;) {
      const content = randomUUID()
      const { status, body } = await agent('POST', '/messages/agent', step(instanceId, content))
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
      acknowledged.push({ id: body.message_id, instanceId, content })
    }
  }
  const agents = Array.from({ length: AGENTS }, (_, index) => post(instanceIds[index % INSTANCES] ?? ''))
  return { acknowledged, stopped: Promise.allSettled(agents) }
}

async function kill9Server(dataDir: string): Promise<void> {
  const server = await findPostmaster(join(dataDir, 'postgres'))
  if (!server) throw new Error('there is no server')
  process.kill(server.pid, 'SIGKILL')
}

async function assertReady(t: Test, url: string): Promise<void> {
  t.match(await http(`${url}/ready`, 'GET'), { status: 200 })
}

async function assertIntact(t: Test, dataDir: string, instanceIds: string[], acknowledged: Acknowledged[]) {
  const client = await superuser(t, dataDir)
  const { rows: stored } = await client.query<Acknowledged & { seq: number; message_count: number }>(
    `select m.id, m.agent_instance_id as "instanceId", m.content, m.seq::int, i.message_count::int
     from messages m join agent_instances i on i.user_id = m.user_id and i.id = m.agent_instance_id
     order by m.agent_instance_id, m.seq`,
  )
  const keyOf = ({ id, instanceId, content }: Acknowledged) => `${instanceId} ${id} ${content}`
  const keys = stored.map(keyOf)
  t.strictSame(
    acknowledged.filter((message) => keys.filter((key) => key === keyOf(message)).length !== 1),
    [],
    'every acknowledged message is there exactly once',
  )
  t.equal(new Set(stored.map(({ content }) => content)).size, stored.length, 'none is there twice')
  const doubtful = stored.length - acknowledged.length
  t.ok(doubtful <= AGENTS * 2, `${doubtful} more were stored: those whose answer was cut off`)
  for (const instanceId of instanceIds) {
    const chat = stored.filter((message) => message.instanceId === instanceId)
    t.strictSame(
      chat.map(({ seq }) => seq),
      chat.map((_, index) => index + 1),
      'seq has no gap',
    )
    t.equal(chat[0]?.message_count, chat.length)
  }
}
