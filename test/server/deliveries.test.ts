import { randomUUID } from 'node:crypto'
import t from 'tap'
import { newAccount } from '../helpers/http.js'
import { kill9, startService, temporaryDataDir } from '../helpers/process.js'
import { eventually } from '../helpers/wait-timeout.js'
import { ok, startReceiver } from '../helpers/webhook-receiver.js'

const SETTINGS = { LOG_LEVEL: 'warn', WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8' }

t.test('kill -9 loses no delivery: what was under way is made again within 10 s, with the same id', async (t) => {
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
  const restarted = Date.now()
  const ids = () => receiver.received.slice(before).map(({ headers }) => headers['webhook-id'])
  await eventually(async () => ids().includes(ping.body.id))
  t.ok(Date.now() - restarted < 10_000, 'it does not wait until it would have expired')
  const callback = () => receiver.received.slice(before).find(({ body }) => body.user_message === 'yes')
  await eventually(async () => callback() !== undefined)
  t.equal(callback()?.body.message_id, answer.body.id)
  const log = `/webhooks/${webhook.body.id}/deliveries`
  await eventually(async () => (await account.at(second.url).person('GET', log)).body[0].status === 'succeeded')
})
