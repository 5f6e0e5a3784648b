import t, { type Test } from 'tap'
import { startOn, startService } from '../helpers/app.js'
import { startChat } from '../helpers/chat.js'
import { LiveView } from '../helpers/live-view.js'
import { type NatsServer, natsServer } from '../helpers/nats-server.js'
import { listen } from '../helpers/network.js'
import { superuser } from '../helpers/superuser.js'
import { until } from '../helpers/wait-timeout.js'

/** Two processes of the service on one database, with a NATS server between them, and a view at the one that does not post. */
async function twoProcesses(t: Test, server: NatsServer) {
  const settings = { NATS_URL: server.url }
  const posting = await startService(t, settings)
  const showing = await startOn(t, posting.testDatabase, settings)
  const user = await posting.newUser()
  const chat = await startChat(user)
  const base = await listen(showing)
  const view = await LiveView.open(t, base, 'account', { token: user.token })
  return { posting, showing, user, chat, view }
}

t.test('with NATS_URL the NATS server carries the hints, and PostgreSQL none', async (t) => {
  const server = await natsServer(t)
  const { posting, chat, view } = await twoProcesses(t, server)
  await until('both to listen', () => server.subscribers() === 2)
  const admin = await superuser(t, posting.testDatabase)
  await admin.query('listen signalbox')
  let notifications = 0
  admin.on('notification', () => notifications++)
  const expected = Array.from({ length: 20 }, (_, i) => `these words ${i}`)
  for (const content of expected) await chat.post(content)
  await chat.agent('POST', `/agents/instances/${chat.id}/heartbeat`)
  await view.untilCount('agent_heartbeat', 1)
  await view.untilCount('message', 20)
  t.strictSame(view.contents, expected)
  const { rows } = await admin.query<{ name: string }>(
    'select distinct application_name as name from pg_stat_activity where datname = current_database()',
  )
  t.notOk(rows.some(({ name }) => name === 'signalbox listen'))
  t.equal(notifications, 0)
  t.ok(server.published.length > 0)
  t.ok(
    server.published.every((payload) => !/words|content/.test(payload)),
    'and they say where to look, no more',
  )
})

t.test('when the NATS server goes away nothing is lost, and it is used again when it is back', async (t) => {
  const server = await natsServer(t)
  const { posting, chat, view } = await twoProcesses(t, server)
  await until('both to listen', () => server.subscribers() === 2)
  await server.stop()
  for (const content of ['a', 'b', 'c']) t.equal((await chat.post(content)).status, 200)
  await view.untilCount('message', 3)
  await until('it to be logged', () => posting.logged.some((line) => line.includes('NATS server broke')))
  await server.start()
  await until('both to listen again', () => server.subscribers() === 2)
  const before = server.published.length
  await until('hints to come through', async () => {
    await chat.post('again')
    return server.published.length > before
  })
  await chat.post('last')
  await view.until(({ data }) => data['content'] === 'last')
  t.strictSame([...new Set(view.contents)], ['a', 'b', 'c', 'again', 'last'])
  t.equal(new Set(view.named('message').map(({ id }) => id)).size, view.named('message').length, 'and none twice')
})

t.test('the service starts and stops without the NATS server, and finds it when it comes', async (t) => {
  const server = await natsServer(t)
  await server.stop()
  const { posting, showing, chat, view } = await twoProcesses(t, server)
  t.equal((await posting.request('GET', '/ready')).status, 200)
  await chat.post('without it')
  await view.untilCount('message', 1)
  t.ok(posting.logged.some((line) => line.includes('cannot connect to the NATS server')))
  await showing.app.close()
  await server.start()
  await until('the other one to listen', () => server.subscribers() === 1)
  await server.stop()
  await posting.app.close()
  t.equal(server.subscribers(), 0)
})

t.test('a NATS server that hangs holds up neither posts nor the end of the service', async (t) => {
  const server = await natsServer(t)
  const { posting, chat, view } = await twoProcesses(t, server)
  await until('both to listen', () => server.subscribers() === 2)
  server.hang()
  for (const content of ['a', 'b']) t.equal((await chat.post(content)).status, 200)
  await view.untilCount('message', 2)
  t.strictSame(view.contents, ['a', 'b'])
  const since = performance.now()
  await posting.app.close()
  t.ok(performance.now() - since < 10_000)
})
