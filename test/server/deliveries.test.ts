import { randomUUID } from 'node:crypto'
import t from 'tap'
import { newAccount } from '../helpers/http.js'
import { eventually, kill9, startService, superuser, temporaryDataDir } from '../helpers/process.js'
import { ok, startReceiver } from '../helpers/webhook-receiver.js'

const SETTINGS = { LOG_LEVEL: 'warn', WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8' }

t.test('kill -9 loses no delivery: what was under way is made again, with the same id', async (t) => {
  const dataDir = await temporaryDataDir(t)
  const first = await startService(t, { ...SETTINGS, DATA_DIR: dataDir })
  const account = await newAccount(first.url)
  const receiver = await startReceiver(t)
  receiver.answer(() => {})
  const webhook = await account.person('POST', '/webhooks', { url: receiver.url, events: ['ping'] })
  const ping = await account.person('POST', `/webhooks/${webhook.body.id}/test`)
  const run = randomUUID()
  await account.agent('POST', '/messages/agent', {
    agent_instance_id: run,
    agent_type: 'tester',
    content: 'well?',
    requires_user_input: true,
    message_metadata: { webhook_url: receiver.url },
  })
  await receiver.until(1)
  const answer = await account.person('POST', `/agent-instances/${run}/messages`, { content: 'yes' })
  t.equal(answer.status, 200)
  await kill9(first)

  receiver.answer(ok)
  const before = receiver.received.length
  const second = await startService(t, { ...SETTINGS, DATA_DIR: dataDir })
  const client = await superuser(t, dataDir)
  const { rows } = await client.query(
    `select extract(epoch from expire_in)::int as seconds from signalbox_queue.job where state = 'active'`,
  )
  t.ok(rows.length >= 1, 'it was under way')
  for (const { seconds } of rows) t.ok(seconds + 2 * 10 + 5 < 90, 'it is made again within 90 s')
  // The test does not wait for most of them.
  await client.query(`update signalbox_queue.job set started_on = started_on - expire_in where state = 'active'`)
  const ids = () => receiver.received.slice(before).map(({ headers }) => headers['webhook-id'])
  await eventually(async () => ids().includes(ping.body.id))
  const callback = () => receiver.received.slice(before).find(({ body }) => body.user_message === 'yes')
  await eventually(async () => callback() !== undefined)
  t.equal(callback()?.body.message_id, answer.body.id)
  const log = `/webhooks/${webhook.body.id}/deliveries`
  await eventually(async () => (await account.at(second.url).person('GET', log)).body[0].status === 'succeeded')
})
